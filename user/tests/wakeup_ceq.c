/* wakeup_ceq - EVENT_WAKEUP alone wakes a sleeping process whose message
 * lies in a CEQ. */
#include "wakeup_mbox.h"

TEST(wakeup_ceq)
{
	wakeup_from(EV_MBOX_CEQ);
}
