/*
 * pingpong.c - an event there and an event back, N times.
 *
 * Between two processes: each asks for EV_PING with enable_kevent() and sends
 * with SYS_notify.  Both sleep in between, so each event is also a wakeup.
 *
 * Between two vcores of one process (-m): each answers with SYS_self_notify.
 * Both run a uthread that spins, so each event is an IPI that interrupts one.
 *
 * The answering is done in the handlers, in vcore context.
 */
#include "atomic.h"
#include "clock.h"
#include "event.h"
#include "getopt.h"
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "syscall.h"
#include "unistd.h"
#include "uthread.h"
#include "vcore.h"

#include <limits.h>

#define EV_PING		(EV_NR_FIXED + 1)	/* arg4: rounds still to go */
#define PATIENCE	(5 * NSEC_PER_SEC)

static int peer;			/* process */
static uint32_t done;			/* set by the handler that sees 0 */
static uint32_t arrived;		/* vcores that run a uthread of ours */

/* --- Two processes -------------------------------------------------------- */

static void send_to_peer(uint64_t left)
{
	struct event_msg msg = { .ev_type = EV_PING, .ev_arg4 = left };

	if (sys_notify(peer, EV_PING, &msg) < 0) {
		perror("pingpong: notify");
		exit(1);
	}
}

/* The parent's: give back what came. */
static void on_ping(struct event_msg *msg, unsigned int ev_type, void *data)
{
	send_to_peer(msg->ev_arg4);
}

/* The child's: count, and leave when all are back. */
static void on_pong(struct event_msg *msg, unsigned int ev_type, void *data)
{
	if (msg->ev_arg4 <= 1)
		exit(0);
	send_to_peer(msg->ev_arg4 - 1);
}

static void listen_to(int pid, handle_event_t handler)
{
	peer = pid;
	if (register_ev_handler(EV_PING, handler, NULL) ||
	    enable_kevent(EV_PING, 0, EVENT_IPI | EVENT_WAKEUP)) {
		dprintf(2, "pingpong: cannot receive events\n");
		exit(1);
	}
}

/* Serve first: the parent listened before it let us run.  on_pong() exits; but
 * nobody would call it again if the parent was ended when it was its turn. */
static int child(uint64_t rounds)
{
	listen_to(getppid(), on_pong);
	send_to_peer(rounds);
	while (!sys_kill(peer, 0))
		sleep(1);
	return 1;
}

static int parent(uint64_t rounds)
{
	char args[64];
	int32_t status;
	uint64_t start;
	int len, pid;

	/* snprintf() ends the last of the strings, and the compiler's NULs
	 * the others. */
	len = snprintf(args, sizeof(args), "pingpong%c-c%c%lu", 0, 0, rounds);
	pid = sys_proc_create("bin/pingpong", args, len + 1, 3);
	if (pid < 0) {
		perror("pingpong");
		return 1;
	}
	listen_to(pid, on_ping);
	start = clock_ns();
	if (sys_proc_run(pid) < 0 || sys_waitpid(pid, &status, 0) < 0) {
		perror("pingpong");
		return 1;
	}
	if (status) {
		dprintf(2, "pingpong: the other process failed\n");
		return 1;
	}
	printf("%lu rounds between processes %d and %d, %lu ns each\n", rounds,
	       getpid(), pid, (clock_ns() - start) / rounds);
	return 0;
}

/* --- Two vcores ----------------------------------------------------------- */

static void send_to_vcore(uint32_t vcoreid, uint64_t left)
{
	struct event_msg msg = { .ev_type = EV_PING, .ev_arg4 = left };

	if (sys_self_notify(vcoreid, EV_PING, &msg, true) < 0) {
		perror("pingpong: self_notify");
		exit(1);
	}
}

static void on_vcore_ping(struct event_msg *msg, unsigned int ev_type,
			  void *data)
{
	if (!msg->ev_arg4)
		write_once(done, 1);
	else
		send_to_vcore(1 - vcore_id(), msg->ev_arg4 - 1);
}

/* Give a vcore something to do that can be interrupted. */
static void *occupy(void *arg)
{
	atomic_fetch_add32(&arrived, 1);
	while (!read_once(done))
		cpu_relax();
	return NULL;
}

static int between_vcores(uint64_t rounds)
{
	uint64_t deadline = clock_ns() + PATIENCE;
	uint64_t start;
	int err;

	if (procinfo->nr_cores < 3) {
		dprintf(2, "pingpong: -m needs CPUS=3 or more\n");
		return 1;
	}
	register_ev_handler(EV_PING, on_vcore_ping, NULL);
	err = vcore_request_total(2);
	if (err || !uthread_create(occupy, NULL)) {
		dprintf(2, "pingpong: two vcores: %s, at most %u\n",
			strerror(err ? -err : ENOMEM), max_vcores());
		return 1;
	}
	while (!read_once(arrived)) {
		if (clock_ns() > deadline) {
			dprintf(2, "pingpong: no second vcore came\n");
			return 1;
		}
		cpu_relax_bounded();
	}
	start = clock_ns();
	send_to_vcore(1 - vcore_id(), 2 * rounds - 1);
	occupy(NULL);
	printf("%lu rounds between two vcores, %lu ns each\n", rounds,
	       (clock_ns() - start) / rounds);
	return 0;
}

static int usage(void)
{
	dprintf(2, "usage: pingpong [-m] [ROUNDS]\n");
	return 2;
}

int main(int argc, char *argv[])
{
	int (*run)(uint64_t rounds) = parent;
	long rounds = 1000;
	int letter;

	while ((letter = getopt(argc, argv, "mc")) != -1) {
		if (letter == '?')
			return usage();
		run = letter == 'm' ? between_vcores : child;
	}
	if (argc - optind > 1)
		return usage();
	if (argc - optind == 1 &&
	    !word_to_number(argv[optind], 1, INT_MAX, &rounds))
		return usage();
	return run(rounds);
}
