/*
 * stage.c - a small machine for the tests; see stage.h.
 */
#include "stage.h"
#include "stage_user.h"

#include "abi/errno.h"
#include "arch/x86/context.h"
#include "arch/x86/irq.h"
#include "core/alarm.h"
#include "event/event.h"
#include "event/refuse.h"
#include "mm/aspace.h"
#include "proc/cores.h"
#include "proc/mcp.h"
#include "proc/notify.h"
#include "proc/restart.h"
#include "proc/sched.h"
#include "proc/switch.h"
#include "proc/upcall.h"
#include "proc/yield.h"
#include "lib/string.h"

/* The user library's side: its headers have names that the kernel's have. */
struct tcb {
	struct tcb	*self;
	uint32_t	in_vcore;
	uint32_t	vcoreid;
	uint32_t	notif_depth;
	uint32_t	pad;
	void		*uthread;
};
void vcore_main(uint32_t vcoreid);
void vcore_set_entry(void (*fn)(void));
void vcore_yield(bool being_nice);
unsigned int handle_events(uint32_t vcoreid);
int mbox_init(struct event_mbox *mbox, uint32_t type);
int ceq_init(struct ceq *ceq, uint32_t operation, uint32_t nr_events,
	     uint32_t ring_sz);
void event_init(void);
int register_ev_handler(unsigned int ev_type, handle_event_t handler,
			void *data);

struct proc proc;
uint32_t handled;

static struct core cores[STAGE_CORES];
static struct tcb tcbs[STAGE_CORES];
static struct vcore kernel_vcores[4];
static uint32_t in_user[STAGE_CORES];	/* core_loop() has said: go */
static uint32_t free_core[STAGE_CORES];
static uint32_t scp_ready;		/* it has its turn next */
static uint32_t nr_cores;
static uint32_t in_kernel[STAGE_CORES];	/* an interrupt goes back there */
static void (*uthread_fn)(void);
static void (*core_fn)(void *arg);
static uint32_t never;			/* stays 0 */
static uint32_t tolerant;		/* events that are refused: counted */
uint32_t refused;
static uint32_t watch_epochs;
static uint32_t poor;			/* memory may be at its end */

/* --- cores ---------------------------------------------------------------- */

struct percore *percore(void)
{
	return &cores[xp_core()].pc;
}

uint32_t core_id(void)
{
	return xp_core();
}

struct core *core_of(uint32_t coreid)
{
	return &cores[coreid];
}

uint32_t core_count(void)
{
	return nr_cores;
}

struct tcb *tcb_self(void)
{
	return &tcbs[xp_core()];
}

/* arch/x86/apic.c: an ICR write waits for no store, so it is fenced. */
void apic_send_ipi(uint32_t apicid, uint8_t vector)
{
	ipi_fence();
	xp_post_irq(apicid);
}

/*
 * Messages between cores: the shipped core/kmsg.c and core_loop(), or a short
 * form of both where they are not the subject.  There, sending a message is one
 * step, and an idle core sleeps until there is one.
 */
void real_kmsg_send(uint32_t coreid, struct kmsg *msg);
void real_kmsg_run(void);
void real_core_loop(void) __attribute__((noreturn));
void kmsg_interrupt(void);

static uint32_t short_form;
static uint32_t inbox[STAGE_CORES];

void kmsg_send(uint32_t coreid, struct kmsg *msg)
{
	struct core *core = core_of(coreid);

	if (short_form)
		xp_push(&inbox[coreid], msg == &core->look ? 1 :
			msg == &core->start ? 2 : 3);
	else
		real_kmsg_send(coreid, msg);
}

void kmsg_run(void)
{
	struct core *core = this_core();
	uint32_t got;

	if (!short_form) {
		real_kmsg_run();
		return;
	}
	if (!read_once(inbox[core_id()]))
		return;
	got = atomic_swap32(&inbox[core_id()], 0);
	for (int digit = 8; digit >= 0; digit -= 4) {
		switch (got >> digit & 15) {
		case 1:
			core->look.fn(&core->look);
			break;
		case 2:
			core->start.fn(&core->start);
			break;
		case 3:
			core->preempt.fn(&core->preempt);
			break;
		}
	}
}

void core_loop(void)
{
	struct core *core = this_core();
	struct proc *p;

	if (!short_form)
		real_core_loop();
	for (;;) {
		kmsg_run();
		if (!core->owner && !core_id() &&
		    sched_core0(&p) == SCHED_SCP) {
			core->owner_vcoreid = 0;
			core->owner = p;
			upcall_restart_scp(core, p);
		}
		if (core->owner)
			context_enter(core->ctx);
		xp_sleep_until(&inbox[core_id()]);
	}
}

/* An interrupt in the kernel: what it wants is done by core_loop(). */
static void on_irq(void)
{
	kmsg_interrupt();
}

/* --- what is not the subject ---------------------------------------------- */

uint64_t time_ns(void)
{
	return 0;
}

void alarm_set(struct alarm *alarm, uint64_t when, void (*fn)(struct alarm *))
{
}

bool alarm_cancel(struct alarm *alarm)
{
	return false;
}

void aspace_load(struct aspace *as)
{
}

void aspace_unload(void)
{
}

struct aspace *aspace_current(void)
{
	return NULL;
}

int aspace_map_page_now(struct aspace *as, uintptr_t *va)
{
	if (poor && xp_choose(2))
		return -ENOMEM;
	*va = xp_page_alloc();
	return 0;
}

struct aspace *switch_to(struct proc *p)
{
	xp_fetch_begin();
	return NULL;
}

void switch_back(struct aspace *old)
{
	xp_fetch_end();
}

void refuse(struct proc *p, enum ev_refusal why)
{
	if (tolerant) {
		refused++;
		return;
	}
	xp_fail("refused", "the kernel refused an event, reason %d", why);
}

void proc_get(struct proc *p)
{
}

void proc_put(struct proc *p)
{
}

void proc_hold(struct proc *p)
{
}

void proc_release(struct proc *p)
{
}

void proc_destroy(struct proc *p, int status)
{
	xp_fail("killed", "the process is killed");
}

void proc_kill_later(struct proc *p, uint32_t signo)
{
	if (tolerant)
		return;
	xp_fail("killed", "the process is killed");
}

void proc_set_state(struct proc *p, enum proc_state state)
{
	write_once(p->state, state);
}

/* user/lib/preempt.c: also helps preempted vcores, after a thousand looks. */
void vcore_relax(void)
{
	cpu_relax();
}

void runtime_fail(const char *why)
{
	xp_fail("wrong", "the user library gives up: %s", why);
}

/* --- who gets which core -------------------------------------------------- */

uint32_t sched_wants(struct proc *p)
{
	uint32_t state = read_once(p->state);
	uint32_t have = read_once(p->procinfo->num_vcores);
	uint32_t wanted = read_once(p->procdata->cores_wanted);

	if (state != PROC_RUNNABLE_M && state != PROC_RUNNING_M)
		return 0;
	if (wanted > p->max_vcores)
		wanted = p->max_vcores;
	if (!wanted && state == PROC_RUNNABLE_M)
		wanted = 1;
	return wanted > have ? wanted - have : 0;
}

void sched_poke(void)
{
	for (uint32_t c = 1; c < nr_cores; c++) {
		if (short_form && !free_core[c])
			continue;
		if (!sched_wants(&proc))
			return;
		if (!atomic_cas32(&free_core[c], 1, 0))
			continue;
		if (!grant_cores(&proc, &c, 1))
			atomic_swap32(&free_core[c], 1);
	}
}

void sched_core_free(uint32_t coreid)
{
	if (!coreid)
		return;
	atomic_swap32(&free_core[coreid], 1);
	sched_poke();
}

void sched_scp_runnable(struct proc *p)
{
	atomic_swap32(&scp_ready, 1);
	kmsg_send(0, &core_of(0)->look);
}

enum sched_choice sched_core0(struct proc **scp)
{
	struct vcore_map *map = &proc.procinfo->vcoremap[0];

	*scp = NULL;
	if (!atomic_swap32(&scp_ready, 0))
		return SCHED_NOTHING;
	spin_lock(&proc.lock);
	proc_set_state(&proc, PROC_RUNNING_S);
	map->coreid = 0;
	write_once(map->valid, 1);
	write_once(proc.procinfo->num_vcores, 1);
	spin_unlock(&proc.lock);
	*scp = &proc;
	return SCHED_SCP;
}

void sched_start_turn(void)
{
}

void sched_mcp_add(struct proc *p)
{
}

/* --- between user mode and kernel ----------------------------------------- */

int context_start(struct context *ctx, uint64_t entry, uint64_t stack,
		  uint64_t tls, uint64_t arg, bool wipe)
{
	ctx->kind = CONTEXT_FRESH;
	ctx->rdi = arg;
	return 0;
}

void context_save(struct context *dst, const struct context *ctx)
{
	dst->kind = ctx->kind;
	dst->rip = ctx->rip;
}

int context_load(struct context *dst, const struct context *ctx)
{
	dst->kind = ctx->kind;
	dst->rip = ctx->rip;
	return 0;
}

void context_enter(const struct context *ctx)
{
	in_user[core_id()] = 1;
	xp_restart();
}

bool stage_entered(void)
{
	uint32_t c = core_id();

	if (!in_user[c])
		return false;
	in_user[c] = 0;
	return true;
}

/* Every core's thread: user mode, if core_loop() has chosen that. */
static void core_thread(void *arg)
{
	uint32_t c = core_id();

	if (!stage_entered())
		core_loop();
	cores[c].ctx->kind = 0;
	tcbs[c].in_vcore = true;
	tcbs[c].vcoreid = cores[c].owner_vcoreid;
	xp_irq_on();
	vcore_main(tcbs[c].vcoreid);
}

/* Leave vcore context, as user/lib/context.S does. */
static void uthread_pop(uint32_t vcoreid)
{
	struct vcpd *vcpd = vcpd_of(&proc, vcoreid);

	tcb_self()->in_vcore = false;
	write_once(vcpd->notif_disabled, 0);
	full_fence();
	if (read_once(vcpd->notif_pending) ||
	    read_once(vcpd->flags) & VC_UTHREAD_STEALING)
		proc_notify(&proc, vcoreid);
}

void stage_unmask(void)
{
	struct core *core = this_core();

	core->ctx = &core->room;
	core->ctx->kind = 0;
	uthread_pop(core->owner_vcoreid);
	kmsg_run();
	if (core->ctx->kind == CONTEXT_FRESH)
		context_enter(core->ctx);
}

void stage_park(void)
{
	xp_sleep_until(&never);
}

/* The way out of the kernel into a uthread, by way of vcore context if a
 * message wants that. */
static void back_to_uthread(void)
{
	struct core *core = this_core();
	uint32_t *masked = &vcpd_of(&proc, core->owner_vcoreid)->notif_disabled;

	bool irqs = irqs_enabled();

	for (;;) {
		bool was_masked = *masked;
		bool fresh;

		in_kernel[core_id()] = 1;
		kmsg_run();
		/* The last look is with interrupts off, as in core_loop(). */
		irq_disable();
		fresh = core->ctx->kind == CONTEXT_FRESH;
		if (!fresh && kmsg_waiting()) {
			if (irqs)
				irq_enable();
			continue;
		}
		core->ctx->kind = 0;
		in_kernel[core_id()] = 0;
		if (irqs)
			irq_enable();
		if (!fresh)
			return;
		xp_require(!was_masked, "interrupted although it is masked");
		tcb_self()->in_vcore = true;
		handle_events(core->owner_vcoreid);
		uthread_pop(core->owner_vcoreid);
	}
}

static void user_irq(void)
{
	kmsg_interrupt();
	if (!in_kernel[core_id()])
		back_to_uthread();
}

/* The kernel's half of the system calls that the library makes here. */
void syscall_trap(struct syscall *sc)
{
	struct core *core = this_core();
	struct tcb *tcb = tcb_self();

	sc->flags = SC_DONE;
	switch (sc->num) {
	case SYS_mmap:
		sc->retval = (int64_t)xp_page_alloc();
		return;
	case SYS_munmap:
		xp_page_free(sc->arg[0]);
		return;
	case SYS_self_notify:
		if (sc->arg[1] != EV_NONE) {
			struct event_msg msg;

			memcpy(&msg, (void *)sc->arg[2], sizeof(msg));
			post_vcore_event(&proc, &msg, (uint32_t)sc->arg[0],
					 sc->arg[3] ? EVENT_VCORE_PRIVATE : 0);
		}
		proc_notify(&proc, (uint32_t)sc->arg[0]);
		break;
	case SYS_change_vcore:
		sc->retval = -EBUSY;	/* as if it ran again by now */
		return;
	case SYS_yield:
		proc_yield(sc->arg[0]);
		break;
	case SYS_poke_ksched:
		sched_poke();
		return;
	case SYS_change_to_m:
		proc_change_to_m();
		break;
	default:
		xp_fail("wrong", "system call %u is not explored", sc->num);
	}
	if (!core->owner)
		core_loop();
	if (tcb->in_vcore)
		kmsg_run();
	else
		back_to_uthread();
}

/* Not reached here. */
void context_save_and_call(struct context *save, uint64_t stack,
			   uint64_t fs_base, void (*fn)(void *arg), void *arg)
{
	xp_fail("wrong", "context_save_and_call() is not explored");
}

void context_init(struct context *ctx, uint64_t entry, uint64_t stack)
{
}

void *tls_init(void *mem, size_t size)
{
	return NULL;
}

void *tls_bottom(void *tcb)
{
	return NULL;
}

char vcore_entry[1];

/* --- setting up ----------------------------------------------------------- */

static void name_mbox(struct event_mbox *m, const char *name)
{
	xp_name(m, sizeof(*m), "%s", name);
	switch (m->type) {
	case EV_MBOX_UCQ:
		xp_name(&m->ucq.prod_idx, 8, "%s.prod_idx", name);
		xp_name(&m->ucq.cons_idx, 8, "%s.cons_idx", name);
		xp_name(&m->ucq.spare_pg, 8, "%s.spare_pg", name);
		xp_name(&m->ucq.prod_overflow, 4, "%s.prod_overflow", name);
		xp_name(&m->ucq.cons_lock, 4, "%s.cons_lock", name);
		break;
	case EV_MBOX_BITMAP:
		xp_name(&m->evbm.check_bits, 4, "%s.check_bits", name);
		xp_name(&m->evbm.bits, 8, "%s.bits", name);
		break;
	case EV_MBOX_CEQ:
		xp_name(&m->ceq.max_event_ever, 4, "%s.max_event_ever", name);
		xp_name(&m->ceq.prod_idx, 4, "%s.prod_idx", name);
		xp_name(&m->ceq.cons_pub, 4, "%s.cons_pub", name);
		xp_name(&m->ceq.cons_pvt, 4, "%s.cons_pvt", name);
		xp_name(&m->ceq.ring_overflowed, 4, "%s.ring_overflowed",
			name);
		xp_name(&m->ceq.cons_lock, 4, "%s.cons_lock", name);
		xp_name(&m->ceq.overflow_recovery, 4, "%s.overflow_recovery",
			name);
		break;
	}
}

static void name_page(uintptr_t page, uint32_t n)
{
	struct ucq_page *p = (struct ucq_page *)page;

	xp_name(p, PAGE_SIZE, "page%u", n);
	xp_name(&p->next, 8, "page%u.next", n);
	xp_name(&p->nr_cons, 4, "page%u.nr_cons", n);
	for (uint32_t i = 0; i < UCQ_SLOTS && i < 4; i++) {
		xp_name(&p->slot[i].msg, 24, "page%u.slot[%u].msg", n, i);
		xp_name(&p->slot[i].ready, 4, "page%u.slot[%u].ready", n, i);
	}
}

static void name_vcpd(uint32_t v)
{
	struct vcpd *vcpd = vcpd_of(&proc, v);
	struct vcore_map *map = &proc.procinfo->vcoremap[v];

	xp_name(&vcpd->flags, 4, "vc%u.flags", v);
	xp_name(&vcpd->notif_pending, 4, "vc%u.notif_pending", v);
	xp_name(&vcpd->notif_disabled, 4, "vc%u.notif_disabled", v);
	xp_ignore(&vcpd->nr_handled, 16);
	xp_fetch_twice(&vcpd->mbox_public, sizeof(vcpd->mbox_public));
	xp_fetch_twice(&vcpd->mbox_private, sizeof(vcpd->mbox_private));
	xp_name(&map->valid, 4, "map[%u].valid", v);
	xp_name(&map->coreid, 4, "map[%u].coreid", v);
	xp_name(&map->preempts_sent, 4, "map[%u].preempts_sent", v);
	xp_name(&map->preempts_done, 4, "map[%u].preempts_done", v);
	xp_name(&kernel_vcores[v], sizeof(struct vcore), "vcore %u's link",
		v);
}

static void name_proc(void)
{
	xp_name(&proc.state, 4, "state");
	xp_name(&proc.lock, 4, "p->lock");
	xp_name(&proc.is_mcp, 4, "is_mcp");
	xp_name(&proc.online_vcs, 8, "head of online_vcs");
	xp_name(&proc.bulk_preempted_vcs, 8, "head of bulk_preempted_vcs");
	xp_name(&proc.inactive_vcs, 8, "head of inactive_vcs");
	xp_name(&proc.procinfo->num_vcores, 4, "num_vcores");
	xp_name(&proc.procdata->cores_wanted, 4, "cores_wanted");
	xp_name(&proc.procinfo->is_mcp, 4, "procinfo.is_mcp");
	xp_name(&scp_ready, 4, "SCP in line");
	for (uint32_t c = 0; c < STAGE_CORES; c++) {
		struct kmsg_queue *q = &cores[c].kmsgs;

		xp_name(&cores[c].look.queued, 4, "core %u: look queued", c);
		xp_name(&cores[c].start.queued, 4, "core %u: start queued",
			c);
		xp_name(&q->incoming[KMSG_ROUTINE], 8, "core %u: messages",
			c);
		xp_name(&inbox[c], 4, "core %u: messages", c);
		xp_name(&cores[c].owner, 8, "core %u: owner", c);
		xp_name(&free_core[c], 4, "core %u: free", c);
	}
}

static void count(struct event_msg *msg, unsigned int ev_type, void *data)
{
	handled |= 1U << ev_type;
}

/* Mailboxes as the library makes them, but a CEQ of few entries. */
static void make_mbox(struct event_mbox *m, uint32_t type, const char *name)
{
	if (type == EV_MBOX_CEQ) {
		ceq_init(&m->ceq, CEQ_OR, 16, 1);
		m->type = type;
	} else if (mbox_init(m, type)) {
		xp_fail("engine", "no mailbox");
	}
	name_mbox(m, name);
}

static void stage_proc(uint32_t max_vcores)
{
	struct proc *p = &proc;
	uintptr_t pages[3];

	p->procdata = (struct procdata *)PROCDATA_VA;
	p->procinfo = (struct procinfo *)PROCINFO_VA;
	p->max_vcores = p->procinfo->max_vcores = max_vcores;
	p->pid = 1;
	p->vcores = kernel_vcores;
	spin_init(&p->lock, "proc", RANK_PROC);
	list_init(&p->online_vcs);
	list_init(&p->bulk_preempted_vcs);
	list_init(&p->inactive_vcs);
	xp_ignore(&p->procinfo->posted, offsetof(struct procinfo, vcoremap) -
		  offsetof(struct procinfo, posted));
	xp_ghost(&handled, sizeof(handled));
	if (short_form)
		xp_ghost(free_core, sizeof(free_core));
	for (uint32_t v = 0; v < max_vcores; v++) {
		list_init(&p->vcores[v].link);
		name_vcpd(v);
	}
	name_proc();
	for (uint32_t i = 0; i < 3; i++)
		pages[i] = xp_page_alloc();
	for (uint32_t i = 0; i < 3; i++) {
		name_page(pages[i], i);
		xp_page_free(pages[i]);
	}
	for (uint32_t c = 0; c < STAGE_CORES; c++) {
		cores[c].pc.coreid = cores[c].pc.apicid = c;
		cores[c].ctx = &cores[c].room;
		restart_init_core(&cores[c]);
	}
	event_init();
	if (!watch_epochs)
		stage_forget_epochs();
	for (uint32_t t = EV_FREE_APPLE_PIE; t <= EV_SYSCALL; t++)
		register_ev_handler(t, count, NULL);
}

static void stage_vcpd(uint32_t v, uint32_t mbox)
{
	static const char *const names[] = { "vc0", "vc1", "vc2", "vc3" };
	struct vcpd *vcpd = vcpd_of(&proc, v);

	make_mbox(&vcpd->mbox_public, mbox, names[v]);
	make_mbox(&vcpd->mbox_private, EV_MBOX_BITMAP, "private");
	vcpd->vcore_entry = 1;
	vcpd->notif_disabled = 1;
}

/* @vcpd's vcore is on core @c: owned, mapped, in vcore context. */
static void stage_online(uint32_t v, uint32_t c)
{
	struct vcore_map *map = &proc.procinfo->vcoremap[v];

	vcpd_of(&proc, v)->flags = VC_CAN_RCV_MSG;
	map->valid = 1;
	map->coreid = c;
	proc.procinfo->num_vcores++;
	cores[c].owner = &proc;
	cores[c].owner_vcoreid = v;
	in_user[c] = 1;
}

static void stage_core(uint32_t c, const char *name)
{
	xp_thread_on(c, name, core_fn ? core_fn : core_thread, NULL);
	if (!short_form)
		xp_on_irq(on_irq);
}

void stage_mcp(uint32_t n, uint32_t online, uint32_t mbox,
	       void (*entry)(void))
{
	static const char *const names[] = { "vcore 0", "vcore 1", "core 3" };

	stage_proc(n);
	proc.is_mcp = true;
	proc.procinfo->is_mcp = 1;
	proc.state = online ? PROC_RUNNING_M : PROC_WAITING;
	proc.procdata->cores_wanted = online;
	vcore_set_entry(entry);
	nr_cores = n + 1;
	for (uint32_t v = 0; v < n; v++) {
		stage_vcpd(v, mbox);
		if (v < online) {
			list_append(&proc.online_vcs, &proc.vcores[v].link);
			stage_online(v, v + 1);
		} else {
			list_append(&proc.inactive_vcs, &proc.vcores[v].link);
			vcpd_of(&proc, v)->notif_disabled = 0;
			free_core[v + 1] = 1;
		}
		stage_core(v + 1, names[v]);
	}
}

void stage_core_later(uint32_t vcoreid)
{
	free_core[vcoreid + 1] = 0;
	proc.procdata->cores_wanted++;
}

void stage_core_now(uint32_t vcoreid)
{
	sched_core_free(vcoreid + 1);
}

void stage_scp(uint32_t n, uint32_t mbox, void (*entry)(void))
{
	static const char *const names[] = { "core 1", "core 2", "core 3" };

	stage_proc(n);
	proc.state = PROC_RUNNING_S;
	vcore_set_entry(entry);
	nr_cores = 1;
	for (uint32_t v = 0; v < n; v++) {
		stage_vcpd(v, mbox);
		list_append(&proc.inactive_vcs, &proc.vcores[v].link);
	}
	stage_online(0, 0);
	stage_core(0, "core 0");
	if (n == 1)
		return;
	nr_cores = n + 1;
	for (uint32_t c = 1; c <= n; c++) {
		free_core[c] = 1;
		stage_core(c, names[c - 1]);
	}
}

void stage_become_mcp(uint32_t wanted)
{
	struct syscall sc = { .num = SYS_change_to_m };

	write_once(proc.procdata->cores_wanted, wanted);
	syscall_trap(&sc);
}

static void uthread_thread(void *arg)
{
	uthread_fn();
	for (;;)
		xp_halt();		/* runs on, interested in nothing */
}

void stage_uthread(uint32_t mbox, void (*fn)(void))
{
	stage_proc(1);
	proc.is_mcp = true;
	proc.procinfo->is_mcp = 1;
	proc.state = PROC_RUNNING_M;
	nr_cores = 2;
	uthread_fn = fn;
	xp_ghost(in_kernel, sizeof(in_kernel));
	stage_vcpd(0, mbox);
	list_append(&proc.online_vcs, &proc.vcores[0].link);
	stage_online(0, 1);
	vcpd_of(&proc, 0)->notif_disabled = 0;
	xp_thread_on(1, "vcore 0", uthread_thread, NULL);
	xp_on_irq(user_irq);
}

void stage_cores(void)
{
	stage_proc(1);
	nr_cores = STAGE_CORES;
}

void stage_takes_irqs(void)
{
	xp_on_irq(on_irq);
}

void stage_public(uint32_t v, uint32_t mbox)
{
	struct vcpd *vcpd = vcpd_of(&proc, v);

	make_mbox(&vcpd->mbox_public, mbox, "vc0's mailbox");
}

void stage_sender(const char *name, void (*fn)(void *arg), void *arg)
{
	static uint32_t next = STAGE_CORES - 3;

	xp_thread_on(next++, name, fn, arg);
}

struct event_queue *stage_evq(uint32_t flags, uint32_t vcoreid, uint32_t mbox)
{
	uintptr_t page = xp_page_alloc();
	struct event_queue *ev_q = (struct event_queue *)page;

	ev_q->ev_flags = flags;
	ev_q->ev_vcore = vcoreid;
	if (mbox) {
		ev_q->ev_mbox = (struct event_mbox *)(page + 64);
		make_mbox(ev_q->ev_mbox, mbox, "evq");
	}
	xp_name(&ev_q->ev_alert_pending, 4, "ev_alert_pending");
	xp_name(&ev_q->ev_gen, 4, "ev_gen");
	/* send_event() copies it along with the fields around it, and does
	 * not look at that copy. */
	xp_fetch_twice(&ev_q->ev_alert_pending, 4);
	return ev_q;
}

void stage_mailbox(struct event_mbox **mbox, uint32_t type)
{
	stage_proc(1);
	*mbox = stage_evq(0, 0, type)->ev_mbox;
}

void stage_send(struct event_queue *ev_q, uint32_t type)
{
	struct event_msg msg = { .ev_type = (uint16_t)type, .ev_arg2 = 1 };

	send_event(&proc, ev_q, &msg, 0);
}

void stage_expect(uint32_t types)
{
	xp_require(handled == types, "lost: handled types %#x of %#x; "
		   "process %s, vc0: notif_pending=%u flags=%#x", handled,
		   types, proc.state == PROC_WAITING ? "asleep" : "awake",
		   vcpd_of(&proc, 0)->notif_pending,
		   vcpd_of(&proc, 0)->flags);
}

void stage_watch_epochs(void)
{
	watch_epochs = 1;
}

void stage_tolerant(bool may_lack_memory)
{
	tolerant = 1;
	poor = may_lack_memory;
	xp_ghost(&refused, sizeof(refused));
}

void stage_core_is(void (*fn)(void *arg))
{
	core_fn = fn;
}

void stage_wait_for_message(void)
{
	xp_sleep_until(&inbox[core_id()]);
}

void stage_acts_as(uint32_t c, uint32_t vcoreid, bool in_vcore)
{
	tcbs[c].vcoreid = vcoreid;
	tcbs[c].in_vcore = in_vcore;
}

void stage_short(void)
{
	short_form = 1;
}

uint32_t stage_vcoreid(void)
{
	return tcb_self()->vcoreid;
}

void stage_yield(void)
{
	vcore_yield(false);
}

void stage_linger(void)
{
	xp_sleep_until(&vcpd_of(&proc, tcb_self()->vcoreid)->notif_pending);
}
