/*
 * litmus.c - is this machine x86?
 *
 * The classic shapes.  `never` outcomes are forbidden by x86-TSO as published
 * (Owens, Sarkar, Sewell: "A better x86 memory model"), `seen` ones are
 * allowed and must be found.
 */
#include "explore.h"
#include "sync/atomic.h"

static uint32_t x, y, z;
static uint32_t r[6];			/* what was read */

static void begin(void)
{
	xp_name(&x, 4, "x");
	xp_name(&y, 4, "y");
	xp_name(&z, 4, "z");
	for (int i = 0; i < 6; i++)
		xp_name(&r[i], 4, "r%d", i);
}

#define THREAD(name, ...)						\
	static void name(void *arg)					\
	{								\
		__VA_ARGS__;						\
	}

#define STORE(v)	write_once(v, 1)
#define STORE2(v)	write_once(v, 2)
#define LOAD(i, v)	(r[i] = read_once(v))

/* Two to four threads, and the outcome that is asked for. */
#define LITMUS(id, shows, outcome, ...)					\
	static void setup_##id(void)					\
	{								\
		void (*const fns[])(void *) = { __VA_ARGS__ };		\
									\
		begin();						\
		for (size_t i = 0; i < sizeof(fns) / sizeof(fns[0]); i++) \
			xp_thread("thread", fns[i], NULL);		\
	}								\
	static void check_##id(void)					\
	{								\
		xp_require(!(outcome), "r0=%u r1=%u r2=%u r3=%u x=%u y=%u", \
			   r[0], r[1], r[2], r[3], x, y);		\
	}								\
	XP_TEST(litmus_##id, .group = "litmus", .proves = #outcome,	\
		.setup = setup_##id, .check = check_##id,		\
		.no_pso = true, .expect_fail = shows);

THREAD(sb0, STORE(x), LOAD(0, y))
THREAD(sb1, STORE(y), LOAD(1, x))
THREAD(sb0_fence, STORE(x), full_fence(), LOAD(0, y))
THREAD(sb1_fence, STORE(y), full_fence(), LOAD(1, x))
THREAD(sb0_swap, atomic_swap(&x, 1), LOAD(0, y))
THREAD(sb1_swap, atomic_swap(&y, 1), LOAD(1, x))
THREAD(sb0_release, store_release(&x, 1), r[0] = load_acquire(&y))
THREAD(sb1_release, store_release(&y, 1), r[1] = load_acquire(&x))
LITMUS(sb, true, !r[0] && !r[1], sb0, sb1)
LITMUS(sb_one_fence, true, !r[0] && !r[1], sb0_fence, sb1)
LITMUS(sb_release, true, !r[0] && !r[1], sb0_release, sb1_release)
LITMUS(sb_fences, false, !r[0] && !r[1], sb0_fence, sb1_fence)
LITMUS(sb_swaps, false, !r[0] && !r[1], sb0_swap, sb1_swap)
LITMUS(sb_fence_swap, false, !r[0] && !r[1], sb0_fence, sb1_swap)
LITMUS(sb_sc_outcome, true, r[0] && r[1], sb0_fence, sb1_fence)

THREAD(mp0, STORE(x), STORE(y))
THREAD(mp1, LOAD(0, y), LOAD(1, x))
LITMUS(mp, false, r[0] && !r[1], mp0, mp1)

THREAD(lb0, LOAD(0, x), STORE(y))
THREAD(lb1, LOAD(1, y), STORE(x))
LITMUS(lb, false, r[0] && r[1], lb0, lb1)

THREAD(r0, STORE(x), STORE(y))
THREAD(r1, STORE2(y), LOAD(0, x))
THREAD(r1_fence, STORE2(y), full_fence(), LOAD(0, x))
LITMUS(r, true, y == 2 && !r[0], r0, r1)
LITMUS(r_fence, false, y == 2 && !r[0], r0, r1_fence)

THREAD(w0, STORE(x), STORE2(y))
THREAD(w1, STORE(y), STORE2(x))
LITMUS(2_2w, false, x == 1 && y == 1, w0, w1)

THREAD(s0, STORE2(x), STORE(y))
THREAD(s1, LOAD(0, y), STORE(x))
LITMUS(s, false, r[0] == 1 && x == 2, s0, s1)

/* Intel's own n6: a processor sees its store before the others do. */
THREAD(n60, STORE(x), LOAD(0, x), LOAD(1, y))
THREAD(n61, STORE2(y), STORE2(x))
LITMUS(n6, true, r[0] == 1 && r[1] == 0 && x == 1, n60, n61)

THREAD(own0, STORE(x), LOAD(0, x), LOAD(1, y))
THREAD(own1, STORE(y), LOAD(2, y), LOAD(3, x))
LITMUS(sb_own_reads, true, r[0] && !r[1] && r[2] && !r[3], own0, own1)
LITMUS(own_read_is_new, false, !r[0] || !r[2], own0, own1)

THREAD(n50, STORE(x), LOAD(0, x))
THREAD(n51, STORE2(x), LOAD(1, x))
LITMUS(n5, false, r[0] == 2 && r[1] == 1, n50, n51)

THREAD(wrc0, STORE(x))
THREAD(wrc1, LOAD(0, x), STORE(y))
THREAD(wrc2, LOAD(1, y), LOAD(2, x))
LITMUS(wrc, false, r[0] && r[1] && !r[2], wrc0, wrc1, wrc2)

THREAD(iriw1, STORE(y))
THREAD(iriw2, LOAD(0, x), LOAD(1, y))
THREAD(iriw3, LOAD(2, y), LOAD(3, x))
LITMUS(iriw, false, r[0] && !r[1] && r[2] && !r[3], wrc0, iriw1, iriw2,
       iriw3)

THREAD(rr0, STORE(x))
THREAD(rr1, LOAD(0, x), LOAD(1, x))
LITMUS(corr, false, r[0] && !r[1], rr0, rr1)

THREAD(rwc0, STORE(x))
THREAD(rwc1, LOAD(0, x), LOAD(1, y))
THREAD(rwc2, STORE(y), LOAD(2, x))
LITMUS(rwc, true, r[0] && !r[1] && !r[2], rwc0, rwc1, rwc2)

/* Locked additions are not lost; plain ones are. */
THREAD(inc_locked, atomic_fetch_add(&x, 1))
THREAD(inc_plain, write_once(x, read_once(x) + 1))
LITMUS(locked_add, false, x != 2, inc_locked, inc_locked)
LITMUS(plain_add, true, x != 2, inc_plain, inc_plain)
