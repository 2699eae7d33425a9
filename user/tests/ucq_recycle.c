/* ucq_recycle - a UCQ whose reader keeps up uses the same few pages for any
 * number of messages. */
#include "test.h"

#define MESSAGES	(40 * UCQ_SLOTS)
#define BURST		17

/* Pages of our memory, as the kernel counts them. */
static uint64_t my_pages(void)
{
	struct proc_info info[32];
	int n = sys_proc_info(info, 32);

	for (int i = 0; i < n; i++) {
		if (info[i].pid == procinfo->pid)
			return info[i].pages;
	}
	return 0;
}

/* Send and take @n messages; how many were right. */
static uint32_t turn_over(struct event_queue *ev_q, uint32_t n)
{
	static uint32_t sent, taken;
	struct event_msg msg;
	uint32_t right = 0;

	for (uint32_t i = 0; i < n; i += BURST) {
		for (int b = 0; b < BURST; b++)
			test_send(ev_q, EV_TEST, sent++);
		while (mbox_get(ev_q->ev_mbox, &msg))
			right += msg.ev_arg2 == taken++;
	}
	return right;
}

TEST(ucq_recycle)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	uint64_t first, last;

	/* Two turns bring in the second page. */
	turn_over(ev_q, 4 * UCQ_SLOTS);
	first = my_pages();
	CHECK_EQ(turn_over(ev_q, MESSAGES),
		 (MESSAGES + BURST - 1) / BURST * BURST, "in-order");
	last = my_pages();
	CHECK(first && last, "pages-known");
	CHECK_EQ(last - first, 0, "pages-more");
}
