/* fault_demand - a program maps pages when it first touches them: its handler
 * makes the page, the uthread tries again, on several vcores at once. */
#include "fault.h"
#include "test.h"

#define AREA	0x600000000000UL
#define PAGES	64
#define NR	3

static uint32_t nr_mapped;
static uint32_t nr_other;

static enum fault_answer on_fault(struct fault *fault, void *data)
{
	uint64_t page = (uint64_t)fault->addr & -PAGE_SIZE;

	if (fault->trap != FAULT_PAGE || page < AREA ||
	    page >= AREA + NR * PAGES * PAGE_SIZE) {
		nr_other++;
		return FAULT_PASS;
	}
	if (!sys_mmap((void *)page, PAGE_SIZE, PROT_READ | PROT_WRITE))
		return FAULT_PASS;
	atomic_fetch_add32(&nr_mapped, 1);
	return FAULT_RETRY;
}

/* Write a number into each page of our part, and look at all of them. */
static void *work(void *arg)
{
	uint64_t from = AREA + (uint64_t)arg * PAGES * PAGE_SIZE;
	uint64_t wrong = 0;

	for (uint64_t i = 0; i < PAGES; i++)
		*(volatile uint64_t *)(from + i * PAGE_SIZE) += i + 1;
	for (uint64_t i = 0; i < PAGES; i++)
		wrong += *(volatile uint64_t *)(from + i * PAGE_SIZE) != i + 1;
	return (void *)wrong;
}

TEST(fault_demand)
{
	struct uthread *uths[NR];
	void *wrong;

	REQUIRE(!fault_handler_add(on_fault, NULL), "add");
	CHECK_EQ((uint64_t)work(NULL), 0, "alone");
	CHECK_EQ(read_once(nr_mapped), PAGES, "one-fault-a-page");

	test_vcores_upto(NR);
	for (uint64_t i = 1; i < NR; i++)
		REQUIRE((uths[i] = uthread_create(work, (void *)i)),
			"uthread");
	for (int i = 1; i < NR; i++) {
		uthread_join(uths[i], &wrong);
		CHECK_EQ((uint64_t)wrong, 0, "together");
	}
	CHECK_EQ(read_once(nr_mapped), NR * PAGES, "faults");
	CHECK_EQ(nr_other, 0, "others");
	CHECK_EQ(fault_handler_remove(on_fault, NULL), 0, "remove");
	CHECK_EQ(fault_handler_remove(on_fault, NULL), -ENOENT, "not-twice");
}
