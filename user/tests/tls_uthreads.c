/* tls_uthreads - each uthread has thread-local variables of its own, as the
 * program initialized them, and errno too; they stay with it wherever it runs,
 * and vcore context has its own.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#define UTHREADS	20
#define ROUNDS		200

static __thread uint64_t initialized = 0x123456789abcdef0;
static __thread uint64_t zeroed[4];
static __thread uint8_t aligned __attribute__((aligned(64))) = 7;

static uint32_t wrong, moved;
static bool many;		/* there is another vcore to move to */

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	/* What the uthread that we interrupted wrote is not ours to see. */
	if (initialized != 0x123456789abcdef0 || zeroed[3])
		atomic_fetch_add32(&wrong, 1);
}

static bool is_mine(uint64_t value)
{
	return initialized == value && zeroed[3] == value &&
	       aligned == (uint8_t)value && errno == (int)value &&
	       !((uintptr_t)&aligned & 63);
}

static void *keep(void *arg)
{
	uint64_t value = (uintptr_t)arg;
	uint32_t before = vcore_id();
	struct test_patience patience = test_patience(TEST_PATIENCE);

	if (initialized != 0x123456789abcdef0 || zeroed[3] || aligned != 7)
		atomic_fetch_add32(&wrong, 1);
	initialized = value;
	zeroed[3] = value;
	aligned = (uint8_t)value;
	errno = (int)value;
	/* The other vcore may be late. */
	for (int i = 0; i < ROUNDS || (many && !read_once(moved) &&
				       !test_lost_patience(&patience)); i++) {
		if (i % 16 == 0)
			sys_self_notify(vcore_id(), EV_TEST, NULL, true);
		uthread_yield();
		if (!is_mine(value))
			atomic_fetch_add32(&wrong, 1);
		if (vcore_id() != before)
			write_once(moved, 1);
	}
	return &initialized;
}

TEST(tls_uthreads)
{
	struct uthread *uth[UTHREADS];
	void *where[UTHREADS];
	uint32_t shared = 0;

	many = procinfo->nr_cores > 2;
	register_ev_handler(EV_TEST, on_test, NULL);
	uthread_set_max_vcores(many ? 3 : 1);
	for (uintptr_t i = 0; i < UTHREADS; i++)
		uth[i] = uthread_create(keep, (void *)(i + 100));
	for (int i = 0; i < UTHREADS; i++)
		uthread_join(uth[i], &where[i]);
	for (int i = 0; i < UTHREADS; i++)
		for (int j = 0; j < i; j++)
			shared += where[i] == where[j];
	CHECK_EQ(wrong, 0, "its-own");
	CHECK_EQ(shared, 0, "nobody-elses");
	CHECK(moved || !many, "also-on-another-vcore");
	CHECK_EQ(initialized, 0x123456789abcdef0, "not-main's");
}
