/* kernel.c - kernel messages, system calls: what has no mailbox. */
#include "stage.h"

#include "arch/x86/irq.h"
#include "syscall/complete.h"

/* user/lib */
bool register_evq(struct syscall *sc, struct event_queue *ev_q);
void deregister_evq(struct syscall *sc);
bool syscall_done(struct syscall *sc);

/* --- P12, P14: kernel messages -------------------------------------------- */

void real_kmsg_send(uint32_t coreid, struct kmsg *msg);
void real_kmsg_run(void);
void real_core_loop(void);

static struct kmsg routine, urgent;
static uint32_t written, seen, ran;

static void on_routine(struct kmsg *msg)
{
	ran |= 1;
	seen = read_once(written);
}

static void on_urgent(struct kmsg *msg)
{
	ran |= 2;
}

static void idle(void *arg)
{
	core_loop();
}

static void send_routine(void *arg)
{
	write_once(written, read_once(written) + 1);
	kmsg_send(1, &routine);
}

static void send_routine_again(void *arg)
{
	write_once(written, 1);
	kmsg_send(1, &routine);
	write_once(written, 2);
	kmsg_send(1, &routine);
}

static void send_urgent(void *arg)
{
	kmsg_send(1, &urgent);
}

static void kmsg_setup(void)
{
	stage_cores();
	kmsg_init(&routine, KMSG_ROUTINE, on_routine);
	kmsg_init(&urgent, KMSG_IMMEDIATE, on_urgent);
	xp_ghost(&seen, 4);
	xp_ghost(&ran, 4);
	xp_name(&written, 4, "what the message is about");
	xp_name(&routine.queued, 4, "message queued");
	xp_thread_on(1, "idle core", idle, NULL);
	stage_takes_irqs();
}

static void idle_setup(void)
{
	kmsg_setup();
	stage_sender("sender", send_routine, NULL);
	stage_sender("sender 2", send_urgent, NULL);
}

static void idle_check(void)
{
	xp_require(ran == 3 && seen == 1, "ran %#x, saw %u: a core sleeps on "
		   "a message", ran, seen);
}

XP_TEST(kmsg_idle, .group = "kmsg", .pairs = "P12 P14",
	.proves = "no core halts with a message, routine or immediate",
	.setup = idle_setup, .check = idle_check);

static void once_setup(void)
{
	kmsg_setup();
	stage_sender("sender", send_routine_again, NULL);
}

static void once_check(void)
{
	xp_require(ran == 1 && seen == 2, "the last run saw %u of 2 writes",
		   seen);
}

XP_TEST(kmsg_once, .group = "kmsg", .pairs = "P12",
	.proves = "who sends a message that is queued is still heard",
	.setup = once_setup, .check = once_check);

/* --- P11: system calls ---------------------------------------------------- */

static struct syscall *sc;
static struct event_queue *ev_q;
static uint32_t registered, reused;

static void complete(void *arg)
{
	xp_fetch_begin();
	syscall_complete(&proc, sc, 42);
	xp_fetch_end();
}

static void wait_for_it(void)
{
	registered = 1 + register_evq(sc, ev_q);
}

static void sc_setup(void (*user)(void))
{
	stage_uthread(EV_MBOX_BITMAP, user);
	ev_q = stage_evq(EVENT_IPI, 0, 0);
	sc = (struct syscall *)xp_page_alloc();
	xp_name(&sc->flags, 4, "sysc.flags");
	xp_name(&sc->retval, 8, "sysc.retval");
	xp_name(&sc->err, 8, "sysc.err");
	xp_name(&sc->ev_q, 8, "sysc.ev_q");
	xp_ghost(&registered, 4);
	xp_ghost(&reused, 4);
	stage_sender("kernel", complete, NULL);
}

static void register_setup(void)
{
	sc_setup(wait_for_it);
}

static void register_check(void)
{
	xp_require(syscall_done(sc) && sc->retval == 42, "not done");
	xp_require(registered, "the vcore did not get there");
	stage_expect(registered == 2 ? 1U << EV_SYSCALL : 0);
}

XP_TEST(syscall_register, .group = "syscall", .pairs = "P11",
	.proves = "a completion is heard of once: by event, or by the refusal "
		  "to register",
	.setup = register_setup, .check = register_check);

static void reuse(void)
{
	while (!syscall_done(sc))
		cpu_relax();
	xp_require(read_once(sc->retval) == 42, "done, but retval is %ld",
		   (long)sc->retval);
	write_once(sc->flags, 0);
	write_once(sc->retval, 7);
	write_once(sc->ev_q, NULL);
	reused = 1;
}

static void register_then_reuse(void)
{
	registered = 1 + register_evq(sc, ev_q);
	reuse();
}

static void reuse_setup(void)
{
	sc_setup(register_then_reuse);
}

static void reuse_check(void)
{
	xp_require(reused && !sc->flags && sc->retval == 7,
		   "the kernel wrote into a struct that was reused: flags %#x",
		   sc->flags);
	stage_expect(registered == 2 ? 1U << EV_SYSCALL : 0);
}

XP_TEST(syscall_reuse, .group = "syscall", .pairs = "P11",
	.proves = "a call that is done may be reused at once",
	.setup = reuse_setup, .check = reuse_check);

static void deregister(void)
{
	register_evq(sc, ev_q);
	deregister_evq(sc);
	reused = 1;
	ev_q->ev_flags = 0xdead;	/* somebody else's by now */
	ev_q->ev_vcore = 0xdead;
}

static void deregister_setup(void)
{
	sc_setup(deregister);
}

static void deregister_check(void)
{
	xp_require(reused, "the vcore did not get there");
}

XP_TEST(syscall_deregister, .group = "syscall", .pairs = "P11",
	.proves = "after deregister_evq() the kernel does not touch the ev_q",
	.setup = deregister_setup, .check = deregister_check);
