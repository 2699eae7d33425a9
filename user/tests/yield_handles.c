/* yield_handles - a uthread whose vcore cannot yield because a message came
 * quietly has that message handled before it goes on.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

static uint32_t handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	handled++;
}

/* Nothing has been handled when the message is sent, all when the call of
 * SYS_yield itself returns. */
static void yield_pending(const char *fact)
{
	struct event_queue *quiet = get_eventq_vcpd(vcore_id(), 0);
	struct test_quiet disturbed = { 0 };
	uint32_t after = 0;

	while (test_disturbed(&disturbed)) {
		handled = 0;
		test_send(quiet, EV_TEST, 1);
		after = read_once(handled);
	}
	CHECK_EQ(after, 0, "quiet");
	sys_yield(false);
	CHECK_EQ(read_once(handled), 1, fact);
}

TEST(yield_handles)
{
	register_ev_handler(EV_TEST, on_test, NULL);
	yield_pending("single-core");
	REQUIRE(!vcore_request_total(1), "request");
	yield_pending("many-core");
}
