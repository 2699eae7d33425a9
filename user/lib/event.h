/*
 * event.h - receiving events: handlers, dispatch, and who sends what where.
 *
 * kernel/event/ is the sending half.  Every entry into vcore context drains
 * this vcore's two mailboxes; each message goes to the handlers of its type.
 * A handler runs in vcore context and may not block; it need not return.
 */
#pragma once

#include "abi/event.h"
#include "abi/syscall.h"

/*
 * Handle everything in vcore @vcoreid's mailboxes, private first.  Returns how
 * many messages there were; does not return if a handler does not.
 *
 * Context: vcore, on @vcoreid itself.
 */
unsigned int handle_events(uint32_t vcoreid);

/* Take every message in @mbox to its handlers; how many.  Any context, but
 * deregister_ev_handler() waits only for handlers in vcore context. */
unsigned int handle_one_mbox(struct event_mbox *mbox);

/*
 * Look at @ev_q as an indirection would: acknowledge, then call its handler or
 * drain its mailbox.  If @gen is that of another life, it acknowledges all the
 * same, and goes on only if something lies in a mailbox of this one's own.
 *
 * Context: vcore.
 */
void handle_event_q(struct event_queue *ev_q, uint32_t gen);

/* Drain vcore @vcoreid's public mailbox, also another's: then first tell
 * oneself to look again, for a handler may not return.  Context: vcore. */
void handle_vcpd_mbox(uint32_t vcoreid);

/*
 * Have @handler called with @data for each message of @ev_type.  Several may be
 * registered; the last comes first.  EV_EVENT and EV_CHECK_MSGS have theirs
 * from the start.  0, -EINVAL for the type, -ENOMEM.
 *
 * Context: any; other vcores may dispatch meanwhile.
 */
int register_ev_handler(unsigned int ev_type, handle_event_t handler,
			void *data);

/*
 * Take back one register_ev_handler() with the same arguments.  In a uthread it
 * returns when no other vcore is inside that handler; from vcore context one
 * may still be.  0 or -ENOENT.
 */
int deregister_ev_handler(unsigned int ev_type, handle_event_t handler,
			  void *data);

/* Have the kernel send its events of @ev_type to @ev_q; null: nowhere.
 * 0 or -EINVAL. */
int register_kevent_q(struct event_queue *ev_q, unsigned int ev_type);

/* The same, to the VCPD mailbox of @vcoreid, by an ev_q of the library.
 * 0, -EINVAL or -ENOMEM. */
int enable_kevent(unsigned int ev_type, uint32_t vcoreid, uint32_t ev_flags);

/* Undo either: the kernel has no use for the type.  What enable_kevent() got is
 * put back.  0 or -EINVAL. */
int disable_kevent(unsigned int ev_type);

/*
 * Have EV_SYSCALL sent to @ev_q when @sc completes, with arg3 = @sc.  False:
 * @sc is done already, and nothing will be sent.
 */
bool register_evq(struct syscall *sc, struct event_queue *ev_q);

/* Undo it, and wait until the kernel cannot be sending.  Afterwards @ev_q may
 * be put; a message may already be in it. */
void deregister_evq(struct syscall *sc);

/* Post @msg to this vcore's own public mailbox.  0, or -1 with errno.
 * Context: vcore. */
int send_self_vc_msg(const struct event_msg *msg);

/*
 * Return when every other vcore that was handling events is done with it: what
 * could no longer be found before the call is in nobody's hands after it.
 *
 * Context: uthread, notifications enabled.
 */
void event_quiesce(void);

/*
 * The handlers below the caller will not be returned to: see to it that what
 * they had not taken is looked at again.  The library calls it wherever vcore
 * context goes elsewhere.  Context: vcore.
 */
void event_leave_handlers(void);

/* Register the library's own handlers. */
void event_init(void);
