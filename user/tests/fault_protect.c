/* fault_protect - a program cannot execute its data, its stack or memory that
 * it mapped to read and write; it can write neither its text, nor what is
 * constant, nor procinfo, nor what it mapped to read; and it can read nothing
 * of the kernel's, nor page zero.
 */
#include "test.h"
#include "unistd.h"

#define RETURN	0xc3		/* an instruction that would do no harm */
#define PAGE	0x600000000000UL

static uint8_t data[] = { RETURN };
static const uint8_t constant[] = { RETURN };

static void run(const void *at)
{
	((void (*)(void))(uintptr_t)at)();
}

static void put(const volatile void *at)
{
	*(volatile uint8_t *)(uintptr_t)at = RETURN;
}

static void read_at(uint64_t va)
{
	volatile uint64_t at = va;	/* not for the compiler to judge */

	(void)*(volatile uint8_t *)at;
}

static void run_data(void)
{
	run(data);
}

static void run_constant(void)
{
	run(constant);
}

static void run_stack(void)
{
	volatile uint8_t here[] = { RETURN };

	run((const void *)here);
}

static void run_mapped(void)
{
	uint8_t *page = sys_mmap((void *)PAGE, PAGE_SIZE,
				 PROT_READ | PROT_WRITE);

	*page = RETURN;
	run(page);
}

static void put_text(void)
{
	put((void *)(uintptr_t)put_text);
}

static void put_constant(void)
{
	put(constant);
}

static void put_procinfo(void)
{
	put(&procinfo->pid);
}

static void put_mapped(void)
{
	put(sys_mmap((void *)PAGE, PAGE_SIZE, PROT_READ));
}

static void read_kernel(void)
{
	read_at(0xffffffff80100000UL);
}

static void read_kernel_map(void)
{
	read_at(0xffff800000100000UL);
}

static void read_zero(void)
{
	read_at(0);
}

/* What is allowed. */
static void behave(void)
{
	uint8_t *page = sys_mmap((void *)PAGE, PAGE_SIZE,
				 PROT_READ | PROT_WRITE);

	put(data);
	put(page);
	read_at((uint64_t)page + 1);
	read_at((uint64_t)constant);
	exit(procinfo->pid == (uint32_t)getpid() ? 7 : 8);
}

static void dies(void (*fn)(void), const char *fact)
{
	CHECK_EQ(test_run(fn), W_STATUS(0, SIGSEGV), fact);
}

TEST(fault_protect)
{
	dies(run_data, "data-not-executed");
	dies(run_constant, "constants-not-executed");
	dies(run_stack, "stack-not-executed");
	dies(run_mapped, "mapped-not-executed");
	dies(put_text, "text-not-written");
	dies(put_constant, "constant-not-written");
	dies(put_procinfo, "procinfo-not-written");
	dies(put_mapped, "mapped-to-read-not-written");
	dies(read_kernel, "kernel-not-read");
	dies(read_kernel_map, "kernel-memory-not-read");
	dies(read_zero, "page-zero-not-read");
	CHECK_EQ(test_run(behave), W_STATUS(7, 0), "the-rest-works");
}
