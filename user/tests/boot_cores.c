/* boot_cores - every core that the machine has comes up and is known by its
 * number, and a vcore on each but one hears of an event.
 *
 * Scenario: cpus=2,4,8
 */
#include "crowd.h"

#define CORES_MAX	16

TEST(boot_cores)
{
	struct core_info info[CORES_MAX];
	int n = sys_core_info(info, CORES_MAX);
	uint32_t in_order = 0, vcores, heard = 0;

	CHECK_EQ(n, procinfo->nr_cores, "listed");
	for (int i = 0; i < n; i++)
		in_order += info[i].coreid == (uint32_t)i;
	CHECK_EQ(in_order, n, "numbered");

	vcores = test_vcores_upto((uint32_t)n);
	CHECK_EQ(vcores, procinfo->nr_cores - 1, "vcores");
	crowd_listen();
	for (uint32_t v = 0; v < vcores; v++) {
		crowd_send(crowd_evq(v, EVENT_IPI));
		heard += WAIT(read_once(crowd_handled[v]) == 1);
	}
	CHECK_EQ(heard, vcores, "each-hears");
}
