/*
 * race.c - lose a race on purpose: hold cores, or disturb them.
 *
 * Only in a machine built with RACE=1.  A program arms a script of a few
 * rules, each "who waits at A until somebody has passed B".  Nobody is held
 * for ever: an order that cannot happen is given up after a while, and the
 * program is told which rules were kept.
 */
#include "core/race.h"

#include "abi/errno.h"
#include "arch/x86/timer.h"
#include "boot/bootinfo.h"
#include "core/core.h"
#include "core/trace.h"
#include "mm/usercopy.h"
#include "proc/preempt.h"
#include "proc/proc.h"
#include "sync/atomic.h"

/* As long as one is held, at most: a busy host may keep the other side from
 * running for some seconds.  Less than a spinlock has patience for, since who
 * is held may have one. */
#define HOLD_NS		10000000000UL

/* Noise: one in so many points pauses, for so long at most; one in so many
 * points in user mode costs the vcore its core. */
#define NOISE_PAUSES	4
#define NOISE_NS	100000
#define NOISE_PREEMPTS	256

struct race_state {
	struct race_rule rule;
	uint32_t	met;		/* somebody has come to wait */
	bool		passed;		/* what is waited for has happened */
	bool		gave_up;	/* it did not, for too long */
};

static struct race_state rules[RACE_RULES];
static uint32_t nr_rules;
static struct proc *armed;		/* whose they are; only compared */

/* Where each core is held, for the debugger: a point, or RACE_NR. */
enum race_point race_held[MAX_CORES];

static uint32_t noise[MAX_CORES];	/* the random state of each; 0: off */

/* Is it @who that is running here? */
static bool is_here(uint32_t who)
{
	struct core *core = this_core();
	uint32_t n = who & 0xffff;

	switch (who & ~0xffffU) {
	case RACE_VCORE:
		return core->owner == read_once(armed) &&
		       core->owner_vcoreid == n;
	case RACE_CORE:
		return core->pc.coreid == n;
	default:
		return true;
	}
}

/* Not inline: a place for a breakpoint. */
static __attribute__((noinline)) void hold(struct race_state *state,
					   enum race_point point)
{
	struct proc *whose = read_once(armed);
	uint64_t until = time_ns() + HOLD_NS;

	write_once(race_held[core_id()], point);
	while (!read_once(state->passed) && read_once(armed) == whose) {
		if (time_ns() >= until) {
			write_once(state->gave_up, true);
			break;
		}
		cpu_relax();
	}
	write_once(race_held[core_id()], RACE_NR);
}

static void follow_script(enum race_point point)
{
	/* Their number before the rules.  Pairs with store_release() in
	 * core/race.c:arm() [race-arm]. */
	uint32_t n = load_acquire(&nr_rules);
	struct race_rule *rule;

	/* All that we pass, before we wait for anything. */
	for (uint32_t i = 0; i < n; i++) {
		rule = &rules[i].rule;
		if (rule->after == point && is_here(rule->after_who))
			write_once(rules[i].passed, true);
	}
	for (uint32_t i = 0; i < n; i++) {
		rule = &rules[i].rule;
		if (rule->point == point && is_here(rule->who) &&
		    !atomic_swap32(&rules[i].met, 1))
			hold(&rules[i], point);
	}
}

/* The next random number of this core, or 0: no noise. */
static uint32_t next_noise(void)
{
	uint32_t x = noise[core_id()];

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return noise[core_id()] = x;
}

static void pause_at_random(void)
{
	uint32_t x = next_noise();
	uint64_t until;

	if (!x || x % NOISE_PAUSES)
		return;
	until = time_ns() + (x >> 8) % NOISE_NS;
	while (time_ns() < until)
		cpu_relax();
}

void race_pass(enum race_point point)
{
	struct core *core = this_core();
	struct proc *owner = core->owner;

	trace(TRACE_RACE, owner ? owner->pid : 0, point);
	pause_at_random();
	if (read_once(nr_rules))
		follow_script(point);
}

void race_init(void)
{
	uint32_t seed = bootarg_number("ev6.noise", 0);

	for (uint32_t c = 0; c < MAX_CORES; c++) {
		race_held[c] = RACE_NR;
		noise[c] = seed ? seed * 2654435761U + c * 40503 + 1 : 0;
	}
}

/* Somebody passes in user mode, where a vcore can lose its core. */
static int64_t pass_in_user(struct proc *p, uint64_t point)
{
	uint32_t x;

	if (point >= RACE_NR)
		return -EINVAL;
	race_pass(point);
	x = next_noise();
	if (x && x % NOISE_PREEMPTS == 0 && p->is_mcp)
		preempt_vcore(p, this_core()->owner_vcoreid);
	return 0;
}

/* Which rules were kept.  Those whose turn never came were not. */
static int64_t disarm(void)
{
	int64_t kept = 0;

	for (uint32_t i = 0; i < nr_rules; i++)
		if (read_once(rules[i].met) && read_once(rules[i].passed) &&
		    !read_once(rules[i].gave_up))
			kept |= 1L << i;
	write_once(nr_rules, 0);
	write_once(armed, NULL);
	return kept;
}

/* One process at a time: programs that race are tests, run alone. */
static int64_t arm(struct proc *p, const struct race_rule *u_rules, uint64_t n)
{
	struct race_rule rule[RACE_RULES];
	int64_t kept = disarm();

	if (n > RACE_RULES)
		return -EINVAL;
	if (copy_from_user(rule, u_rules, n * sizeof(*rule)))
		return -EFAULT;
	for (uint32_t i = 0; i < n; i++)
		rules[i] = (struct race_state){ .rule = rule[i] };
	write_once(armed, p);
	/* Rules before their number.  Pairs with load_acquire() in
	 * core/race.c:follow_script() [race-arm]. */
	store_release(&nr_rules, n);
	return kept;
}

int64_t sys_race(struct proc *p, const uint64_t *args)
{
	switch (args[0]) {
	case RACE_OP_PASS:
		return pass_in_user(p, args[1]);
	case RACE_OP_ARM:
		return arm(p, (const struct race_rule *)args[1], args[2]);
	default:
		return -EINVAL;
	}
}
