/* unmap_start - a page can be unmapped while a vcore of the process is just
 * getting its core, and however long that then runs without the kernel.
 *
 * Scenario: cpus=4
 */
#include "test.h"
#include "usync.h"

#define STARTS	300

static uint32_t nr_unmapped;
static uint32_t over;

static void *unmap(void *arg)
{
	while (!read_once(over)) {
		char *page = sys_mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE);

		if (!page)
			break;
		write_once(*page, 1);
		if (sys_munmap(page, PAGE_SIZE))
			break;
		write_once(nr_unmapped, nr_unmapped + 1);
	}
	return NULL;
}

/* Its core must be interrupted each time, which takes a while. */
static void *be_busy(void *arg)
{
	while (!read_once(over))
		cpu_relax_bounded();
	return NULL;
}

TEST(unmap_start)
{
	struct uthread *unmapper, *busy;
	uint32_t starts;

	uthread_set_max_vcores(3);
	unmapper = uthread_create(unmap, NULL);
	busy = uthread_create(be_busy, NULL);
	for (starts = 0; starts < STARTS; starts++) {
		uint32_t before;

		/* Our vcore has nothing to do and leaves; another starts. */
		uthread_sleep_ns(test_random(300000));
		before = read_once(nr_unmapped);
		if (!WAIT(read_once(nr_unmapped) - before >= 3))
			break;
	}
	CHECK_EQ(starts, STARTS, "unmaps-go-on");
	write_once(over, 1);
	uthread_join(unmapper, NULL);
	uthread_join(busy, NULL);
}
