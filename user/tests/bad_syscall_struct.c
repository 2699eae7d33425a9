/* bad_syscall_struct - a system call whose struct is unmapped, in the kernel,
 * read-only or across an end has no effect, and no answer is written. */
#include "switch.h"
#include "test.h"

static void call_at(uint64_t va)
{
	syscall_trap((struct syscall *)va);
}

/* The first fields are there, the answer's place is not. */
static void half_there(void)
{
	char *page = sys_mmap(NULL, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE);
	struct syscall *sc = (struct syscall *)(page + PAGE_SIZE - 48);

	sys_munmap(page + PAGE_SIZE, PAGE_SIZE);
	sc->num = SYS_null;
	call_at((uint64_t)sc);
	CHECK_EQ(sc->flags, 0, "half-there-is-not-done");
	sc = (struct syscall *)(page + PAGE_SIZE - 24);
	sc->num = SYS_null;
	call_at((uint64_t)sc);
	CHECK_EQ(sc->flags, 0, "less-than-half-neither");
}

TEST(bad_syscall_struct)
{
	static const struct syscall in_text = { .num = SYS_null };
	struct syscall sc = { .num = SYS_NR };
	char buf[sizeof(struct syscall) + 8];
	struct syscall *crooked = (struct syscall *)(buf + 2);

	call_at(0);
	call_at(8);
	call_at(0xffffffff80100000UL);
	call_at(0xffff800000001000UL);
	call_at(1UL << 47);
	call_at(USER_TOP - 8);
	call_at(USER_TOP - 48);
	call_at(-16UL);
	call_at(PROCINFO_VA);
	call_at((uint64_t)&in_text);
	CHECK_EQ(in_text.flags, 0, "read-only-is-not-done");
	half_there();

	memset(buf, 0, sizeof(buf));
	call_at((uint64_t)crooked);
	CHECK_EQ(crooked->flags & SC_DONE, 0, "misaligned-is-not-done");

	syscall_submit(&sc);
	CHECK_EQ(sc.retval, -1, "no-such-call-fails");
	CHECK_EQ(sc.err, ENOSYS, "with-enosys");
	sc = (struct syscall){ .num = 0xffffffff };
	syscall_submit(&sc);
	CHECK_EQ(sc.err, ENOSYS, "nor-the-largest");
	CHECK_EQ(sys_null(), 0, "a-good-one-works");
}
