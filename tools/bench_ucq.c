/*
 * bench_ucq.c - the UCQ's two halves on the host, for callgrind to count.
 *
 * bench_ucq N BATCH: post and take N messages, BATCH at a time.
 *
 * Linked with kernel/event/ucq.c and user/lib/ucq.c as they are; here is what
 * they call.  User memory is the program's own.
 */
#include "event/ucq.h"

#include "mm/aspace.h"
#include "mm/usercopy.h"
#include "proc/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

bool ucq_get(struct ucq *ucq, struct event_msg *msg);	/* user/lib/ucq.c */

int copy_to_user(void *u_dst, const void *src, size_t n)
{
	memcpy(u_dst, src, n);
	return 0;
}

int user_load32(const uint32_t *u, uint32_t *val)
{
	*val = read_once(*u);
	return 0;
}

int user_store32(uint32_t *u, uint32_t val)
{
	write_once(*u, val);
	return 0;
}

int user_store64(uint64_t *u, uint64_t val)
{
	write_once(*u, val);
	return 0;
}

int user_store_release32(uint32_t *u, uint32_t val)
{
	store_release(u, val);
	return 0;
}

int user_store_release64(uint64_t *u, uint64_t val)
{
	store_release(u, val);
	return 0;
}

int user_fetch_add64(uint64_t *u, uint64_t add, uint64_t *old)
{
	*old = atomic_fetch_add64(u, add);
	return 0;
}

int user_swap64(uint64_t *u, uint64_t val, uint64_t *old)
{
	*old = atomic_swap64(u, val);
	return 0;
}

void spin_lock(struct spinlock *lock)
{
}

void spin_unlock(struct spinlock *lock)
{
}

void uspin_lock_word(uint32_t *word)
{
}

void uspin_unlock_word(uint32_t *word)
{
}

void vcore_relax(void)
{
}

static uint64_t new_page(void)
{
	return (uint64_t)mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int aspace_map_page_now(struct aspace *as, uintptr_t *va)
{
	*va = new_page();
	return 0;
}

void proc_kill_later(struct proc *p, uint32_t signo)
{
	abort();
}

int64_t syscall_call(uint32_t num, uint64_t a0, uint64_t a1, uint64_t a2,
		     uint64_t a3, uint64_t a4)
{
	munmap((void *)a0, a1);
	return 0;
}

int main(int argc, char *argv[])
{
	static struct proc p;
	struct event_msg msg = { .ev_type = EV_FREE_APPLE_PIE };
	struct ucq ucq = { .prod_idx = new_page() };
	int n = argc > 1 ? atoi(argv[1]) : 0;
	int batch = argc > 2 ? atoi(argv[2]) : 1;

	ucq.cons_idx = ucq.prod_idx;
	for (int i = 0; i < n; i += batch) {
		for (int j = 0; j < batch; j++)
			if (ucq_post(&p, &ucq, &msg))
				return 1;
		for (int j = 0; j < batch; j++)
			if (!ucq_get(&ucq, &msg))
				return 1;
	}
	return 0;
}
