/*
 * complete.c - the end of a system call.
 *
 * [sysc-done]  Nobody waits for a call that is over, or hears of it twice.
 *
 *   kernel, syscall_complete()     user, register_evq()
 *   flags: + DONE + K_LOCK         ev_q
 *     (one step)                   flags: + UEVENT, unless DONE
 *   UEVENT was there? send           (one step)
 *   flags: - K_LOCK                failed? it is done, do not wait
 *
 * The two steps are on one word, so one of them comes first, and the other
 * sees it.  Until K_LOCK is gone the kernel still reads ev_q, so the struct
 * may not be used again.  Where the kernel finds no flag at all, it need not
 * lock, for it does not look at the struct again.
 */
#include "syscall/complete.h"

#include "core/race.h"
#include "event/event.h"
#include "event/refuse.h"
#include "mm/usercopy.h"
#include "proc/proc.h"

static void syscall_event(struct proc *p, struct syscall *u_sysc)
{
	struct event_msg msg = {
		.ev_type = EV_SYSCALL,
		.ev_arg3 = u_sysc,
	};
	struct event_queue *u_ev_q;

	if (user_load64((uint64_t *)&u_sysc->ev_q, (uint64_t *)&u_ev_q))
		refuse(p, EVR_FAULT);
	else if (!u_ev_q)
		refuse(p, EVR_BAD_EVQ);
	else
		send_event(p, u_ev_q, &msg, 0);
}

/* @u_sysc has its answer, and flags: somebody may want to hear of it.  Not
 * inline: most calls are over before anybody could. */
static __attribute__((noinline)) void complete_flagged(struct proc *p,
						       struct syscall *u_sysc)
{
	uint32_t before;

	/* The answer before DONE, and DONE before what comes next.  Pairs with
	 * atomic_cas32() in user/lib/event.c:register_evq() [sysc-done]. */
	if (user_fetch_or32(&u_sysc->flags, SC_DONE | SC_K_LOCK, &before))
		return;
	race_point(SYSC_DONE);
	if (before & SC_UEVENT)
		syscall_event(p, u_sysc);
	user_fetch_and32(&u_sysc->flags, ~SC_K_LOCK, &before);
}

void syscall_complete(struct proc *p, struct syscall *u_sysc, int64_t result)
{
	int64_t answer[2] = { result, 0 };	/* retval, err */
	bool done;

	_Static_assert(offsetof(struct syscall, err) ==
		       offsetof(struct syscall, retval) + 8, "answer");
	if (result < 0) {
		answer[0] = -1;
		answer[1] = -result;
	}
	if (copy_to_user(&u_sysc->retval, answer, sizeof(answer)))
		return;
	/* The answer before DONE, and DONE before what comes next.  Pairs with
	 * atomic_cas32() in user/lib/event.c:register_evq() [sysc-done]. */
	if (!user_cas32(&u_sysc->flags, 0, SC_DONE, &done) && !done)
		complete_flagged(p, u_sysc);
}
