/* kevent_replaced - the ev_q that enable_kevent() made is free again when
 * another takes its place; one that the program has registered stays its own.
 */
#include "test.h"

/* What the kernel uses for EV_TEST. */
static struct event_queue *used(void)
{
	return procdata->kernel_evts[EV_TEST];
}

/* Does whoever asks next get @ev_q?  Everything is as before afterwards. */
static bool is_free(struct event_queue *ev_q)
{
	struct event_queue *next = get_eventq_slim();

	put_eventq_slim(next);
	return next == ev_q;
}

TEST(kevent_replaced)
{
	struct event_queue *own = get_eventq_slim();
	struct event_queue *made;

	enable_kevent(EV_TEST, 0, 0);
	made = used();
	CHECK(made && !is_free(made), "in-use");
	register_kevent_q(own, EV_TEST);
	CHECK(used() == own && is_free(made), "free-for-the-program's");
	enable_kevent(EV_TEST, 0, 0);
	CHECK(used() == made, "made-again");
	CHECK(!is_free(own), "the-program's-is-not");
	disable_kevent(EV_TEST);
	CHECK(!used() && is_free(made), "free-for-none");
	disable_kevent(EV_TEST);
	CHECK(!is_free(own), "still-not");
}
