/* vcore_more - two vcores that ask for one core more at the same time get two,
 * and each vcore that comes for it was made ready.
 *
 * Scenario: cpus=6
 */
#include "test.h"

#define ROUNDS	20

static uint32_t here;		/* vcores that are about to ask */

static bool came(uint32_t vcoreid)
{
	return vcore_is_mapped(vcoreid) &&
	       read_once(vcpd_of(vcoreid)->nr_entries);
}

static void *ask(void *arg)
{
	atomic_fetch_add32(&here, 1);
	if (!WAIT(read_once(here) == 2) || vcore_request_more(1))
		exit(2);
	return NULL;
}

/* A process of its own: vcores are made ready once. */
static void child(void)
{
	struct uthread *uth;

	if (!test_vcores(2))
		exit(3);
	uth = uthread_create(ask, NULL);
	ask(NULL);
	uthread_join(uth, NULL);
	if (!WAIT(came(2) && came(3)))
		exit(4);
}

TEST(vcore_more)
{
	for (uint32_t i = 0; i < ROUNDS; i++)
		CHECK_EQ(test_run(child), 0, "both-came");
}
