/*
 * bench.c - what an event costs, in ticks of the TSC.
 *
 * bench			calls, posts, handling, memory of the kernel
 * bench VCORES		notifications of so many running vcores, and spam
 *
 * `make bench` runs it in the repeatable mode, where a tick is an instruction
 * of some core, and sets the results beside the figures that ev6 aims for.
 * Each result is also a note among the records: bench=NAME value=TICKS.
 */
#include "ev6.h"
#include "stdio.h"
#include "stdlib.h"
#include "string.h"

#define ROUNDS	4096U		/* of each measurement */
#define BATCH	32U		/* messages between two drains */

static struct event_msg ping = { .ev_type = EV_FREE_APPLE_PIE };
static uint32_t handled;
static uint64_t loop_ticks;	/* of ROUNDS times nothing */

static uint64_t now(void)
{
	return __builtin_ia32_rdtsc();
}

static void report(const char *name, uint64_t value)
{
	char text[64];

	printf("%-12s %6lu\n", name, value);
	snprintf(text, sizeof(text), "bench=%s value=%lu", name, value);
	sys_record(REC_NOTE, text, strlen(text));
}

/* How much more @whole is than @part; on a busy host, not even that. */
static uint64_t beyond(uint64_t whole, uint64_t part)
{
	int64_t more = whole - part;

	return more > 0 ? more : 0;
}

/* Ticks of one round, of @ticks in which there were ROUNDS. */
static uint64_t each(uint64_t ticks)
{
	return (beyond(ticks, loop_ticks) + ROUNDS / 2) / ROUNDS;
}

static void on_ping(struct event_msg *msg, unsigned int ev_type, void *data)
{
	atomic_fetch_add32(&handled, 1);
}

/* --- One vcore ------------------------------------------------------------ */

static void measure_loop(void)
{
	uint64_t start = now();

	for (uint32_t i = 0; i < ROUNDS; i++)
		compiler_barrier();
	loop_ticks = now() - start;
}

static uint64_t null_call(void)
{
	uint64_t start = now();

	for (uint32_t i = 0; i < ROUNDS; i++)
		sys_null();
	return each(now() - start);
}

/* Handle what is in @ev_q and in the vcore's own mailbox, and be ready for the
 * next indirection. */
static void drain(struct event_queue *ev_q)
{
	disable_notifs();
	handle_one_mbox(&vcpd_of(vcore_id())->mbox_public);
	handle_one_mbox(ev_q->ev_mbox);
	write_once(vcpd_of(vcore_id())->notif_pending, 0);
	enable_notifs();
}

/* A batch of posts to @ev_q by system call; how long it took. */
static uint64_t post_batch(struct event_queue *ev_q)
{
	uint64_t start = now();

	for (uint32_t i = 0; i < BATCH; i++)
		sys_send_event(ev_q, &ping, 0);
	return now() - start;
}

/* What one send_event() of the caller's own ev_q costs, nobody to wake. */
static uint64_t post(uint32_t mbox_type, uint32_t flags)
{
	struct event_queue *ev_q = get_eventq(mbox_type);
	uint64_t ticks = 0;

	ev_q->ev_flags = flags;
	/* With the alert pending from the first on, all others are throttled.
	 * The first round also brings pages that the others go on with. */
	for (uint32_t i = 0; i < ROUNDS / BATCH + 1; i++) {
		ticks = i ? ticks : 0;
		ticks += post_batch(ev_q);
		if (flags == EVENT_INDIR)
			handle_one_mbox(ev_q->ev_mbox);
		else
			drain(ev_q);
	}
	put_eventq(ev_q);
	return each(ticks);
}

/* What taking and dispatching one of BATCH messages costs. */
static uint64_t handle(void)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	uint64_t ticks = 0;

	for (uint32_t i = 0; i < ROUNDS / BATCH; i++) {
		uint64_t start;

		post_batch(ev_q);
		disable_notifs();
		start = now();
		handle_one_mbox(ev_q->ev_mbox);
		ticks += now() - start;
		enable_notifs();
	}
	put_eventq(ev_q);
	return (ticks + ROUNDS / 2) / ROUNDS;
}

/* Pages that neither are free nor belong to a process. */
static uint64_t kernel_pages(void)
{
	static struct proc_info procs[16];
	struct kernel_info info;
	int n = sys_proc_info(procs, 16);
	uint64_t pages;

	sys_kernel_info(&info);
	pages = info.pages_total - info.pages_free;
	for (int i = 0; i < n; i++)
		pages -= procs[i].pages;
	return pages;
}

static int one_vcore(void)
{
	uint64_t null, ucq, drained;

	report("kernel.pages", kernel_pages());
	measure_loop();
	null = null_call();
	report("null", null);
	ucq = post(EV_MBOX_UCQ, 0);
	report("post", ucq);
	report("post.bitmap", post(EV_MBOX_BITMAP, 0));
	report("post.ceq", post(EV_MBOX_CEQ, 0));
	report("post.k", beyond(ucq, null));
	handled = 0;
	drained = handle();
	if (handled != ROUNDS) {
		dprintf(2, "bench: %u of %u handled\n", handled, ROUNDS);
		return 1;
	}
	report("drain.32", drained);
	report("handle.32", drained + beyond(ucq, null));
	report("indir", beyond(post(EV_MBOX_UCQ, EVENT_INDIR |
					       EVENT_NOTHROTTLE), ucq));
	report("throttled", beyond(post(EV_MBOX_UCQ, EVENT_INDIR), ucq));
	return 0;
}

/* --- Many vcores ---------------------------------------------------------- */

static uint32_t arrived;		/* vcores that run a uthread of ours */
static bool done;

/* Give a vcore something to do that can be interrupted. */
static void *occupy(void *arg)
{
	atomic_fetch_add32(&arrived, 1);
	while (!read_once(done))
		cpu_relax();
	return NULL;
}

/* One event to each of the vcores below @nr but our own, until all have
 * handled it. */
static void broadcast(uint32_t nr)
{
	uint32_t self = vcore_id();

	handled = 0;
	for (uint32_t v = 0; v < nr; v++)
		if (v != self)
			sys_self_notify(v, EV_FREE_APPLE_PIE, &ping, true);
	while (read_once(handled) < nr - 1)
		cpu_relax();
}

/* A spammed message when vcore @wanted is asked for first, and reads or not. */
static uint64_t spam(uint32_t wanted, uint32_t nr)
{
	struct event_queue *ev_q = get_eventq_slim();
	uint64_t ticks = 0;

	ev_q->ev_flags = EVENT_SPAM_PUBLIC;
	ev_q->ev_vcore = wanted;
	for (uint32_t i = 0; i < ROUNDS / BATCH; i++) {
		ticks += post_batch(ev_q);
		for (uint32_t v = 0; v < nr; v++) {
			disable_notifs();
			handle_one_mbox(&vcpd_of(v)->mbox_public);
			enable_notifs();
		}
	}
	put_eventq_slim(ev_q);
	return each(ticks);
}

static int many_vcores(uint32_t others)
{
	const uint32_t rounds = 256;
	uint32_t nr = others + 1;
	uint64_t start, ticks;

	if (vcore_request_total(nr)) {
		dprintf(2, "bench: %u vcores are too many\n", nr);
		return 1;
	}
	for (uint32_t i = 0; i < others; i++)
		uthread_create(occupy, NULL);
	while (read_once(arrived) < others)
		cpu_relax();
	broadcast(nr);			/* pages are there now */
	start = now();
	for (uint32_t i = 0; i < rounds; i++)
		broadcast(nr);
	ticks = now() - start;
	report("notify.each", (ticks / rounds + others / 2) / others);
	if (nr < max_vcores()) {
		ticks = spam(vcore_id(), nr);
		report("spam", ticks);
		report("spam.miss", beyond(spam(nr, nr), ticks));
	}
	write_once(done, true);
	return 0;
}

int main(int argc, char *argv[])
{
	long vcores;

	register_ev_handler(EV_FREE_APPLE_PIE, on_ping, NULL);
	if (argc == 1)
		return one_vcore();
	if (argc == 2 && word_to_number(argv[1], 1, UINT32_MAX, &vcores))
		return many_vcores((uint32_t)vcores);
	dprintf(2, "usage: bench [VCORES]\n");
	return 2;
}
