/*
 * refuse.c - what the kernel will not do for a process's garbage.
 */
#include "event/refuse.h"

#include "abi/signal.h"
#include "arch/x86/timer.h"
#include "lib/printf.h"
#include "proc/proc.h"
#include "sync/atomic.h"

#define QUIET_NS	1000000000UL

static const char *const names[EVR_NR] = {
	[EVR_BAD_EVQ]		= "ev_q not in user-writable memory",
	[EVR_BAD_MBOX]		= "mailbox not in user-writable memory",
	[EVR_BAD_MBOX_TYPE]	= "no such type of mailbox",
	[EVR_BAD_VCOREID]	= "no such vcore",
	[EVR_BAD_TYPE]		= "message type too large for the mailbox",
	[EVR_BAD_QUEUE]		= "mailbox in a state that makes no sense",
	[EVR_FAULT]		= "user memory went away in mid-use",
	[EVR_NO_MEMORY]		= "no memory for a UCQ page",
};

const char *refusal_name(enum ev_refusal why)
{
	return names[why];
}

void refuse(struct proc *p, enum ev_refusal why)
{
	static uint64_t quiet_until;	/* atomic */
	uint64_t until = read_once(quiet_until);
	uint64_t now = time_ns();

	atomic_inc64(&p->procinfo->refused[why]);
	if (now < until || !atomic_cas64(&quiet_until, until, now + QUIET_NS))
		return;
	printk("process %u (%s): event refused: %s\n", p->pid, p->name,
	       names[why]);
}
