/* bad_fuzz - processes that fill procdata and their ev_qs with noise and make
 * the calls of the event system with it bring nobody down but themselves.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#define CHILDREN	12
#define CALLS		300

static unsigned int state;

static uint64_t noise(void)
{
	static const uint64_t special[] = {
		0, 1, 8, -1UL, USER_TOP - 8, USER_LOW, PROCINFO_VA,
		PROCDATA_VA, PROCDATA_VA + 4096, 0xffffffff80100000UL,
		0xffff800000000000UL, 1UL << 47, 0x400000, 127, 128,
	};
	uint32_t which = (uint32_t)rand_r(&state) % 24;

	if (which < 15)
		return special[which];
	return (uint64_t)rand_r(&state) << 33 ^ (uint64_t)rand_r(&state) << 8 ^
	       (uint64_t)rand_r(&state);
}

static void scribble(void *where, size_t bytes, int one_in)
{
	uint64_t *word = where;

	for (size_t i = 0; i < bytes / 8; i++) {
		if (rand_r(&state) % one_in == 0)
			write_once(word[i], noise());
	}
}

/* An ev_q that is mostly right, so that noise gets far. */
static void make_evq(struct event_queue *ev_q, struct event_mbox *mbox)
{
	scribble(mbox, sizeof(*mbox), 2);
	if (rand_r(&state) % 8)
		mbox->type = 1 + (uint32_t)rand_r(&state) % 3;
	scribble(ev_q, sizeof(*ev_q), 3);
	if (rand_r(&state) % 4)
		ev_q->ev_mbox = mbox;
	if (rand_r(&state) % 4)
		ev_q->ev_vcore = (uint32_t)rand_r(&state) % 20;
	ev_q->ev_flags = (uint32_t)rand_r(&state) % 0x400;
	ev_q->ev_alert_pending &= (uint32_t)rand_r(&state) % 2;
}

static void one_call(struct event_queue *ev_q)
{
	static const uint32_t calls[] = {
		SYS_send_event, SYS_send_event, SYS_send_event, SYS_notify,
		SYS_self_notify, SYS_abort, SYS_poke_ksched, SYS_self_notify,
		SYS_mmap, SYS_record + 100, SYS_proc_info, SYS_core_info,
		SYS_proc_create, SYS_waitpid,
	};
	struct syscall sc = {
		.num = calls[rand_r(&state) % 14],
		.flags = rand_r(&state) % 4 ? 0 : SC_UEVENT,
		.ev_q = ev_q,
	};
	struct event_msg msg = { .ev_type = (uint16_t)rand_r(&state) };

	for (int i = 0; i < SYSCALL_ARGS; i++)
		sc.arg[i] = noise();
	if (sc.num == SYS_send_event) {
		sc.arg[0] = rand_r(&state) % 8 ? (uint64_t)ev_q : noise();
		sc.arg[1] = (uint64_t)&msg;
		if (rand_r(&state) % 4)
			msg.ev_type %= MAX_NR_EVENT;
	} else if (sc.num == SYS_notify) {
		sc.arg[0] = procinfo->pid;
		sc.arg[1] = (uint32_t)rand_r(&state) % MAX_NR_EVENT;
		sc.arg[2] = 0;
	} else if (sc.num == SYS_waitpid) {
		sc.arg[2] = WNOHANG;
	}
	syscall_submit(&sc);
}

static void make_noise(void)
{
	static struct event_queue ev_q;
	static struct event_mbox mbox;
	size_t mapped = (uint64_t)vcpd_of(max_vcores()) - PROCDATA_VA;

	state = procinfo->pid * 2654435761U ^ (unsigned int)test_seed();
	disable_notifs();
	for (int i = 0; i < CALLS; i++) {
		make_evq(&ev_q, &mbox);
		if (i % 16 == 0)
			scribble(procdata, mapped, 500);
		one_call(&ev_q);
	}
}

TEST(bad_fuzz)
{
	uint32_t nr_ended = 0;
	int pid[CHILDREN];
	int32_t status;

	for (int i = 0; i < CHILDREN; i++)
		pid[i] = test_start(make_noise);
	for (int i = 0; i < CHILDREN; i++) {
		struct test_patience patience = test_patience(3000);

		while (!sys_waitpid(pid[i], &status, WNOHANG)) {
			if (test_lost_patience(&patience))
				sys_kill(pid[i], SIGKILL);
			sys_block(2000);
		}
		nr_ended++;
	}
	CHECK_EQ(nr_ended, CHILDREN, "all-ended");
	CHECK_EQ(test_refused(), 0, "not-counted-against-us");
	CHECK_EQ(sys_null(), 0, "machine-lives");
}
