/*
 * event.c - receive events: drain mailboxes, find handlers, follow
 * indirections.
 *
 * Entered from vcore_main() with every start of a vcore.  The kernel's half is
 * kernel/event/.
 *
 * [post-drain]  No message is left behind with notif_pending already clear.
 *
 *   sender, kernel                this vcore, handle_events()
 *   message into the mailbox      notif_pending = 0
 *   notif_pending = 1 (release)   full_fence()
 *                                 drain both mailboxes
 *
 * If our clearing hides the sender's flag, its message was there before, and
 * the drain finds it.
 *
 * [alert]  No indirection is throttled though nobody will look.
 *
 *   sender, kernel                this vcore, handle_event_q()
 *   message into the mailbox      ev_alert_pending = 0
 *   full_fence()                  full_fence()
 *   ev_alert_pending? stop        drain the mailbox
 *
 * Both reading the old value would strand the message until the next one.
 *
 * [quiesce]  Nothing is reused while a handler uses it.
 *
 *   deregister, put               this vcore
 *   unlink, or void the ev_q      epoch becomes odd
 *   full_fence()                  full_fence()
 *   epoch odd? wait for change    find handlers, check the ev_q
 *
 * Who does not see us inside was too early for us to find what it took away.
 */
#include "event.h"

#include "abi/errno.h"
#include "atomic.h"
#include "evq.h"
#include "mbox.h"
#include "pool.h"
#include "preempt.h"
#include "race.h"
#include "runtime.h"
#include "syscall.h"
#include "vcore.h"

struct ev_handler {
	handle_event_t	handler;
	void		*data;
	struct ev_handler *next;	/* older; stays when this is unlinked */
};

static struct pool handler_pool = POOL_INIT(sizeof(struct ev_handler));

/* Changed under handlers_lock; walked without, in vcore context. */
static struct ev_handler *handlers[MAX_NR_EVENT];
static struct uspin handlers_lock;

/* What enable_kevent() made. */
static struct uspin kevent_lock;
static struct event_queue *kevent_evqs[MAX_NR_EVENT];	/* kevent_lock */

/* Note that the caller looks into @ev_q's mailbox, or its own for null.  The
 * caller fences before it looks [quiesce]. */
static void drain_begin(struct vcore *vc, struct drain *drain,
			struct event_queue *ev_q)
{
	drain->ev_q = ev_q;
	drain->outer = vc->drain;
	if (!vc->drain)
		write_once(vc->epoch, vc->epoch + 1);
	vc->drain = drain;
}

/* Nothing that was found inside is in use any more. */
static void epoch_end(struct vcore *vc)
{
	vc->drain = NULL;
	/* Uses before epoch.  Pairs with load_acquire() in
	 * user/lib/event.c:event_quiesce() [quiesce]. */
	store_release(&vc->epoch, vc->epoch + 1);
}

static void drain_end(struct vcore *vc, struct drain *drain)
{
	vc->drain = drain->outer;
	if (!vc->drain)
		epoch_end(vc);
}

/* Call who registered for @msg.  Any of them may keep the vcore. */
static void dispatch(struct event_msg *msg)
{
	unsigned int ev_type = msg->ev_type;
	struct ev_handler *h;

	if (ev_type >= MAX_NR_EVENT)
		return;
	/* Link before handler.  Pairs with store_release() in
	 * user/lib/event.c:register_ev_handler() [handlers]. */
	h = load_acquire(&handlers[ev_type]);
	for (; h; h = read_once(h->next))
		h->handler(msg, ev_type, h->data);
}

/* Take and dispatch until @take finds nothing; how many. */
static unsigned int drain_with(bool (*take)(struct event_mbox *mbox,
					    struct event_msg *msg),
			       struct event_mbox *mbox)
{
	struct event_msg msg;
	unsigned int nr = 0;

	while (take(mbox, &msg)) {
		nr++;
		dispatch(&msg);
	}
	return nr;
}

unsigned int handle_one_mbox(struct event_mbox *mbox)
{
	return drain_with(mbox_get, mbox);
}

/* The same in vcore context, where nothing is left to mask. */
static unsigned int drain_mbox(struct event_mbox *mbox)
{
	return drain_with(mbox_take, mbox);
}

unsigned int handle_events(uint32_t vcoreid)
{
	struct vcpd *vcpd = vcpd_of(vcoreid);
	struct vcore *vc = &vcores[vcoreid];
	struct drain drain;
	unsigned int nr = 0;

	drain_begin(vc, &drain, NULL);
	do {
		write_once(vcpd->notif_pending, 0);
		/* Flag before mailboxes.  Pairs with store_release() in
		 * kernel/event/vcmsg.c:post_vc_msg() [post-drain].
		 * Epoch before handlers.  Pairs with full_fence() in
		 * user/lib/event.c:event_quiesce() [quiesce]. */
		full_fence();
		race_point(EVENTS_CLEARED);
		nr += drain_mbox(&vcpd->mbox_private);
		nr += drain_mbox(&vcpd->mbox_public);
		race_point(EVENTS_DRAINED);
	} while (read_once(vcpd->notif_pending));
	drain_end(vc, &drain);
	return nr;
}

/*
 * Is an indirection that names @gen for us to follow?  0 is that of an ev_q
 * which the library has not made, and does not take back.
 *
 * Not if it is of an earlier life, or of none.  But we have just acknowledged,
 * and the kernel may have held back an indirection of this life because it saw
 * the old one on its way: so if something is there, we are the ones to look.
 */
static bool evq_look_due(struct event_queue *ev_q, uint32_t gen)
{
	uint32_t now = read_once(ev_q->ev_gen);

	if (now == gen)
		return !gen || evq_gen_is_life(gen);
	return evq_gen_is_life(now) && ev_q->ev_mbox &&
	       !mbox_is_empty(ev_q->ev_mbox);
}

void handle_event_q(struct event_queue *ev_q, uint32_t gen)
{
	struct vcore *vc = &vcores[vcore_id()];
	handle_evq_t handler;
	struct drain drain;

	drain_begin(vc, &drain, NULL);
	write_once(ev_q->ev_alert_pending, 0);
	/* Alert before mailbox.  Pairs with full_fence() in
	 * kernel/event/indir.c:indir_throttled() [alert].
	 * Epoch before generation.  Pairs with atomic_fetch_add32() in
	 * user/lib/evq.c:evq_retire() [quiesce]. */
	full_fence();
	race_point(ALERT_CLEARED);
	if (evq_look_due(ev_q, gen)) {
		handler = read_once(ev_q->ev_handler);
		/* A handler of its own is asked once for each indirection: it
		 * takes what it wants before it goes elsewhere. */
		if (handler) {
			handler(ev_q);
		} else if (ev_q->ev_mbox) {
			drain.ev_q = ev_q;
			drain_mbox(ev_q->ev_mbox);
		}
	}
	drain_end(vc, &drain);
}

int send_self_vc_msg(const struct event_msg *msg)
{
	return sys_self_notify(vcore_id(), msg->ev_type, msg, false);
}

/* Without this message to ourselves something could be lost; the kernel
 * refuses only when it has no memory for us, and then kills us anyway. */
static void remind_self(const struct event_msg *msg)
{
	if (send_self_vc_msg(msg))
		runtime_fail("cannot send a message to myself");
}

void handle_vcpd_mbox(uint32_t vcoreid)
{
	struct vcore *vc = &vcores[vcore_id()];
	struct event_mbox *mbox = &vcpd_of(vcoreid)->mbox_public;
	struct event_msg again = {
		.ev_type = EV_CHECK_MSGS,
		.ev_arg2 = vcoreid,
	};
	struct drain drain;

	/* Also the end of it: what we send here leads back here. */
	if (mbox_is_empty(mbox))
		return;
	if (vcoreid != vcore_id())
		remind_self(&again);
	drain_begin(vc, &drain, NULL);
	/* Epoch before handlers.  Pairs with full_fence() in
	 * user/lib/event.c:event_quiesce() [quiesce]. */
	full_fence();
	drain_mbox(mbox);
	drain_end(vc, &drain);
}

void event_leave_handlers(void)
{
	struct vcore *vc = &vcores[vcore_id()];
	struct drain *drain = vc->drain;

	if (!drain)
		return;
	for (; drain; drain = drain->outer) {
		struct event_queue *ev_q = drain->ev_q;
		struct event_msg again = {
			.ev_type = EV_EVENT,
			.ev_arg3 = ev_q,
		};

		if (!ev_q || mbox_is_empty(ev_q->ev_mbox))
			continue;
		again.ev_arg2 = read_once(ev_q->ev_gen);
		remind_self(&again);
	}
	epoch_end(vc);
	/* We put off a look at our own mailboxes. */
	write_once(vcpd_of(vcore_id())->notif_pending, 1);
}

/* The vcore that we wait for may have lost its core. */
static void relax_masked(void)
{
	disable_notifs();
	vcore_relax();
	enable_notifs();
}

void event_quiesce(void)
{
	/* What was unlinked is unlinked before we look who is inside.  Pairs
	 * with full_fence() in user/lib/event.c:handle_events() [quiesce]. */
	full_fence();
	for (uint32_t i = 0; i < max_vcores(); i++) {
		uint32_t epoch = read_once(vcores[i].epoch);

		if (!(epoch & 1))
			continue;
		/* Epoch before the caller's reuse.  Pairs with store_release()
		 * in user/lib/event.c:epoch_end() [quiesce]. */
		while (load_acquire(&vcores[i].epoch) == epoch)
			relax_masked();
	}
}

int register_ev_handler(unsigned int ev_type, handle_event_t handler,
			void *data)
{
	struct ev_handler *h;

	if (ev_type >= MAX_NR_EVENT || !handler)
		return -EINVAL;
	h = pool_get(&handler_pool);
	if (!h)
		return -ENOMEM;
	h->handler = handler;
	h->data = data;
	uspin_lock(&handlers_lock);
	h->next = handlers[ev_type];
	/* Handler before link.  Pairs with load_acquire() in
	 * user/lib/event.c:dispatch() [handlers]. */
	store_release(&handlers[ev_type], h);
	uspin_unlock(&handlers_lock);
	return 0;
}

/* Unlink the first that matches; null if none does. */
static struct ev_handler *unlink_locked(struct ev_handler **link,
					handle_event_t handler, void *data)
{
	struct ev_handler *h;

	for (; (h = *link); link = &h->next) {
		if (h->handler != handler || h->data != data)
			continue;
		/* h->next stays for those who stand on h. */
		write_once(*link, h->next);
		return h;
	}
	return NULL;
}

int deregister_ev_handler(unsigned int ev_type, handle_event_t handler,
			  void *data)
{
	struct ev_handler *h;

	if (ev_type >= MAX_NR_EVENT)
		return -ENOENT;
	uspin_lock(&handlers_lock);
	h = unlink_locked(&handlers[ev_type], handler, data);
	uspin_unlock(&handlers_lock);
	if (!h)
		return -ENOENT;
	pool_retire(&handler_pool, h);
	return 0;
}

/* Have the kernel use @ev_q, which enable_kevent() made if @ours, and put back
 * what it made before. */
static int set_kevent_q(struct event_queue *ev_q, unsigned int ev_type,
			bool ours)
{
	struct event_queue *old;

	if (ev_type >= MAX_NR_EVENT)
		return -EINVAL;
	/* Two at once: what one puts back must not be what the other set. */
	uspin_lock(&kevent_lock);
	/* Locked, so the kernel sees the ev_q whole. */
	atomic_swap_ptr((void **)&procdata->kernel_evts[ev_type], ev_q);
	old = kevent_evqs[ev_type];
	kevent_evqs[ev_type] = ours ? ev_q : NULL;
	uspin_unlock(&kevent_lock);
	if (old)
		put_eventq_vcpd(old);
	return 0;
}

int register_kevent_q(struct event_queue *ev_q, unsigned int ev_type)
{
	return set_kevent_q(ev_q, ev_type, false);
}

int enable_kevent(unsigned int ev_type, uint32_t vcoreid, uint32_t ev_flags)
{
	struct event_queue *ev_q;

	if (ev_type >= MAX_NR_EVENT || vcoreid >= max_vcores())
		return -EINVAL;
	ev_q = get_eventq_vcpd(vcoreid, ev_flags);
	if (!ev_q)
		return -ENOMEM;
	return set_kevent_q(ev_q, ev_type, true);
}

int disable_kevent(unsigned int ev_type)
{
	return set_kevent_q(NULL, ev_type, false);
}

bool register_evq(struct syscall *sc, struct event_queue *ev_q)
{
	uint32_t flags;

	write_once(sc->ev_q, ev_q);
	race_point(SYSC_REGISTER);
	/* Ends: only completion changes the flags, once. */
	do {
		flags = read_once(sc->flags);
		if (flags & SC_DONE)
			return false;
		/* The queue before the wish for it.  Pairs with
		 * user_fetch_or32() in
		 * kernel/syscall/complete.c:complete_flagged() [sysc-done]. */
	} while (!atomic_cas32(&sc->flags, flags, flags | SC_UEVENT));
	return true;
}

void deregister_evq(struct syscall *sc)
{
	uint32_t flags;

	/* Ends: only completion changes the flags, once. */
	do {
		flags = read_once(sc->flags);
		if (flags & SC_DONE)
			break;
	} while (!atomic_cas32(&sc->flags, flags, flags & ~SC_UEVENT));
	/* It may be on its way just now.  The kernel's last look before our
	 * reuse.  Pairs with user_fetch_and32() in
	 * kernel/syscall/complete.c:complete_flagged() [sysc-done]. */
	while (load_acquire(&sc->flags) & SC_K_LOCK)
		cpu_relax();
}

static void on_event(struct event_msg *msg, unsigned int ev_type, void *data)
{
	if (msg->ev_arg3)
		handle_event_q(msg->ev_arg3, msg->ev_arg2);
}

static void on_check_msgs(struct event_msg *msg, unsigned int ev_type,
			  void *data)
{
	if (msg->ev_arg2 < max_vcores())
		handle_vcpd_mbox(msg->ev_arg2);
}

void event_init(void)
{
	if (register_ev_handler(EV_EVENT, on_event, NULL) ||
	    register_ev_handler(EV_CHECK_MSGS, on_check_msgs, NULL))
		runtime_fail("no memory for event handlers");
}
