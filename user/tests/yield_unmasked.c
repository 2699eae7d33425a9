/* yield_unmasked - on a vcore that has left nothing is masked: the kernel says
 * so, whoever yielded.
 */
#include "crowd.h"

TEST(yield_unmasked)
{
	if (!crowd_start(3))
		return;
	/* It yields in vcore context, where all is masked. */
	crowd_leave(2);
	CHECK(WAIT(!read_once(vcpd_of(2)->notif_disabled)), "unmasked");
	crowd_return(2);
	CHECK(WAIT(read_once(vcpd_of(2)->notif_disabled)), "masked-again");
}
