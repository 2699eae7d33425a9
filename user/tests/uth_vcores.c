/* uth_vcores - vcores come with the uthreads that have work, up to the limit
 * that the program sets, and go when there is none.
 *
 * Scenario: cpus=5
 */
#include "test.h"

#define LIMIT	3
#define ROUNDS	5

static uint32_t over;

static void *be_busy(void *arg)
{
	while (!read_once(over))
		cpu_relax_bounded();
	return NULL;
}

TEST(uth_vcores)
{
	struct uthread *uth[LIMIT + 2];

	CHECK(!procinfo->is_mcp, "begins-with-one-core");
	uthread_set_max_vcores(LIMIT);
	for (int round = 0; round < ROUNDS; round++) {
		write_once(over, 0);
		uth[0] = uthread_create(be_busy, NULL);
		uth[1] = uthread_create(be_busy, NULL);
		CHECK(WAIT(num_vcores() == LIMIT), "one-each");
		for (int i = 2; i < LIMIT + 2; i++)
			uth[i] = uthread_create(be_busy, NULL);
		CHECK(!wait_until(num_vcores() > LIMIT, 5),
		      "no-more-than-the-limit");
		write_once(over, 1);
		for (int i = 0; i < LIMIT + 2; i++)
			uthread_join(uth[i], NULL);
		CHECK(WAIT(num_vcores() == 1), "given-back");
	}
}
