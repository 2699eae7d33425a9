/*
 * evdemo.c - the ten flags of an event queue, one after the other, narrated.
 *
 * Each demo sends events and says where they landed and what the kernel
 * counted.  Everything is sent by main(), which runs on one vcore from
 * beginning to end, here called "this one"; the other is offline, or busy with
 * a uthread that spins, as each demo needs it.
 */
#include "atomic.h"
#include "clock.h"
#include "event.h"
#include "evq.h"
#include "mbox.h"
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "syscall.h"
#include "unistd.h"
#include "uthread.h"
#include "vcore.h"

#define EV_DEMO		(EV_NR_FIXED + 2)
#define PATIENCE	(5 * NSEC_PER_SEC)
#define SLEEP_MS	50	/* enough for all vcores to yield */
#define SLEEP_MS_MAX	3200	/* on a busy host, too */

static uint32_t here, there;	/* the two vcores */

/* Told by the handler. */
static uint32_t nr_handled;		/* atomic */
static uint32_t handled_on;		/* vcore of the last one */

static uint32_t busy_stop, busy_runs;
static struct uthread *busy;

/* --- Telling -------------------------------------------------------------- */

struct counters {
	uint64_t	posted, indirs, throttled, notifies, wakeups;
};

static struct counters before;

static struct counters counters_now(void)
{
	return (struct counters){
		.posted = read_once(procinfo->posted),
		.indirs = read_once(procinfo->indirs),
		.throttled = read_once(procinfo->throttled),
		.notifies = read_once(procinfo->notifies),
		.wakeups = read_once(procinfo->wakeups),
	};
}

static void counters_reset(void)
{
	write_once(nr_handled, 0);
	before = counters_now();
}

static void counters_tell(const char *what)
{
	struct counters now = counters_now();

	printf("    %s: posted +%lu, indirections +%lu, throttled +%lu, "
	       "notifies +%lu, wakeups +%lu\n", what,
	       now.posted - before.posted, now.indirs - before.indirs,
	       now.throttled - before.throttled,
	       now.notifies - before.notifies, now.wakeups - before.wakeups);
}

static const char *vcore_name(uint32_t vcoreid)
{
	return vcoreid == here ? "this vcore" : "the other vcore";
}

/* --- Sending and receiving ------------------------------------------------ */

static void on_demo(struct event_msg *msg, unsigned int ev_type, void *data)
{
	write_once(handled_on, vcore_id());
	atomic_fetch_add32(&nr_handled, 1);
}

static void fail(const char *what)
{
	dprintf(2, "evdemo: %s\n", what);
	exit(1);
}

/* Spin until *@word is at least @least, or fail. */
static void wait_until(uint32_t *word, uint32_t least, const char *what)
{
	uint64_t deadline = clock_ns() + PATIENCE;

	while (read_once(*word) < least) {
		if (clock_ns() > deadline)
			fail(what);
		cpu_relax_bounded();
	}
}

static void send(struct event_queue *ev_q, uint32_t vcoreid)
{
	struct event_msg msg = { .ev_type = EV_DEMO };

	if (sys_send_event(ev_q, &msg, vcoreid) < 0)
		fail("send_event failed");
}

static void tell_handled(uint32_t n)
{
	wait_until(&nr_handled, n, "an event was not handled");
	printf("    handled by %s\n", vcore_name(read_once(handled_on)));
}

/* Send once and tell all. */
static void send_and_tell(struct event_queue *ev_q, uint32_t vcoreid)
{
	counters_reset();
	send(ev_q, vcoreid);
	tell_handled(1);
	counters_tell("counted");
}

/* An ev_q for @vcoreid: without mailbox (0), or with one of EV_MBOX_*. */
static struct event_queue *make_evq(uint32_t mbox_type, uint32_t vcoreid,
				    uint32_t flags)
{
	struct event_queue *ev_q = mbox_type ? get_eventq(mbox_type)
					     : get_eventq_slim();

	if (!ev_q)
		fail("no memory for an event queue");
	ev_q->ev_vcore = vcoreid;
	ev_q->ev_flags = flags;
	return ev_q;
}

static void drop_evq(struct event_queue *ev_q)
{
	if (ev_q->ev_mbox)
		put_eventq(ev_q);
	else
		put_eventq_slim(ev_q);
}

/* --- The other vcore ------------------------------------------------------ */

static void *run_busy(void *arg)
{
	disable_notifs();
	there = vcore_id();
	enable_notifs();
	write_once(busy_runs, 1);
	while (!read_once(busy_stop))
		cpu_relax();
	return NULL;
}

/* Have the other vcore online, in a uthread that an IPI can interrupt. */
static void other_busy(void)
{
	if (busy)
		return;
	write_once(busy_stop, 0);
	write_once(busy_runs, 0);
	busy = uthread_create(run_busy, NULL);
	if (!busy || vcore_request_total(2))
		fail("no second vcore");
	wait_until(&busy_runs, 1, "the second vcore did not come");
}

/* Have the other vcore yielded: without a uthread it gives its core back. */
static void other_offline(void)
{
	uint64_t deadline = clock_ns() + PATIENCE;

	other_busy();
	write_once(busy_stop, 1);
	while (vcore_is_mapped(there)) {
		if (clock_ns() > deadline)
			fail("the second vcore did not yield");
		cpu_relax_bounded();
	}
	uthread_join(busy, NULL);	/* it has ended: does not block */
	busy = NULL;
}

/* --- The flags ------------------------------------------------------------ */

static void demo_ipi(void)
{
	struct event_queue *ev_q = make_evq(0, there, EVENT_IPI);

	other_busy();
	printf("    to the mailbox of the other vcore, which is busy\n");
	send_and_tell(ev_q, here);
	drop_evq(ev_q);
}

static void demo_spam_public(void)
{
	struct event_queue *ev_q;

	other_offline();
	ev_q = make_evq(0, there, EVENT_SPAM_PUBLIC | EVENT_IPI);
	printf("    meant for the other vcore, which is offline\n");
	send_and_tell(ev_q, here);
	drop_evq(ev_q);
}

static void demo_indir(void)
{
	struct event_queue *ev_q;

	ev_q = make_evq(EV_MBOX_UCQ, here, EVENT_INDIR | EVENT_IPI);
	printf("    the message goes to the queue's own mailbox, and an "
	       "EV_EVENT to this vcore's\n");
	send_and_tell(ev_q, here);
	drop_evq(ev_q);
}

/* Send with notifications masked, to look before it is taken. */
static void show_mailbox(uint32_t flags)
{
	struct event_queue *ev_q = make_evq(0, here, flags);
	struct vcpd *vcpd = vcpd_of(here);

	counters_reset();
	disable_notifs();
	send(ev_q, here);
	printf("    now the private mailbox is %s, the public one is %s\n",
	       mbox_is_empty(&vcpd->mbox_private) ? "empty" : "full",
	       mbox_is_empty(&vcpd->mbox_public) ? "empty" : "full");
	enable_notifs();
	tell_handled(1);
	drop_evq(ev_q);
}

static void demo_vcore_private(void)
{
	printf("    without the flag, notifications masked for a moment\n");
	show_mailbox(EVENT_IPI);
	printf("    with it\n");
	show_mailbox(EVENT_IPI | EVENT_VCORE_PRIVATE);
}

static void demo_spam_indir(void)
{
	struct event_queue *ev_q;

	other_offline();
	ev_q = make_evq(EV_MBOX_UCQ, there,
			EVENT_INDIR | EVENT_SPAM_INDIR | EVENT_IPI);
	printf("    the EV_EVENT is meant for the other vcore, which is "
	       "offline\n");
	send_and_tell(ev_q, here);
	drop_evq(ev_q);
}

static void demo_vcore_must_run(void)
{
	struct event_queue *ev_q;
	uint32_t flags = EVENT_SPAM_PUBLIC | EVENT_VCORE_MUST_RUN | EVENT_IPI;

	other_busy();
	ev_q = make_evq(0, there, flags);
	printf("    meant for the other vcore, which is online\n");
	send_and_tell(ev_q, here);
	other_offline();
	printf("    again, now that it is offline\n");
	send_and_tell(ev_q, here);
	drop_evq(ev_q);
}

static void send_three(uint32_t flags)
{
	struct event_queue *ev_q = make_evq(EV_MBOX_UCQ, here, flags);

	counters_reset();
	disable_notifs();
	for (int i = 0; i < 3; i++)
		send(ev_q, here);
	enable_notifs();
	tell_handled(3);
	counters_tell("counted");
	drop_evq(ev_q);
}

static void demo_nothrottle(void)
{
	printf("    three events without the flag, before anyone can look\n");
	send_three(EVENT_INDIR | EVENT_IPI);
	printf("    three with it\n");
	send_three(EVENT_INDIR | EVENT_IPI | EVENT_NOTHROTTLE);
}

static void demo_roundrobin(void)
{
	struct event_queue *ev_q = make_evq(0, here,
					    EVENT_ROUNDROBIN | EVENT_IPI);

	other_busy();
	printf("    four events to one queue, both vcores online\n");
	counters_reset();
	for (uint32_t i = 0; i < 4; i++) {
		send(ev_q, here);
		wait_until(&nr_handled, i + 1, "an event was not handled");
		printf("    ev_vcore is %u, handled by %s\n",
		       read_once(ev_q->ev_vcore),
		       vcore_name(read_once(handled_on)));
	}
	drop_evq(ev_q);
}

static void demo_vcore_appro(void)
{
	struct event_queue *ev_q = make_evq(0, there, EVENT_IPI);

	other_busy();
	printf("    ev_vcore names the other one, the sender this one; "
	       "without the flag\n");
	send_and_tell(ev_q, here);
	ev_q->ev_flags |= EVENT_VCORE_APPRO;
	printf("    with it\n");
	send_and_tell(ev_q, here);
	drop_evq(ev_q);
}

/* What demo_wakeup() sleeps on. */
struct sleeper {
	struct syscall	call;
	struct event_queue *ev_q;
	struct uthread	*uth;
};

static void on_wakeup(struct event_queue *ev_q)
{
	struct sleeper *s = ev_q->ev_udata;
	struct uthread *uth;
	struct event_msg msg;

	while (mbox_get(ev_q->ev_mbox, &msg))
		;
	uth = s->uth;
	s->uth = NULL;
	/* Last: the sleeper, once it runs, takes @s with it. */
	if (uth)
		uthread_runnable(uth);
}

/* Our last uthread is parked now: unless the call is done, all vcores yield. */
static void park_on_call(struct uthread *uth, void *arg)
{
	struct sleeper *s = arg;

	s->uth = uth;
	syscall_submit(&s->call);
	if (register_evq(&s->call, s->ev_q))
		return;
	s->uth = NULL;
	uthread_runnable(uth);
}

/* Sleep on a system call that takes @ms. */
static void sleep_on_call(struct sleeper *s, uint64_t ms)
{
	s->call = (struct syscall){ .num = SYS_block, .arg = { ms * 1000 } };
	counters_reset();
	uthread_block(park_on_call, s);
}

static void demo_wakeup(void)
{
	struct sleeper s = { 0 };
	uint64_t ms = SLEEP_MS;

	s.ev_q = make_evq(EV_MBOX_UCQ, here, EVENT_INDIR | EVENT_SPAM_INDIR |
			  EVENT_IPI | EVENT_WAKEUP);
	s.ev_q->ev_handler = on_wakeup;
	s.ev_q->ev_udata = &s;
	if (busy)
		other_offline();
	printf("    a system call that takes %lu ms tells the queue when it is "
	       "done; until then\n    every vcore yields and the process is "
	       "WAITING\n", ms);
	sleep_on_call(&s, ms);
	while (counters_now().wakeups == before.wakeups && ms < SLEEP_MS_MAX) {
		ms *= 2;
		printf("    it was done before the last vcore had yielded; "
		       "again with %lu ms\n", ms);
		sleep_on_call(&s, ms);
	}
	printf("    awake again\n");
	counters_tell("counted");
	drop_evq(s.ev_q);
}

/* --- All of them ---------------------------------------------------------- */

static const struct demo {
	const char	*flag;
	const char	*idea;
	bool		two_vcores;
	void		(*run)(void);
} demos[] = {
	{ "IPI", "notify the vcore: interrupt what it runs", true, demo_ipi },
	{ "SPAM_PUBLIC", "the message itself, to some vcore that will look",
	  true, demo_spam_public },
	{ "INDIR", "tell the vcore to look at the queue", false, demo_indir },
	{ "VCORE_PRIVATE", "into the mailbox that only its vcore drains", false,
	  demo_vcore_private },
	{ "SPAM_INDIR", "the indirection, to some vcore that will look", true,
	  demo_spam_indir },
	{ "VCORE_MUST_RUN", "spam only to a vcore that runs or will", true,
	  demo_vcore_must_run },
	{ "NOTHROTTLE", "an indirection for each event", false,
	  demo_nothrottle },
	{ "ROUNDROBIN", "the next vcore each time", true, demo_roundrobin },
	{ "VCORE_APPRO", "the vcore that the sender suggests", true,
	  demo_vcore_appro },
	{ "WAKEUP", "wake the process if all its vcores have yielded", false,
	  demo_wakeup },
};

#define NR_DEMOS	(sizeof(demos) / sizeof(demos[0]))

static void run_demo(const struct demo *demo)
{
	printf("EVENT_%s: %s\n", demo->flag, demo->idea);
	if (demo->two_vcores && there == here)
		printf("    left out: needs two vcores, so CPUS=3 or more\n");
	else
		demo->run();
}

int main(int argc, char *argv[])
{
	int nr_run = 0;

	if (argc > 2) {
		dprintf(2, "usage: evdemo [FLAG]\n");
		return 2;
	}
	if (register_ev_handler(EV_DEMO, on_demo, NULL))
		fail("no memory for a handler");
	here = there = vcore_id();	/* apart as soon as there are two */
	if (procinfo->nr_cores > 2)
		other_busy();
	for (size_t i = 0; i < NR_DEMOS; i++) {
		if (argc == 2 && strcmp(argv[1], demos[i].flag) != 0)
			continue;
		run_demo(&demos[i]);
		nr_run++;
	}
	if (nr_run)
		return 0;
	dprintf(2, "evdemo: no flag EVENT_%s\n", argv[1]);
	return 2;
}
