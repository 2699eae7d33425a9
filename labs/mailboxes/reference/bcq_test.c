/*
 * bcq_test.c - the contract of the BCQ, on the host: alone, and with four
 * producers and two consumers.
 *
 * Here are the few functions of kernel and library that the two halves call.
 */
#include "bcq.h"

#include "event/post.h"
#include "mm/usercopy.h"
#include "sync/atomic.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRODUCERS	4U
#define CONSUMERS	2
#define MESSAGES	50000U		/* of each producer */

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

int user_store_release32(uint32_t *u, uint32_t val)
{
	store_release(u, val);
	return 0;
}

int user_fetch_or32(uint32_t *u, uint32_t bits, uint32_t *old)
{
	*old = atomic_fetch_or32(u, bits);
	return 0;
}

int user_cas32(uint32_t *u, uint32_t old, uint32_t new, bool *done)
{
	*done = atomic_cas32(u, old, new);
	return 0;
}

void uspin_lock_word(uint32_t *word)
{
	while (atomic_swap32(word, 1))
		sched_yield();
}

void uspin_unlock_word(uint32_t *word)
{
	store_release(word, 0);
}

void vcore_relax(void)
{
	sched_yield();
}

static struct bcq bcq;

static void expect(bool good, const char *what)
{
	if (good)
		return;
	printf("not so: %s\n", what);
	exit(1);
}

static int post(uint32_t type, uint32_t arg)
{
	struct event_msg msg = { .ev_type = (uint16_t)type, .ev_arg2 = arg };

	return bcq_post(&bcq, &msg);
}

static bool got(uint32_t type, uint32_t arg)
{
	struct event_msg msg;

	return bcq_get(&bcq, &msg) && msg.ev_type == type &&
	       msg.ev_arg2 == arg;
}

static bool empty(void)
{
	struct event_msg msg;

	return !bcq_get(&bcq, &msg);
}

static void test_alone(void)
{
	expect(empty(), "a new one is empty");
	expect(post(MAX_NR_EVENT, 0) == POST_REFUSED(EVR_BAD_TYPE),
	       "a type past the last is refused");
	for (uint32_t i = 0; i < BCQ_SLOTS; i++)
		expect(post(30, i) == POST_NEW, "there is room");
	expect(post(40, 1) == POST_NEW, "the first of a type that is lost");
	expect(post(40, 2) == POST_COALESCED, "the second");
	expect(got(30, 0), "the ring first");
	expect(post(31, 7) == POST_NEW, "closed: a bit, though there is room");
	for (uint32_t i = 1; i < BCQ_SLOTS; i++)
		expect(got(30, i), "the ring, in order");
	expect(got(31, BCQ_LOST), "then the bits");
	expect(post(31, 8) == POST_NEW, "open again");
	expect(got(40, BCQ_LOST), "all bits before what came after them");
	expect(got(31, 8), "and then that");
	expect(empty(), "and nothing else");
}

static uint64_t nr_new, nr_taken;	/* atomic */
static uint32_t done;			/* atomic: producers */

static void *produce(void *arg)
{
	uint32_t type = 30 + (uint32_t)(uintptr_t)arg;

	for (uint32_t i = 1; i <= MESSAGES; i++)
		if (post(type, i) == POST_NEW)
			atomic_fetch_add64(&nr_new, 1);
	atomic_fetch_add32(&done, 1);
	return NULL;
}

static void *consume(void *arg)
{
	struct event_msg msg;

	for (;;) {
		bool last = load_acquire(&done) == PRODUCERS;

		if (bcq_get(&bcq, &msg))
			atomic_fetch_add64(&nr_taken, 1);
		else if (last)
			return NULL;
		else
			sched_yield();
	}
}

/* As many are taken as were new: nothing is lost, nothing comes twice. */
static void test_together(void)
{
	pthread_t threads[PRODUCERS + CONSUMERS];

	for (uintptr_t i = 0; i < PRODUCERS + CONSUMERS; i++)
		expect(!pthread_create(&threads[i], NULL,
				       i < PRODUCERS ? produce : consume,
				       (void *)i), "a thread");
	for (int i = 0; i < (int)PRODUCERS + CONSUMERS; i++)
		pthread_join(threads[i], NULL);
	expect(nr_new >= BCQ_SLOTS && nr_new == nr_taken, "new = taken");
	expect(empty(), "nothing is left");
}

/*
 * One consumer sees each producer's numbers rise, and none that was sent after
 * a loss before it has heard of that.  It may hear early: a loss while the ring
 * is being opened counts with those before, and is told of before messages
 * that are older.  So what it has heard of is all that was sent by then.
 */
static uint32_t sent;			/* atomic: the last that was begun */

static void *produce_slowly(void *arg)
{
	for (uint32_t i = 1; i <= MESSAGES; i++) {
		store_release(&sent, i);
		post(30, i);
	}
	atomic_fetch_add32(&done, 1);
	return NULL;
}

static void test_order(void)
{
	struct event_msg msg;
	pthread_t thread;
	uint32_t last = 0, told = 0, lost = 0;
	bool over;

	done = 0;
	expect(!pthread_create(&thread, NULL, produce_slowly, NULL),
	       "a thread");
	for (;;) {
		over = load_acquire(&done) == 1;
		if (!bcq_get(&bcq, &msg)) {
			if (over)
				break;
			continue;
		}
		if (msg.ev_arg2 == BCQ_LOST) {
			told = load_acquire(&sent);
			lost++;
			continue;
		}
		expect(msg.ev_arg2 > last, "one producer's order");
		expect(msg.ev_arg2 == last + 1 || msg.ev_arg2 <= told + 1,
		       "a gap is told of before what comes after it");
		last = msg.ev_arg2;
	}
	pthread_join(thread, NULL);
	expect(last == MESSAGES || told == MESSAGES, "the end, or its loss");
	printf("the BCQ keeps its contract; %u losses were told of\n", lost);
}

int main(void)
{
	test_alone();
	test_together();
	test_order();
	return 0;
}
