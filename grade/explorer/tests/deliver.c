/*
 * deliver.c - the way from send_event() to a handler, for one vcore that
 * stays: indirection, notify, private mailboxes.
 */
#include "stage.h"

#include "proc/notify.h"
#include "event/event.h"

/* user/lib */
void disable_notifs(void);
void enable_notifs(void);
bool notifs_masked(void);
typedef void (*handle_event_t)(struct event_msg *msg, unsigned int ev_type,
			       void *data);
int register_ev_handler(unsigned int ev_type, handle_event_t handler,
			void *data);
int deregister_ev_handler(unsigned int ev_type, handle_event_t handler,
			  void *data);
struct event_queue *get_eventq_slim(void);
void put_eventq_slim(struct event_queue *ev_q);

static struct event_queue *ev_q;

static void send9(void *arg)
{
	stage_send(ev_q, EV_FREE_APPLE_PIE);
}

static void send10(void *arg)
{
	stage_send(ev_q, EV_SYSCALL);
}

static void send_both(void *arg)
{
	send9(arg);
	send10(arg);
}

static void check9(void)
{
	stage_expect(1U << EV_FREE_APPLE_PIE);
}

static void check_both(void)
{
	stage_expect(1U << EV_FREE_APPLE_PIE | 1U << EV_SYSCALL);
}

/* --- P4: an indirection in flight ----------------------------------------- */

static void indir(uint32_t mbox)
{
	stage_short();
	stage_mcp(1, 1, EV_MBOX_BITMAP, stage_linger);
	/* Indirections carry a pointer, so the vcore's mailbox is a UCQ. */
	stage_public(0, EV_MBOX_UCQ);
	ev_q = stage_evq(EVENT_INDIR, 0, mbox);
	stage_sender("sender", send_both, NULL);
}

static void indir_ucq(void)
{
	indir(EV_MBOX_UCQ);
}

static void indir_bitmap(void)
{
	indir(EV_MBOX_BITMAP);
}

static void indir_ceq(void)
{
	indir(EV_MBOX_CEQ);
}

XP_TEST(indir_ucq, .group = "indir", .pairs = "P4 P16",
	.proves = "no indirection is throttled though nobody will look: UCQ",
	.setup = indir_ucq, .check = check_both);
XP_TEST(indir_bitmap, .group = "indir", .pairs = "P4 P16",
	.proves = "no indirection is throttled though nobody will look: "
		  "bitmap",
	.setup = indir_bitmap, .check = check_both);
XP_TEST(indir_ceq, .group = "indir", .pairs = "P4 P16",
	.proves = "no indirection is throttled though nobody will look: CEQ",
	.setup = indir_ceq, .check = check_both);

/* An indirection is on its way, and its message was taken already with an
 * earlier one: whoever sends now relies on that indirection. */
static void in_flight(uint32_t mbox)
{
	struct event_msg look = { .ev_type = EV_EVENT };

	stage_short();
	stage_mcp(1, 1, EV_MBOX_BITMAP, stage_linger);
	stage_public(0, EV_MBOX_UCQ);
	ev_q = stage_evq(EVENT_INDIR, 0, mbox);
	ev_q->ev_alert_pending = 1;
	look.ev_arg3 = ev_q;
	post_vcore_event(&proc, &look, 0, 0);
	stage_sender("sender", send9, NULL);
}

static void in_flight_ucq(void)
{
	in_flight(EV_MBOX_UCQ);
}

static void in_flight_bitmap(void)
{
	in_flight(EV_MBOX_BITMAP);
}

/* The message goes past the ring: the overflow flag is what is read. */
static void in_flight_ceq(void)
{
	in_flight(EV_MBOX_CEQ);
	ev_q->ev_mbox->ceq.prod_idx = 1;	/* a producer holds the slot */
	ev_q->ev_mbox->ceq.ring[0] = 3;
}

XP_TEST(alert_ucq, .group = "indir", .pairs = "P4",
	.proves = "who throttles is answered: UCQ",
	.setup = in_flight_ucq, .check = check9);
XP_TEST(alert_bitmap, .group = "indir", .pairs = "P4",
	.proves = "who throttles is answered: bitmap",
	.setup = in_flight_bitmap, .check = check9);
XP_TEST(alert_ceq, .group = "indir", .pairs = "P4",
	.proves = "who throttles is answered: CEQ",
	.setup = in_flight_ceq, .check = check9);

/* --- P16: a message and notif_pending ------------------------------------- */

static void drain_setup(void)
{
	stage_short();
	stage_mcp(1, 1, EV_MBOX_BITMAP, stage_linger);
	ev_q = stage_evq(0, 0, 0);
	stage_sender("sender", send9, NULL);
	stage_sender("sender 2", send10, NULL);
}

XP_TEST(post_drain, .group = "wakeup", .pairs = "P16",
	.proves = "no message stays behind a notif_pending that is clear",
	.setup = drain_setup, .check = check_both);

/* --- P5: leaving vcore context -------------------------------------------- */

static void masked_a_while(void)
{
	disable_notifs();
	enable_notifs();
}

static void unmask_setup(void)
{
	stage_uthread(EV_MBOX_BITMAP, masked_a_while);
	ev_q = stage_evq(EVENT_IPI, 0, 0);
	stage_sender("sender", send9, NULL);
}

XP_TEST(unmask, .group = "notify", .pairs = "P5",
	.proves = "no uthread runs on while its vcore has something pending",
	.setup = unmask_setup, .check = check9);

/* Only a flag: no message whose posting would fence. */
static void notify(void *arg)
{
	proc_notify(&proc, 0);
}

static void quiet_setup(void)
{
	stage_uthread(EV_MBOX_BITMAP, masked_a_while);
	stage_sender("sender", notify, NULL);
}

static void quiet_check(void)
{
	xp_require(!vcpd_of(&proc, 0)->notif_pending, "a uthread runs on, and "
		   "notif_pending is set");
}

XP_TEST(unmask_quiet, .group = "notify", .pairs = "P5",
	.proves = "a notification alone is enough",
	.setup = quiet_setup, .check = quiet_check);

static void unmask2_setup(void)
{
	unmask_setup();
	stage_sender("sender 2", send10, NULL);
}

XP_TEST(unmask_2senders, .group = "notify", .pairs = "P5",
	.proves = "nor when one notification follows another",
	.setup = unmask2_setup, .check = check_both);

/* --- [quiesce]: what a handler uses is taken away ------------------------- */

/* A page of the handler's own: given back as soon as nobody can use it. */
static uintptr_t page;

static void use_page(struct event_msg *msg, unsigned int ev_type, void *data)
{
	++*(uint32_t *)page;
}

static void use_page_of(struct event_queue *q)
{
	++*(uint32_t *)page;
}

static void deregister(void *arg)
{
	deregister_ev_handler(EV_ALARM, use_page, NULL);
	*(uint32_t *)page = 0;
	xp_page_free(page);
}

static void put(void *arg)
{
	put_eventq_slim(ev_q);
	*(uint32_t *)page = 0;
	xp_page_free(page);
}

/* A vcore that finds @msg, against @fn in a uthread on another. */
static void quiesce_setup(void (*fn)(void *arg), struct event_msg *msg)
{
	stage_public(0, EV_MBOX_UCQ);
	page = xp_page_alloc();
	xp_name((void *)page, 4, "the handler's page");
	post_vcore_event(&proc, msg, 0, 0);
	stage_acts_as(3, 1, false);
	stage_sender("uthread", fn, NULL);
}

static void deregister_setup(void)
{
	struct event_msg msg = { .ev_type = EV_ALARM };

	stage_short();
	stage_watch_epochs();
	stage_mcp(1, 1, EV_MBOX_BITMAP, stage_linger);
	register_ev_handler(EV_ALARM, use_page, NULL);
	quiesce_setup(deregister, &msg);
}

static void put_setup(void)
{
	struct event_msg msg = { .ev_type = EV_EVENT };

	stage_short();
	stage_watch_epochs();
	stage_mcp(1, 1, EV_MBOX_BITMAP, stage_linger);
	ev_q = get_eventq_slim();
	ev_q->ev_handler = use_page_of;
	xp_name(&ev_q->ev_gen, 4, "ev_gen");
	msg.ev_arg2 = ev_q->ev_gen;
	msg.ev_arg3 = ev_q;
	quiesce_setup(put, &msg);
}

static void quiesce_check(void)
{
	xp_require(xp_at_end(1), "the uthread waits for ever");
}

XP_TEST(quiesce_handler, .group = "quiesce",
	.proves = "once deregistered, a handler runs nowhere",
	.setup = deregister_setup, .check = quiesce_check);

XP_TEST(quiesce_evq, .group = "quiesce",
	.proves = "once put back, an event queue is in nobody's hands",
	.setup = put_setup, .check = quiesce_check);
