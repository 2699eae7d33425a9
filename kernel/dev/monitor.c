/*
 * monitor.c - look at the kernel while it stands still.
 *
 * Everything here may be seen in mid-change: what has a lock is looked at under
 * it, the rest are peeks, and no pointer that was peeked at is followed
 * without a reference.
 */
#include "dev/monitor.h"

#include "arch/x86/irq.h"
#include "arch/x86/timer.h"
#include "boot/bootinfo.h"
#include "core/core.h"
#include "core/kthread.h"
#include "core/trace.h"
#include "dev/exit.h"
#include "dev/uart.h"
#include "event/refuse.h"
#include "event/vcmsg.h"
#include "lib/panic.h"
#include "lib/string.h"
#include "mm/aspace.h"
#include "mm/page.h"
#include "mm/usercopy.h"
#include "proc/alarms.h"
#include "proc/proc.h"
#include "proc/switch.h"
#include "sync/atomic.h"

#define LINE_MAX	64
#define CTRL_P		0x10
/* A core that has not answered by then hangs, or its thread of QEMU does. */
#define ANSWER_NS	2000000000UL

/* show_backtraces(), one core after the other: */
static struct kmsg ask[MAX_CORES];	/* "print where you are" */
static uint32_t answers[MAX_CORES];	/* each core: its own, ever since */

/* Wait for a key. */
static char monitor_key(void)
{
	uint64_t flags = irq_save();

	for (;;) {
		int c;

		irq_disable();
		if (panicking())
			uart_interrupt();	/* none will come by itself */
		c = uart_getc();
		if (panicking() && c < 0)
			continue;
		if (c >= 0) {
			irq_restore(flags);
			return c;
		}
		irq_wait();
	}
}

/* A line, with echo and backspace. */
static void monitor_line(char *line)
{
	size_t n = 0;

	printk("ev6 monitor> ");
	for (;;) {
		char c = monitor_key();

		if (c == CTRL_P) {
			strlcpy(line, "continue", LINE_MAX);
			printk("\n");
			return;
		}
		if (c == '\r' || c == '\n')
			break;
		if ((c == 0x7f || c == '\b') && n) {
			n--;
			printk("\b \b");
		} else if (c >= ' ' && c < 0x7f && n < LINE_MAX - 1) {
			line[n++] = c;
			printk("%c", c);
		}
	}
	line[n] = '\0';
	printk("\n");
}

static void show_procs(void)
{
	struct proc *p;
	uint32_t pid = 0;

	printk("  pid  ppid state       kind online wanted refs  name\n");
	while ((p = proc_next(pid))) {
		pid = p->pid;
		printk("%5u %5u %-11s %s %6u %6u %4u  %s\n", pid, p->ppid,
		       proc_state_name(read_once(p->state)),
		       p->is_mcp ? "mcp " : "scp ",
		       p->procinfo->num_vcores, p->procdata->cores_wanted,
		       p->refs - 1, p->name);
		proc_put(p);
	}
}

static void show_list(struct proc *p, const char *name, struct list *list)
{
	int shown = 0;

	printk("  %s:", name);
	list_for_each(l, list) {
		if (shown++ == 24) {
			printk(" ...");
			break;
		}
		printk(" %u", vcoreid_of(p, list_entry(l, struct vcore, link)));
	}
	printk("\n");
}

static void show_vcore(struct proc *p, uint32_t vcoreid)
{
	struct vcpd *vcpd = vcpd_of(p, vcoreid);
	struct vcore_map *map = &p->procinfo->vcoremap[vcoreid];
	uint32_t flags = read_once(vcpd->flags);

	if (!map->valid && !flags && !vcpd->notif_pending)
		return;
	printk("  vcore %u: ", vcoreid);
	if (map->valid)
		printk("on core %u", map->coreid);
	else
		printk("offline");
	printk(", pending %u, disabled %u%s%s%s%s, taken %u/%u\n",
	       vcpd->notif_pending, vcpd->notif_disabled,
	       flags & VC_CAN_RCV_MSG ? ", reads" : "",
	       flags & VC_PREEMPTED ? ", preempted" : "",
	       flags & VC_UTHREAD_STEALING ? ", stolen from" : "",
	       flags & VC_SCP_NOVCCTX ? ", no vcore context yet" : "",
	       map->preempts_done, map->preempts_sent);
}

static void show_vcores(struct proc *p)
{
	spin_lock(&p->lock);
	show_list(p, "online", &p->online_vcs);
	show_list(p, "bulk-preempted", &p->bulk_preempted_vcs);
	show_list(p, "inactive", &p->inactive_vcs);
	spin_unlock(&p->lock);
	for (uint32_t v = 0; v < p->max_vcores; v++)
		show_vcore(p, v);
}

static void show_ucq(const struct ucq *ucq)
{
	uint64_t n = ucq->prod_idx - ucq->cons_idx;

	if (!n)
		printk("ucq, empty");
	else if (n < UCQ_SLOTS)
		printk("ucq, messages waiting (%lu)", n);
	else
		printk("ucq, messages waiting (on more than a page)");
	printk(", overflow %u", ucq->prod_overflow);
}

/* What lies in a mailbox of @p, whose address space is loaded. */
static void show_mbox(struct event_mbox *u_mbox)
{
	struct event_mbox mbox;

	if (copy_from_user(&mbox, u_mbox, sizeof(mbox)))
		printk("not there");
	else if (mbox.type == EV_MBOX_UCQ)
		show_ucq(&mbox.ucq);
	else if (mbox.type == EV_MBOX_BITMAP)
		printk("bitmap 0x%x %x, hint %u", mbox.evbm.bits[1],
		       mbox.evbm.bits[0], mbox.evbm.check_bits);
	else if (mbox.type == EV_MBOX_CEQ)
		printk("ceq, %u in the ring, overflow %u",
		       mbox.ceq.prod_idx - mbox.ceq.cons_pvt,
		       mbox.ceq.ring_overflowed);
	else
		printk("no mailbox (type %u)", mbox.type);
	printk("\n");
}

static void show_evq(struct proc *p, uint32_t type)
{
	struct event_queue *u_ev_q = read_once(p->procdata->kernel_evts[type]);
	struct event_queue evq;

	if (!u_ev_q)
		return;
	printk("  type %u: ev_q %p, ", type, u_ev_q);
	if (copy_from_user(&evq, u_ev_q, sizeof(evq))) {
		printk("not there\n");
		return;
	}
	printk("flags 0x%x, vcore %u, alert %u, ", evq.ev_flags, evq.ev_vcore,
	       evq.ev_alert_pending);
	show_mbox(evq.ev_mbox ? evq.ev_mbox :
		  get_vcpd_mbox(evq.ev_vcore % p->max_vcores, evq.ev_flags));
}

static void show_mailboxes(struct proc *p)
{
	struct aspace *old = switch_to(p);

	for (uint32_t type = 0; type < MAX_NR_EVENT; type++)
		show_evq(p, type);
	for (uint32_t v = 0; v < p->max_vcores; v++) {
		if (!vcpd_of(p, v)->flags)
			continue;
		printk("  vcore %u public: ", v);
		show_mbox(&u_vcpd_of(v)->mbox_public);
		printk("  vcore %u private: ", v);
		show_mbox(&u_vcpd_of(v)->mbox_private);
	}
	switch_back(old);
}

static void show_counters(struct proc *p)
{
	struct procinfo *info = p->procinfo;

	printk("  posted %lu, coalesced %lu, indirections %lu, throttled %lu\n"
	       "  notified %lu, woken %lu, %lu pages\n", info->posted,
	       info->coalesced, info->indirs, info->throttled, info->notifies,
	       info->wakeups, aspace_pages(p->as));
	for (uint32_t why = 0; why < EVR_NR; why++)
		if (info->refused[why])
			printk("  refused %lu: %s\n", info->refused[why],
			       refusal_name(why));
}

/* The alarms that @p has asked for. */
static void show_alarms(struct proc *p)
{
	struct proc_alarm_info info = { .id = 0 };
	uint64_t now = time_ns();

	while (alarms_next(p, &info)) {
		printk("  alarm %u: in %ld us", info.id,
		       (int64_t)(info.deadline - now) / 1000);
		if (info.period)
			printk(", every %lu us", info.period / 1000);
		printk(", to ev_q %p\n", info.u_ev_q);
	}
}

/* The locks that a core holds; the last one it may still be waiting for. */
static void show_locks(struct percore *pc)
{
	uint32_t held = read_once(pc->locks);

	if (!held) {
		printk("no locks");
		return;
	}
	printk("locks:");
	for (uint32_t rank = 0; held >> rank; rank++)
		if (held >> rank & 1)
			printk(" %s", lock_rank_name(rank));
}

static void show_core_alarms(struct core *core)
{
	uint64_t flags = spin_lock_irqsave(&core->alarm_lock);
	uint64_t first = core->alarms ? core->alarms->deadline : 0;
	uint32_t n = 0;

	for (struct alarm *a = core->alarms; a; a = a->next)
		n++;
	spin_unlock_irqrestore(&core->alarm_lock, flags);
	if (n)
		printk(", %u alarms, the next in %ld us", n,
		       (int64_t)(first - time_ns()) / 1000);
}

static void show_cores(void)
{
	for (uint32_t c = 0; c < core_count(); c++) {
		struct core *core = core_of(c);
		struct kmsg_queue *q = &core->kmsgs;

		printk("  core %u: %s, messages %s, ", c,
		       read_once(core->owner) ? "owned" : "nobody's",
		       q->ready || q->incoming[KMSG_ROUTINE] ? "waiting"
							     : "none");
		show_locks(&core->pc);
		show_core_alarms(core);
		printk("\n");
	}
}

static void show_memory(void)
{
	printk("  %lu of %lu pages free, %lu kernel threads\n",
	       page_free_count(), page_total_count(), kthread_count());
}

/* Runs on the core that was asked, inside the interrupt. */
static void answer_backtrace(struct kmsg *msg)
{
	printk("core %u ", core_id());
	backtrace();
	write_once(answers[core_id()], answers[core_id()] + 1);
}

/* Have core @c say where it is. */
static void ask_backtrace(uint32_t c)
{
	uint64_t deadline = time_ns() + ANSWER_NS;
	uint32_t before = read_once(answers[c]);

	kmsg_send(c, &ask[c]);
	while (read_once(answers[c]) == before && time_ns() < deadline)
		cpu_relax_bounded();
	if (read_once(answers[c]) == before)
		printk("core %u does not answer: interrupts are off there, or "
		       "it does not get to run\n", c);
}

static void show_backtraces(void)
{
	for (uint32_t c = 0; c < core_count(); c++) {
		if (!panicking())
			ask_backtrace(c);
		else if (c != core_id())
			backtrace_of(c);
	}
}

static void show_help(void)
{
	printk("  ps             processes and their states\n"
	       "  vcores PID     its vcores: lists and flags\n"
	       "  evqs PID       its event queues and mailboxes\n"
	       "  counters PID   what was posted, coalesced, refused\n"
	       "  alarms PID     when they ring, and where\n"
	       "  cores          owners, messages, locks held, alarms\n"
	       "  memory         pages and kernel threads\n"
	       "  bt             where every core is\n"
	       "  trace          write the trace to the second serial port\n"
	       "  trace on       start one\n"
	       "  halt           end the machine\n"
	       "  continue       (or ^P) leave the monitor\n");
}

/* Does @line begin with @word?  Then *@rest is what follows the blanks. */
static bool is_word(const char *line, const char *word, const char **rest)
{
	size_t n = strlen(word);

	if (strncmp(line, word, n) || (line[n] && line[n] != ' '))
		return false;
	while (line[n] == ' ')
		n++;
	*rest = line + n;
	return true;
}

/* The process that @arg names, with a reference; or NULL, and says so. */
static struct proc *named_proc(const char *arg)
{
	uint32_t pid = 0;
	struct proc *p;

	while (*arg >= '0' && *arg <= '9')
		pid = pid * 10 + (*arg++ - '0');
	p = proc_lookup(pid);
	if (!p)
		printk("which process? try: ps\n");
	return p;
}

static bool monitor_about_proc(const char *line)
{
	void (*show)(struct proc *p) = NULL;
	const char *arg = "";
	struct proc *p;

	if (is_word(line, "vcores", &arg))
		show = show_vcores;
	else if (is_word(line, "evqs", &arg))
		show = show_mailboxes;
	else if (is_word(line, "counters", &arg))
		show = show_counters;
	else if (is_word(line, "alarms", &arg))
		show = show_alarms;
	if (!show)
		return false;
	p = named_proc(arg);
	if (p) {
		show(p);
		proc_put(p);
	}
	return true;
}

static void monitor_command(const char *line)
{
	const char *arg;

	if (monitor_about_proc(line))
		return;
	if (is_word(line, "ps", &arg))
		show_procs();
	else if (is_word(line, "cores", &arg))
		show_cores();
	else if (is_word(line, "memory", &arg))
		show_memory();
	else if (is_word(line, "bt", &arg))
		show_backtraces();
	else if (is_word(line, "halt", &arg))
		machine_exit(0);
	else if (!is_word(line, "trace", &arg))
		show_help();
	else if (!*arg)
		trace_dump();
	else if (trace_start())
		printk("no memory\n");
}

static void monitor_commands(void)
{
	char line[LINE_MAX];
	const char *arg;

	for (;;) {
		monitor_line(line);
		if (is_word(line, "continue", &arg) ||
		    is_word(line, "c", &arg) ||
		    (panicking() && is_word(line, "halt", &arg)))
			return;
		monitor_command(line);
	}
}

void panic_monitor(void)
{
	if (!bootarg_number("ev6.monitor", 0))
		return;
	printk("the machine has stopped; look around: `help` helps, `continue` "
	       "ends it\n");
	monitor_commands();
}

void monitor(void)
{
	printk("\nthe machine goes on without core 0; `help` helps\n");
	monitor_commands();
}

void monitor_init(void)
{
	for (uint32_t c = 0; c < MAX_CORES; c++)
		kmsg_init(&ask[c], KMSG_IMMEDIATE, answer_backtrace);
}
