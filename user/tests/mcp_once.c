/* mcp_once - a single-core process becomes a many-core one once, and is told
 * that it cannot again.
 *
 * Scenario: cpus=1,2
 */
#include "test.h"

TEST(mcp_once)
{
	CHECK_EQ(vcore_request_total(1), 0, "once");
	CHECK(procinfo->is_mcp, "many-core");
	CHECK_EQ(sys_change_to_m(), -1, "again");
	CHECK_EQ(errno, EINVAL, "because");
}
