/*
 * image.c - a process's memory as it begins.
 *
 *   PROCDATA_VA   procdata: the process writes, and we do
 *   PROCINFO_VA   procinfo: only we write
 *   STACK_TOP     the first stack, growing down, with a guard page below
 *   ARGS_VA       the arguments
 *   0x400000      the program, as its ELF headers say
 *   0             nothing, ever
 */
#include "proc/image.h"

#include "abi/errno.h"
#include "arch/x86/timer.h"
#include "boot/bootinfo.h"
#include "core/core.h"
#include "dev/initramfs.h"
#include "lib/lab.h"
#include "mm/aspace.h"
#include "mm/page.h"
#include "proc/elf.h"
#include "proc/proc.h"

#define STACK_TOP	0x00007effff000000UL
#define STACK_SIZE	(64 * PAGE_SIZE)
#define ARGS_VA		0x00007efffff00000UL
#define ARGS_MAX	(4 * PAGE_SIZE)

/* A process may have more vcores than the machine has cores: they take turns.
 * Few machines need more than this. */
#define MIN_MAX_VCORES	16

uint32_t image_max_vcores(void)
{
	uint32_t cores = core_count();

	return cores > MIN_MAX_VCORES ? cores : MIN_MAX_VCORES;
}

static size_t procdata_size(uint32_t max_vcores)
{
	size_t size = offsetof(struct procdata, vcpd) +
		      max_vcores * sizeof(struct vcpd);

	return (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

static size_t procinfo_size(void)
{
	return (sizeof(struct procinfo) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

/* The buddy order that holds @size bytes. */
static unsigned int order_of(size_t size)
{
	unsigned int order = 0;

	while (PAGE_SIZE << order < size)
		order++;
	return order;
}

static int image_map_windows(struct proc *p)
{
	size_t data = procdata_size(p->max_vcores);
	size_t info = procinfo_size();
	int err;

	p->procdata = page_alloc_zeroed(order_of(data));
	p->procinfo = page_alloc_zeroed(order_of(info));
	if (!p->procdata || !p->procinfo)
		return -ENOMEM;
	p->procinfo->max_vcores = p->max_vcores;
	p->procinfo->nr_cores = core_count();
	p->procinfo->tsc_hz = tsc_hz();
	p->procinfo->tsc_start = tsc_at_start();
	p->procinfo->seed = bootarg_number("ev6.seed", 0);
	p->procinfo->no_events = lab_events_missing();
	vcpd_of(p, 0)->flags = VC_SCP_NOVCCTX;
	err = aspace_map_kernel(p->as, PROCDATA_VA, p->procdata, data,
				PROT_READ | PROT_WRITE);
	if (err)
		return err;
	return aspace_map_kernel(p->as, PROCINFO_VA, p->procinfo, info,
				 PROT_READ);
}

static int image_map_args(struct proc *p, const char *args, size_t args_len,
			  uint32_t argc)
{
	uintptr_t va = ARGS_VA;
	int err;

	if (args_len > ARGS_MAX)
		return -E2BIG;
	err = aspace_map_anon(p->as, &va, ARGS_MAX, PROT_READ | PROT_WRITE);
	if (err)
		return err;
	p->procinfo->args_va = ARGS_VA;
	p->procinfo->args_len = args_len;
	p->procinfo->argc = argc;
	return aspace_write(p->as, ARGS_VA, args, args_len);
}

static int image_map_stack(struct proc *p)
{
	uintptr_t va = STACK_TOP - STACK_SIZE;
	int err = aspace_map_anon(p->as, &va, STACK_SIZE,
				  PROT_READ | PROT_WRITE);

	if (err)
		return err;
	p->stack = STACK_TOP;
	return aspace_map_guard(p->as, STACK_TOP - STACK_SIZE - PAGE_SIZE,
				PAGE_SIZE);
}

int image_load(struct proc *p, const char *path, const char *args,
	       size_t args_len, uint32_t argc)
{
	const void *image;
	size_t len;
	int err = initramfs_find(path, &image, &len);

	if (err)
		return err;
	p->as = aspace_create(page_total_count() / 2);
	if (!p->as)
		return -ENOMEM;
	err = image_map_windows(p);
	if (!err)
		err = elf_load(p->as, image, len, &p->entry);
	if (!err)
		err = image_map_stack(p);
	if (!err)
		err = image_map_args(p, args, args_len, argc);
	if (err)
		image_free(p);
	return err;
}

void image_free(struct proc *p)
{
	aspace_destroy(p->as);
	if (p->procdata)
		page_free(p->procdata, order_of(procdata_size(p->max_vcores)));
	if (p->procinfo)
		page_free(p->procinfo, order_of(procinfo_size()));
}
