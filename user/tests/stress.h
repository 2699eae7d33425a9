/*
 * stress.h - a parent that does all it can to a many-core child.
 *
 * In rounds.  In each the parent, single-core, sends numbered messages in all
 * the ways that there are, and between them does whatever STRESS_MIX says, in
 * an order that the seed decides; then it says how many it has sent.  The round
 * ends when the child, stress_child.h, has them all, each of its uthreads has
 * ended, and posted = handled + coalesced.  Some rounds end with its death.
 *
 * `stress_mix 10` goes on for ten minutes; without a number it is short.  A
 * note a second tells how it goes, tools/stress shows them.
 */
#pragma once

#include "clock.h"
#include "leak.h"
#include "stress_child.h"

#define STRESS_STEPS	40	/* in a round */
#define STRESS_PATIENCE	60000	/* ms for a round to end */
#define STRESS_VICTIMS	3	/* beside the child */

struct stress_totals {
	uint64_t	rounds, sent, posted, coalesced, handled;
	uint64_t	taken, taking, killed, progress;
};

static struct stress_totals stress_totals;
static uint64_t stress_heard[STRESS_REPORTS];	/* of this child */
static uint64_t stress_rounds;			/* reports, of this child */
static uint32_t stress_sent[STRESS_KINDS];	/* in this round */
static int stress_pid;
static int stress_victims[STRESS_VICTIMS];

static inline void stress_on_report(struct event_msg *msg,
				    unsigned int ev_type, void *data)
{
	if (msg->ev_arg1 >= STRESS_REPORTS)
		return;
	stress_heard[msg->ev_arg1] = msg->ev_arg4;
	if (msg->ev_arg1 == STRESS_ROUND)
		write_once(stress_rounds, stress_rounds + 1);
}

/* Until the child has reported @n times. */
static inline bool stress_reported(uint64_t n)
{
	struct test_patience patience = test_patience(STRESS_PATIENCE);

	while (read_once(stress_rounds) < n && !test_lost_patience(&patience))
		usleep(300);
	return read_once(stress_rounds) >= n;
}

/* --- What is done to it ----------------------------------------------------*/

static inline void stress_send(uint32_t type, uint32_t n)
{
	uint32_t *sent = &stress_sent[type - STRESS_EV_SPAM];

	for (; n && *sent < STRESS_MAX; n--) {
		struct event_msg msg = {
			.ev_arg2 = 1,
			.ev_arg4 = (*sent)++,
		};

		sys_notify(stress_pid, type, &msg);
		stress_totals.sent++;
	}
}

static inline void stress_burst(void)
{
	uint32_t first = STRESS_MIX & STRESS_SPAM ? STRESS_EV_SPAM
						  : STRESS_EV_UCQ;
	uint32_t end = STRESS_MIX & STRESS_QUEUES ? STRESS_EV_SENT
						  : STRESS_EV_UCQ;

	if (first < end)
		stress_send(first + life_roll(end - first),
			    1 + life_roll(16));
}

/* One vcore or all, now or in a while; or a right to some cores. */
static inline void stress_take(void)
{
	uint32_t cores = procinfo->nr_cores;
	uint32_t vcoreid = life_roll(4) ? life_roll(cores) : -1U;

	if (life_roll(8) == 0)
		sys_provision(stress_pid, life_roll(cores));
	sys_preempt(stress_pid, vcoreid,
		    life_roll(3) ? 0 : 100 + life_roll(3000));
	stress_totals.taking++;
	if (life_roll(2))
		sys_poke_ksched();
}

/* Another life begins, or ends. */
static inline void stress_victim(void)
{
	int *pid = &stress_victims[life_roll(STRESS_VICTIMS)];

	if (!*pid) {
		*pid = test_start(life);
		return;
	}
	sys_kill(*pid, SIGKILL);
	test_wait(*pid);
	*pid = 0;
	stress_totals.killed++;
}

static inline void stress_step(void)
{
	switch (life_roll(8)) {
	case 0:
		usleep(life_roll(1000));
		break;
	case 1:
		if (STRESS_MIX & STRESS_SIGNAL)
			sys_kill(stress_pid, SIGUSR1);
		break;
	case 2:
	case 3:
		if (STRESS_MIX & STRESS_PREEMPT)
			stress_take();
		break;
	case 4:
		if (STRESS_MIX & STRESS_KILL && life_roll(4) == 0)
			stress_victim();
		break;
	default:
		stress_burst();
	}
}

/* --- Rounds ----------------------------------------------------------------*/

/* A new child, that waits for its first round. */
static inline void stress_begin(void)
{
	memset(stress_heard, 0, sizeof(stress_heard));
	write_once(stress_rounds, 0);
	stress_pid = test_start(stress_child);
	REQUIRE(stress_reported(1), "child-starts");
}

static inline void stress_end(void)
{
	stress_totals.posted += stress_heard[STRESS_POSTED];
	stress_totals.coalesced += stress_heard[STRESS_COALESCED];
	stress_totals.handled += stress_heard[STRESS_HANDLED];
	stress_totals.taken += stress_heard[STRESS_TAKEN];
	stress_totals.progress += stress_heard[STRESS_PROGRESS];
	sys_kill(stress_pid, SIGKILL);
	CHECK_EQ(test_wait(stress_pid), W_STATUS(0, SIGKILL), "child");
	stress_totals.killed++;
}

/* Say how many there were of each kind, and send the last signal. */
static inline void stress_tell_sent(void)
{
	for (uint32_t kind = 0; kind < STRESS_KINDS; kind++) {
		struct event_msg msg = {
			.ev_arg1 = (uint16_t)(STRESS_EV_SPAM + kind),
			.ev_arg4 = stress_sent[kind],
		};

		sys_notify(stress_pid, STRESS_EV_SENT, &msg);
	}
	if (STRESS_MIX & STRESS_SIGNAL)
		sys_kill(stress_pid, SIGUSR2);
}

/* False: the child did not come to the end of the round. */
static inline bool stress_round(void)
{
	bool fatal = STRESS_MIX & STRESS_KILL && life_roll(8) == 0;
	uint32_t steps = fatal ? life_roll(STRESS_STEPS) : STRESS_STEPS;
	uint64_t due = stress_rounds + 1;

	memset(stress_sent, 0, sizeof(stress_sent));
	for (uint32_t i = 0; i < steps; i++)
		stress_step();
	stress_totals.rounds++;
	if (fatal) {
		stress_end();
		stress_begin();
		return true;
	}
	stress_tell_sent();
	return stress_reported(due);
}

/* A line on the second serial port. */
static inline void stress_note(const char *name)
{
	struct stress_totals *t = &stress_totals;
	struct kernel_info info = leak_look();
	char text[256];
	int len;

	len = snprintf(text, sizeof(text), "stress=%s rounds=%lu sent=%lu "
		       "posted=%lu coalesced=%lu handled=%lu asked=%lu "
		       "taken=%lu killed=%lu progress=%lu pages=%lu",
		       name, t->rounds, t->sent,
		       t->posted + stress_heard[STRESS_POSTED],
		       t->coalesced + stress_heard[STRESS_COALESCED],
		       t->handled + stress_heard[STRESS_HANDLED], t->taking,
		       t->taken + stress_heard[STRESS_TAKEN], t->killed,
		       t->progress + stress_heard[STRESS_PROGRESS],
		       info.pages_total - info.pages_free);
	sys_record(REC_NOTE, text, (size_t)len);
}

/* Minutes that were asked for on the command line, or 0. */
static inline uint32_t stress_minutes(void)
{
	const char *args = (const char *)procinfo->args_va;

	return procinfo->argc == 2 ? (uint32_t)atoi(args + strlen(args) + 1)
				   : 0;
}

/* @rounds of them, or for the minutes asked for. */
static inline bool stress_rounds_all(const char *name, uint32_t rounds)
{
	uint64_t until = clock_ns() + stress_minutes() * 60 * NSEC_PER_SEC;
	uint64_t next_note = 0;

	for (uint32_t i = 0; stress_minutes() ? clock_ns() < until : i < rounds;
	     i++) {
		if (!stress_round())
			return false;
		if (clock_ns() < next_note)
			continue;
		next_note = clock_ns() + NSEC_PER_SEC;
		stress_note(name);
	}
	stress_note(name);
	return true;
}

/* Everything: a first child fills what the kernel keeps, then the rest must
 * leave nothing behind. */
static inline void stress(const char *name, uint32_t rounds)
{
	struct kernel_info before;

	register_ev_handler(STRESS_EV_REPORT, stress_on_report, NULL);
	enable_kevent(STRESS_EV_REPORT, 0, EVENT_IPI | EVENT_WAKEUP);
	leak_prepare();
	stress_begin();
	CHECK(stress_round(), "first-round-ends");
	stress_end();
	before = leak_before();

	stress_begin();
	if (!CHECK(stress_rounds_all(name, rounds), "every-round-ends")) {
		/* Stand still, so that one can look who waits for what. */
		for (;;)
			sys_block(1000 * 1000000UL);
	}
	stress_end();
	for (int i = 0; i < STRESS_VICTIMS; i++) {
		if (!stress_victims[i])
			continue;
		sys_kill(stress_victims[i], SIGKILL);
		test_wait(stress_victims[i]);
	}
	CHECK_EQ(stress_totals.posted - stress_totals.coalesced,
		 stress_totals.handled, "posted-is-handled");
	leak_none(&before);
}
