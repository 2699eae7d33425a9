/* bad_vcoreid - a vcore past the process's maximum is refused, by whichever
 * field it comes: 0xffffffff, too. */
#include "test.h"

static uint64_t nr_refused(void)
{
	return procinfo->refused[EVR_BAD_VCOREID];
}

/* Every way in, for one bad number. */
static void refuse_vcore(uint32_t vcoreid, const char *fact)
{
	static const uint32_t flags[] = {
		0, EVENT_IPI, EVENT_INDIR | EVENT_SPAM_INDIR | EVENT_IPI,
		EVENT_SPAM_PUBLIC, EVENT_SPAM_PUBLIC | EVENT_VCORE_MUST_RUN,
		EVENT_VCORE_PRIVATE | EVENT_WAKEUP, EVENT_VCORE_APPRO,
	};
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	struct event_msg msg = { .ev_type = EV_TEST };
	uint64_t refused = nr_refused();
	uint64_t posted = procinfo->posted;

	for (int i = 0; i < 7; i++) {
		ev_q->ev_flags = flags[i];
		ev_q->ev_vcore = flags[i] & EVENT_VCORE_APPRO ? 0 : vcoreid;
		sys_send_event(ev_q, &msg, vcoreid);
	}
	CHECK_EQ(nr_refused() - refused, 7, fact);
	CHECK_EQ(procinfo->posted - posted, 0, "nothing-posted");
	CHECK_EQ(sys_self_notify(vcoreid, EV_TEST, NULL, false), -1,
		 "self-notify-fails");
	CHECK_EQ(errno, EINVAL, "with-einval");
}

TEST(bad_vcoreid)
{
	refuse_vcore(procinfo->max_vcores, "first-past");
	refuse_vcore(MAX_VCORES, "past-the-machine");
	refuse_vcore(0x7fffffff, "largest-signed");
	refuse_vcore(0x80000000, "smallest-signed");
	refuse_vcore(0xffffffff, "all-ones");
	CHECK_EQ(-syscall_call(SYS_self_notify, 1UL << 32, EV_NONE, 0, 0, 0),
		 EINVAL, "no-cutting-to-32-bits");
}
