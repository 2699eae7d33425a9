/* fpu_uthreads - what a uthread has in the SSE and x87 registers and their
 * control words is there after it was notified, preempted and taken over by
 * another vcore, while others have other values.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#define UTHREADS	6
#define TAKES		300
#define TURNS		20000

/* What is in all of the registers, as FXSAVE writes it. */
struct fpu {
	uint8_t		bytes[512] __attribute__((aligned(16)));
};

#define FPU_MXCSR	24
#define FPU_ST		32
#define FPU_XMM		160

static uint32_t over, wrong, moved, checks;

/* Load @want, spend @turns without a call, and store to @got. */
static void fpu_hold(const struct fpu *want, struct fpu *got, uint64_t turns)
{
	struct fpu own;

	__asm__ volatile("fxsave64 %0\n\t"
			 "fxrstor64 %3\n"
			 "1:	jmp 2f\n"
			 "2:	dec %2\n\t"
			 "jnz 1b\n\t"
			 "fxsave64 %1\n\t"
			 "fxrstor64 %0"
			 : "=m"(own), "=m"(*got), "+r"(turns)
			 : "m"(*want) : "memory", "cc");
}

/* No two uthreads and no two registers alike. */
static void fpu_pattern(struct fpu *fpu, uint64_t seed)
{
	uint64_t word = seed * 0x9e3779b97f4a7c15UL;

	memset(fpu, 0, sizeof(*fpu));
	*(uint16_t *)fpu->bytes = (uint16_t)(0x37f | seed % 4 << 10);
	fpu->bytes[4] = 0xff;
	*(uint32_t *)(fpu->bytes + FPU_MXCSR) =
		0x1f80 | (uint32_t)(seed % 4) << 13;
	for (int i = 0; i < 8; i++) {
		uint8_t *st = fpu->bytes + FPU_ST + 16 * i;

		*(uint64_t *)st = (word += seed) | 1UL << 63;
		*(uint16_t *)(st + 8) = (uint16_t)(0x3fff + i);
	}
	for (int i = 0; i < 32; i++)
		((uint64_t *)(fpu->bytes + FPU_XMM))[i] = word += seed;
}

static bool fpu_same(const struct fpu *a, const struct fpu *b)
{
	/* Control words; not the last instruction; MXCSR; registers. */
	return !memcmp(a->bytes, b->bytes, 2) && a->bytes[4] == b->bytes[4] &&
	       !memcmp(a->bytes + FPU_MXCSR, b->bytes + FPU_MXCSR, 4) &&
	       !memcmp(a->bytes + FPU_ST, b->bytes + FPU_ST, 128 + 256);
}

static void *keep(void *arg)
{
	uint64_t seed = (uintptr_t)arg;
	uint32_t before = vcore_id();
	struct fpu want, got;

	while (!read_once(over)) {
		fpu_pattern(&want, seed += UTHREADS);
		fpu_hold(&want, &got, TURNS);
		if (!fpu_same(&want, &got))
			atomic_fetch_add32(&wrong, 1);
		if (vcore_id() != before)
			write_once(moved, 1);
		atomic_fetch_add32(&checks, 1);
		uthread_yield();
	}
	return NULL;
}

TEST(fpu_uthreads)
{
	uint32_t vcores = procinfo->nr_cores > 2 ? 3 : 1;
	struct uthread *uth[UTHREADS];

	uthread_set_max_vcores(vcores);
	for (uintptr_t i = 0; i < UTHREADS; i++)
		uth[i] = uthread_create(keep, (void *)(i + 1));
	for (uint32_t i = 0; i < TAKES && !read_once(wrong); i++) {
		uint32_t so_far = read_once(checks);

		sys_self_notify(test_random(vcores), EV_NONE, NULL, true);
		if (vcores > 1)
			sys_preempt(procinfo->pid, test_random(vcores), 0);
		while (read_once(checks) < so_far + 2)
			uthread_yield();
	}
	/* The other vcore may be late. */
	if (vcores > 1)
		WAIT((uthread_yield(), read_once(moved)));
	write_once(over, 1);
	for (int i = 0; i < UTHREADS; i++)
		uthread_join(uth[i], NULL);
	CHECK_EQ(wrong, 0, "as-they-were");
	CHECK(moved || vcores == 1, "also-on-another-vcore");
}
