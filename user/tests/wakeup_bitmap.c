/* wakeup_bitmap - EVENT_WAKEUP alone wakes a sleeping process whose message
 * lies in a bitmap. */
#include "wakeup_mbox.h"

TEST(wakeup_bitmap)
{
	wakeup_from(EV_MBOX_BITMAP);
}
