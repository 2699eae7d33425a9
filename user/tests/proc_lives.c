/* proc_lives - after many lives and deaths of processes, single-core and
 * many-core, all of their memory is free again.
 *
 * Scenario: cpus=1,4
 */
#include "family.h"

#define LIVES	100

static void short_life(void)
{
}

static void *nothing(void *arg)
{
	return NULL;
}

static void rich_life(void)
{
	struct uthread *uth;

	get_eventq(EV_MBOX_UCQ);
	get_eventq(EV_MBOX_CEQ);
	vcore_request_total(1);
	uth = uthread_create(nothing, NULL);
	usleep(10);
	uthread_join(uth, NULL);
	sys_mmap(NULL, 16 * PAGE_SIZE, PROT_READ | PROT_WRITE);
}

static uint64_t pages_free(void)
{
	struct kernel_info info = { 0 };

	sys_kernel_info(&info);
	return info.pages_free;
}

static uint32_t live(uint32_t n)
{
	uint32_t right = 0;

	for (uint32_t i = 0; i < n; i++)
		right += !test_run(i % 4 ? short_life : rich_life);
	return right;
}

TEST(proc_lives)
{
	uint64_t before, pages;

	/* The first ones fill the kernel's own stores. */
	CHECK_EQ(live(20), 20, "first-lives");
	before = pages_free();
	CHECK_EQ(live(LIVES), LIVES, "lives");
	pages = LIVES / 10;
	/* The last one's may be on their way, and a store may have grown. */
	CHECK(WAIT(pages_free() + pages > before || usleep(1000)),
	      "memory-free-again");
}
