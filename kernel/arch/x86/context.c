/*
 * context.c - the registers of user mode, and how they come and go.
 */
#include "arch/x86/context.h"

#include "abi/errno.h"
#include "abi/proc.h"
#include "arch/x86/trap.h"
#include "arch/x86/x86.h"
#include "lib/string.h"

/* What user code may have in RFLAGS: the arithmetic flags, TF, DF, AC, ID. */
#define RFLAGS_USER	0x250dd5UL
#define RFLAGS_IF	0x200UL
#define RFLAGS_ONE	0x002UL

#define REGS_SIZE	CTX_FPU		/* a context up to its FPU state */

#define FXSAVE_FCW	0		/* offsets in the FXSAVE area */
#define FXSAVE_MXCSR	24
#define MXCSR_VALID	0xffffU
#define MXCSR_RESET	0x1f80U
#define FCW_RESET	0x037fU

/* What CTX_SW keeps.  In a frame of a system call the rest is no user's. */
static void copy_kept(struct context *dst, const struct context *src)
{
	dst->rbx = src->rbx;
	dst->rdi = src->rdi;
	dst->rbp = src->rbp;
	dst->rsp = src->rsp;
	dst->r12 = src->r12;
	dst->r13 = src->r13;
	dst->r14 = src->r14;
	dst->r15 = src->r15;
	dst->rip = src->rip;
	dst->rflags = src->rflags;
	dst->kind = src->kind;
}

void context_from_frame(struct context *ctx, const struct context *frame)
{
	if (frame->kind == CTX_HW)
		memcpy(ctx, frame, REGS_SIZE);
	else
		copy_kept(ctx, frame);
}

void context_save(struct context *dst, const struct context *ctx)
{
	context_from_frame(dst, ctx);
	dst->fs_base = rdfsbase();
	if (ctx->kind == CTX_HW) {
		fxsave(dst->fpu);
		return;
	}
	fnstcw((uint16_t *)(dst->fpu + FXSAVE_FCW));
	stmxcsr((uint32_t *)(dst->fpu + FXSAVE_MXCSR));
}

/* Load the FPU from @area after making it loadable. */
static void fpu_load(const uint8_t *area)
{
	uint8_t clean[512] __attribute__((aligned(16)));

	memcpy(clean, area, sizeof(clean));
	*(uint32_t *)(clean + FXSAVE_MXCSR) &= MXCSR_VALID;
	fxrstor(clean);
}

/* Load the control words and wipe all else. */
static void fpu_wipe(uint16_t fcw, uint32_t mxcsr)
{
	uint8_t clean[512] __attribute__((aligned(16)));

	memset(clean, 0, sizeof(clean));
	*(uint16_t *)(clean + FXSAVE_FCW) = fcw;
	*(uint32_t *)(clean + FXSAVE_MXCSR) = mxcsr;
	fxrstor(clean);
}

/* Programs have no GS base: one that sets it loses it with its core, and the
 * next on that core does not find it. */
static void gs_wipe(void)
{
	wrmsr(MSR_KERNEL_GS, 0);
}

int context_load(struct context *dst, const struct context *ctx)
{
	memcpy(dst, ctx, REGS_SIZE);
	if (dst->rip >= USER_TOP || dst->fs_base >= USER_TOP)
		return -EINVAL;
	dst->rflags = (dst->rflags & RFLAGS_USER) | RFLAGS_IF | RFLAGS_ONE;
	wrfsbase(dst->fs_base);
	gs_wipe();
	if (dst->kind == CTX_HW)
		fpu_load(ctx->fpu);
	else
		fpu_wipe(*(uint16_t *)(ctx->fpu + FXSAVE_FCW),
			 *(uint32_t *)(ctx->fpu + FXSAVE_MXCSR) & MXCSR_VALID);
	return 0;
}

int context_start(struct context *ctx, uint64_t entry, uint64_t stack,
		  uint64_t tls, uint64_t arg, bool wipe)
{
	if (entry >= USER_TOP || stack >= USER_TOP || tls >= USER_TOP)
		return -EINVAL;
	/* Of CTX_SW, context_enter() clears what is not named here. */
	copy_kept(ctx, &(struct context){
		.rip = entry,
		.rsp = stack,
		.rdi = arg,
		.rflags = RFLAGS_IF | RFLAGS_ONE,
		.kind = CTX_SW,
	});
	wrfsbase(tls);
	if (wipe) {
		gs_wipe();
		fpu_wipe(FCW_RESET, MXCSR_RESET);
	} else {
		fninit();
		ldmxcsr(MXCSR_RESET);
	}
	return 0;
}

void context_init(struct context *ctx, uint64_t entry, uint64_t stack)
{
	memset(ctx, 0, sizeof(*ctx));
	ctx->rip = entry;
	ctx->rsp = stack;
	ctx->kind = CTX_HW;
	*(uint16_t *)(ctx->fpu + FXSAVE_FCW) = FCW_RESET;
	*(uint32_t *)(ctx->fpu + FXSAVE_MXCSR) = MXCSR_RESET;
}

uint64_t trap_fault_address(void)
{
	return read_cr2();
}

/* EFER.SCE is on since cpu_init_core(); STAR: see segments.h. */
void syscall_init_core(void)
{
	extern const char syscall_entry_asm[];

	wrmsr(MSR_STAR, 0x10UL << 48 | 0x08UL << 32);
	wrmsr(MSR_LSTAR, (uint64_t)syscall_entry_asm);
	wrmsr(MSR_SFMASK, ~(uint64_t)RFLAGS_ONE & 0x257fd5UL);
}
