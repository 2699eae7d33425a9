/* notify_anywhere - a context that was interrupted anywhere on its way out of
 * vcore context is finished to what it would have become.
 *
 * Scenario: cpus=1
 */
#include "string.h"
#include "switch.h"
#include "test.h"

#define LOST	0xbadUL		/* not in its register, there */

static uint8_t stack[4096] __attribute__((aligned(64)));

/* What leaves: no two words alike. */
static struct context leaving(uint64_t rsp)
{
	struct context ctx;

	for (uint32_t i = 0; i < sizeof(ctx) / 8; i++)
		((uint64_t *)&ctx)[i] = 0x1000 + i;
	ctx.rsp = rsp;
	ctx.kind = CTX_HW;
	return ctx;
}

/* What context_restore() has put onto the stack, and what it loses, when it has
 * come to @at. */
static struct context interrupted(const struct context *want, const char *at)
{
	uint64_t *frame = (uint64_t *)(want->rsp - SWITCH_RED_ZONE - 24);
	uint64_t saved[] = { want->r11, want->r10, want->r9, want->r8,
			     want->rdi, want->rdx, want->rcx, want->rax };
	uint64_t fpu = ((uint64_t)frame - SWITCH_FPU_BELOW) & SWITCH_FPU_ALIGN;
	struct context ctx = *want;

	ctx.rip = (uint64_t)at;
	ctx.rsp = (uint64_t)(frame + (at > switch_leave) + (at > switch_popfq));
	memcpy(frame, (uint64_t[]){ want->rsi, want->rflags, want->rip }, 24);
	if (at <= switch_leave)
		ctx.rsi = LOST;
	if (at <= switch_popfq)
		ctx.rflags = LOST;
	if (at < switch_saved || at >= switch_leave)
		return ctx;
	memcpy(frame - 8, saved, sizeof(saved));
	ctx.rax = ctx.rcx = ctx.rdx = ctx.rdi = LOST;
	ctx.r8 = ctx.r9 = ctx.r10 = ctx.r11 = LOST;
	if (at < switch_notified)
		return ctx;
	memcpy((void *)fpu, want->fpu, sizeof(want->fpu));
	memset(ctx.fpu, 0, sizeof(ctx.fpu));
	ctx.kind = at == switch_notified ? CTX_SW : CTX_HW;
	return ctx;
}

TEST(notify_anywhere)
{
	uint64_t top = (uint64_t)stack + sizeof(stack) - 256;
	uint32_t wrong = 0, tried = 0;

	/* Each address in there, and stack pointers of every alignment. */
	for (const char *at = switch_enable; at <= switch_ret; at++) {
		for (uint64_t rsp = top; rsp < top + 64; rsp++) {
			struct context want = leaving(rsp), ctx;

			memset(stack, 0, sizeof(stack));
			ctx = interrupted(&want, at);
			context_finish(&ctx);
			wrong += !!memcmp(&ctx, &want, sizeof(ctx));
			tried++;
		}
	}
	CHECK_EQ(wrong, 0, "as-if-it-had-left");
	CHECK(tried > 64 * 6, "tried");

	for (uint32_t i = 0; i < 2; i++) {
		struct context want = leaving(top), ctx;

		want.rip = (uint64_t)(i ? switch_ret + 1 : switch_enable - 1);
		ctx = want;
		context_finish(&ctx);
		CHECK(!memcmp(&ctx, &want, sizeof(ctx)), "let-be");
	}
}
