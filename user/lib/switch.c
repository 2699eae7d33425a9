/* switch.c - new contexts, and that context.S and the structs agree. */
#include "switch.h"

#include "abi/proc.h"
#include "abi/syscall.h"
#include "string.h"

#define VCPD_OFFSET(member)	offsetof(struct vcpd, member)
#define SC_OFFSET(member)	offsetof(struct syscall, member)

_Static_assert(SWITCH_VCPD_BASE ==
	       PROCDATA_VA + offsetof(struct procdata, vcpd),
	       "SWITCH_VCPD_BASE");
_Static_assert(1 << SWITCH_VCPD_SHIFT == sizeof(struct vcpd),
	       "SWITCH_VCPD_SHIFT");
_Static_assert(SWITCH_FLAGS == VCPD_OFFSET(flags), "SWITCH_FLAGS");
_Static_assert(SWITCH_STEALING == VC_UTHREAD_STEALING, "SWITCH_STEALING");
_Static_assert(SWITCH_NOTIF_PENDING == VCPD_OFFSET(notif_pending),
	       "SWITCH_NOTIF_PENDING");
_Static_assert(SWITCH_NOTIF_DISABLED == VCPD_OFFSET(notif_disabled),
	       "SWITCH_NOTIF_DISABLED");
_Static_assert(SWITCH_SC_NUM == SC_OFFSET(num), "SWITCH_SC_NUM");
_Static_assert(SWITCH_SC_FLAGS == SC_OFFSET(flags), "SWITCH_SC_FLAGS");
_Static_assert(SWITCH_SC_ARG == SC_OFFSET(arg), "SWITCH_SC_ARG");
_Static_assert(SWITCH_SC_SIZE == sizeof(struct syscall), "SWITCH_SC_SIZE");
_Static_assert(SWITCH_SELF_NOTIFY == SYS_self_notify, "SWITCH_SELF_NOTIFY");

/* Interrupts enabled, and the bit that is always one. */
#define RFLAGS_INITIAL	0x202

/* As after FNINIT and reset: all exceptions masked, round to nearest. */
#define FCW_INITIAL	0x37f
#define MXCSR_INITIAL	0x1f80

void context_init(struct context *ctx, uint64_t stack, uint64_t fs_base,
		  void (*fn)(void))
{
	uint16_t *fcw = (uint16_t *)(ctx->fpu + SWITCH_FXSAVE_FCW);
	uint32_t *mxcsr = (uint32_t *)(ctx->fpu + SWITCH_FXSAVE_MXCSR);

	*ctx = (struct context){
		/* A function finds rsp as after a call: 8 below a multiple
		 * of 16. */
		.rsp = (stack & ~15UL) - 8,
		.rip = (uint64_t)fn,
		.rflags = RFLAGS_INITIAL,
		.fs_base = fs_base,
		.kind = CTX_SW,
	};
	*fcw = FCW_INITIAL;
	*mxcsr = MXCSR_INITIAL;
}

void context_finish(struct context *ctx)
{
	uint64_t *frame = (uint64_t *)ctx->rsp;
	const char *at = (const char *)ctx->rip;
	uint64_t fpu;

	if (at < switch_enable || at > switch_ret)
		return;
	if (at >= switch_saved && at < switch_leave) {
		ctx->kind = CTX_HW;	/* though it was in a system call */
		ctx->rax = frame[-1];
		ctx->rcx = frame[-2];
		ctx->rdx = frame[-3];
		ctx->rdi = frame[-4];
		ctx->r8 = frame[-5];
		ctx->r9 = frame[-6];
		ctx->r10 = frame[-7];
		ctx->r11 = frame[-8];
	}
	fpu = (ctx->rsp - SWITCH_FPU_BELOW) & SWITCH_FPU_ALIGN;
	if (at >= switch_notified && at < switch_leave)
		memcpy(ctx->fpu, (void *)fpu, sizeof(ctx->fpu));
	if (at <= switch_leave)
		ctx->rsi = *frame++;
	if (at <= switch_popfq)
		ctx->rflags = *frame++;
	ctx->rip = *frame++;
	ctx->rsp = (uint64_t)frame + SWITCH_RED_ZONE;
}
