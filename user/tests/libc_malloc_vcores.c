/* libc_malloc_vcores - blocks stay whole while uthreads on three vcores, and
 * handlers that interrupt them, allocate and free. */
#include "test.h"

#define NR_UTHREADS	3
#define NR_BLOCKS	4
#define ROUNDS		100000
#define ROUNDS_A_MESSAGE 500

static uint32_t wrong, nr_handled;

static void use(unsigned int *seed, uint32_t **block, uint32_t *words)
{
	uint32_t mark = (uintptr_t)block;

	for (uint32_t i = 0; i < *words; i++) {
		if ((*block)[i] != mark)
			atomic_fetch_add32(&wrong, 1);
	}
	free(*block);
	*words = 1 + rand_r(seed) % 8;
	*block = malloc(*words * sizeof(mark));
	for (uint32_t i = 0; i < *words; i++)
		(*block)[i] = mark;
}

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	char *p = malloc(20);

	memset(p, 0xff, 20);
	free(p);
	atomic_fetch_add32(&nr_handled, 1);
}

static void *churn(void *arg)
{
	unsigned int seed = (uintptr_t)arg + 1;
	uint32_t *block[NR_BLOCKS] = { NULL };
	uint32_t words[NR_BLOCKS] = { 0 };

	for (int i = 0; i < ROUNDS; i++) {
		int n = rand_r(&seed) % NR_BLOCKS;

		use(&seed, &block[n], &words[n]);
		if (i % ROUNDS_A_MESSAGE == 0)
			sys_self_notify(i / ROUNDS_A_MESSAGE % NR_UTHREADS,
					EV_TEST, NULL, false);
	}
	for (int n = 0; n < NR_BLOCKS; n++)
		free(block[n]);
	return NULL;
}

TEST(libc_malloc_vcores)
{
	struct uthread *uth[NR_UTHREADS];
	uint32_t sent = NR_UTHREADS * (ROUNDS / ROUNDS_A_MESSAGE);

	register_ev_handler(EV_TEST, on_test, NULL);
	REQUIRE(test_vcores(NR_UTHREADS), "three-vcores");
	for (uintptr_t i = 0; i < NR_UTHREADS; i++) {
		uth[i] = uthread_create(churn, (void *)i);
		REQUIRE(uth[i], "uthread");
	}
	for (int i = 0; i < NR_UTHREADS; i++)
		uthread_join(uth[i], NULL);
	CHECK_EQ(wrong, 0, "blocks-whole");
	CHECK(WAIT(read_once(nr_handled) == sent), "all-handled");
}
