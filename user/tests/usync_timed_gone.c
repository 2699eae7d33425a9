/* usync_timed_gone - once all who waited on a condition variable are woken it
 * may be freed, also if the time of one of them is over just then: nobody
 * touches its memory any more.
 *
 * Scenario: cpus=4
 */
#include "clock.h"
#include "test.h"

#define ROUNDS	3000
#define NS	60000

struct talk {
	struct ucond	cond;
	struct umutex	mutex;
	bool		said;
};

static struct talk talk;
static uint32_t round_open, waiting, round_over;
static bool over;

static void *wait_each_round(void *arg)
{
	for (uint32_t round = 1; ; round++) {
		uint64_t until;

		while (read_once(round_open) < round && !read_once(over))
			uthread_yield();
		if (read_once(over))
			return NULL;
		umutex_lock(&talk.mutex);
		until = clock_ns() + NS;
		write_once(waiting, round);
		while (!talk.said &&
		       !ucond_wait_until(&talk.cond, &talk.mutex, until))
			;
		umutex_unlock(&talk.mutex);
		write_once(round_over, round);
	}
}

/* As if it were freed, and somebody else's: false if it changes. */
static bool stays(uint32_t round)
{
	struct ucond gone, *cond = &talk.cond;
	bool came;

	memset(cond, 0x5a, sizeof(*cond));
	gone = *cond;
	umutex_unlock(&talk.mutex);
	came = WAIT((uthread_yield(), read_once(round_over) == round));
	return came && !memcmp(cond, &gone, sizeof(gone));
}

TEST(usync_timed_gone)
{
	unsigned int seed = (unsigned int)test_seed();
	struct uthread *uth;
	uint32_t round = 0;
	bool same = true;

	uthread_set_max_vcores(3);
	uth = uthread_create(wait_each_round, NULL);
	while (same && round < ROUNDS) {
		uint64_t until;

		memset(&talk.cond, 0, sizeof(talk.cond));
		talk.said = false;
		write_once(round_open, ++round);
		if (!WAIT((uthread_yield(), read_once(waiting) == round)))
			break;
		until = clock_ns() + (uint32_t)rand_r(&seed) % (2 * NS);
		while (clock_ns() < until)
			;
		umutex_lock(&talk.mutex);
		talk.said = true;
		ucond_broadcast(&talk.cond);
		same = stays(round);
	}
	CHECK(same, "untouched");
	CHECK_EQ(round, ROUNDS, "rounds");
	write_once(over, true);
	if (same)
		uthread_join(uth, NULL);
}
