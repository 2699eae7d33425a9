/* bitmap_type_past_end - a type past the bitmap is refused and counted, and
 * touches nothing. */
#include "test.h"

#define PATTERN	0x5a

/* A mailbox with something on both sides. */
static struct {
	char		before[64];
	struct event_mbox mbox;
	char		after[64];
} area;

static bool untouched(const char *bytes)
{
	for (int i = 0; i < 64; i++) {
		if (bytes[i] != PATTERN)
			return false;
	}
	return true;
}

TEST(bitmap_type_past_end)
{
	static const uint16_t types[] = { MAX_NR_EVENT, 63, 64, 1000, 65535 };
	struct event_queue *ev_q = get_eventq_slim();
	uint64_t posted = procinfo->posted;

	memset(&area, PATTERN, sizeof(area));
	area.mbox = (struct event_mbox){ .type = EV_MBOX_BITMAP };
	ev_q->ev_mbox = &area.mbox;
	for (int i = 0; i < 5; i++)
		test_send(ev_q, types[i], 0);
	CHECK_EQ(procinfo->refused[EVR_BAD_TYPE], 5, "each-refused");
	CHECK_EQ(procinfo->posted - posted, 0, "none-posted");
	CHECK(mbox_is_empty(&area.mbox), "mailbox-empty");
	CHECK(untouched(area.before) && untouched(area.after),
	      "nothing-outside-touched");
	test_send(ev_q, MAX_NR_EVENT - 1, 0);
	CHECK(!mbox_is_empty(&area.mbox), "last-type-is-fine");
}
