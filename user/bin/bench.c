/*
 * bench.c - what one event costs, in ticks of the TSC.
 *
 * `make bench` runs it in the repeatable mode, where a tick is an instruction
 * of some core, and sets the results beside the figures that ev6 aims for.
 * Each row is also a note among the records: bench=NAME value=TICKS.
 */
#include "ev6.h"
#include "stdio.h"
#include "string.h"

#define ROUNDS	4096U		/* of each measurement, without draining */
#define BATCH	32U		/* messages between two drains, for handle.32 */

static struct event_msg ping = { .ev_type = EV_FREE_APPLE_PIE };
static uint32_t handled;

static uint64_t now(void)
{
	return __builtin_ia32_rdtsc();
}

static void report(const char *name, uint64_t ticks)
{
	char text[64];

	printf("%-12s %6lu\n", name, ticks);
	snprintf(text, sizeof(text), "bench=%s value=%lu", name, ticks);
	sys_record(REC_NOTE, text, strlen(text));
}

static void drain(struct event_queue *ev_q)
{
	struct event_msg msg;

	while (mbox_get(ev_q->ev_mbox, &msg))
		;
	write_once(ev_q->ev_alert_pending, 0);
}

/* What one send_event() of the caller's own ev_q costs, nobody to wake. */
static uint64_t post(uint32_t mbox_type, uint32_t flags)
{
	struct event_queue *ev_q = get_eventq(mbox_type);
	uint64_t start, ticks;

	ev_q->ev_flags = flags;
	sys_send_event(ev_q, &ping, 0);		/* pages are there now */
	start = now();
	for (uint32_t i = 0; i < ROUNDS; i++)
		sys_send_event(ev_q, &ping, 0);
	ticks = (now() - start) / ROUNDS;
	drain(ev_q);
	put_eventq(ev_q);
	return ticks;
}

static void on_ping(struct event_msg *msg, unsigned int ev_type, void *data)
{
	handled++;
}

/* Each of BATCH messages: posted one by one, then handled together. */
static uint64_t handle(void)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	uint64_t start, ticks;

	register_ev_handler(EV_FREE_APPLE_PIE, on_ping, NULL);
	start = now();
	for (uint32_t i = 0; i < ROUNDS / BATCH; i++) {
		for (uint32_t j = 0; j < BATCH; j++)
			sys_send_event(ev_q, &ping, 0);
		disable_notifs();
		handle_one_mbox(ev_q->ev_mbox);
		enable_notifs();
	}
	ticks = (now() - start) / ROUNDS;
	deregister_ev_handler(EV_FREE_APPLE_PIE, on_ping, NULL);
	put_eventq(ev_q);
	return ticks;
}

static uint64_t null_call(void)
{
	uint64_t start = now();

	for (uint32_t i = 0; i < ROUNDS; i++)
		sys_null();
	return (now() - start) / ROUNDS;
}

int main(void)
{
	uint64_t ucq;

	report("null", null_call());
	ucq = post(EV_MBOX_UCQ, 0);
	report("post", ucq);
	report("post.bitmap", post(EV_MBOX_BITMAP, 0));
	report("post.ceq", post(EV_MBOX_CEQ, 0));
	report("handle.32", handle());
	if (handled != ROUNDS) {
		dprintf(2, "bench: %u of %u handled\n", handled, ROUNDS);
		return 1;
	}
	/* With the alert pending, all but the first are throttled. */
	report("throttled", post(EV_MBOX_UCQ, EVENT_INDIR) - ucq);
	report("indir",
	       post(EV_MBOX_UCQ, EVENT_INDIR | EVENT_NOTHROTTLE) - ucq);
	return 0;
}
