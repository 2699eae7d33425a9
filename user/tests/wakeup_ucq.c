/* wakeup_ucq - EVENT_WAKEUP alone wakes a sleeping process whose message
 * lies in a UCQ. */
#include "wakeup_mbox.h"

TEST(wakeup_ucq)
{
	wakeup_from(EV_MBOX_UCQ);
}
