/* tap_pipe - a tap tells when a pipe becomes ready: once when it is set on a
 * ready one, then each time it is ready after it was not, for the end too; and
 * not any more after it was taken away or its descriptor closed. */
#include "test.h"
#include "unistd.h"

static struct event_queue *ev_q;
static uint32_t nr[2];		/* messages for the reading, the writing end */
static uint32_t last[2];

static void on_tap(struct event_msg *msg, unsigned int ev_type, void *data)
{
	uint32_t end = (uint32_t)(uintptr_t)msg->ev_arg3;

	last[end] = msg->ev_arg2;
	write_once(nr[end], nr[end] + 1);
}

/* No further message comes: as sure as patience makes it. */
static bool quiet(uint32_t end, uint32_t n)
{
	usleep(10000);
	return read_once(nr[end]) == n;
}

static void test_reading(const int fds[2])
{
	char buf[16];

	CHECK(!sys_tap(fds[0], TAP_READABLE, ev_q, EV_TEST, (void *)0), "set");
	CHECK(quiet(0, 0), "empty-is-no-news");
	write(fds[1], "ab", 2);
	CHECK(WAIT(read_once(nr[0]) == 1), "readable");
	CHECK_EQ(last[0], TAP_READABLE, "says-so");
	write(fds[1], "cd", 2);
	read(fds[0], buf, 2);
	CHECK(quiet(0, 1), "more-is-no-news");
	read(fds[0], buf, 16);
	write(fds[1], "e", 1);
	CHECK(WAIT(read_once(nr[0]) == 2), "readable-again");
	CHECK(!sys_tap(fds[0], TAP_READABLE, ev_q, EV_TEST, (void *)0),
	      "set-anew");
	CHECK(WAIT(read_once(nr[0]) == 3), "told-when-set");
	read(fds[0], buf, 16);
}

static void test_writing(const int fds[2])
{
	static char page[4096];

	CHECK(!sys_tap(fds[1], TAP_WRITABLE, ev_q, EV_TEST, (void *)1),
	      "set-writing");
	CHECK(WAIT(read_once(nr[1]) == 1), "writable-when-set");
	write(fds[1], page, sizeof(page));
	CHECK_EQ(sys_tap(fds[1], TAP_LOOK, NULL, 0, NULL), 0, "full");
	read(fds[0], page, 1);
	CHECK(WAIT(read_once(nr[1]) == 2), "writable-again");
	CHECK_EQ(last[1], TAP_WRITABLE, "says-writable");
}

TEST(tap_pipe)
{
	char page[4096];
	uint32_t before;
	int fds[2];

	ev_q = get_eventq_vcpd(0, EVENT_IPI);
	register_ev_handler(EV_TEST, on_tap, NULL);
	REQUIRE(!pipe(fds), "pipe");
	test_reading(fds);
	test_writing(fds);
	while (sys_tap(fds[0], TAP_LOOK, NULL, 0, NULL))
		read(fds[0], page, sizeof(page));
	before = read_once(nr[0]);
	close(fds[1]);
	CHECK(WAIT(read_once(nr[0]) == before + 1), "the-end-is-readable");

	REQUIRE(!pipe(fds), "second-pipe");
	sys_tap(fds[0], TAP_READABLE, ev_q, EV_TEST, (void *)0);
	CHECK(!sys_tap(fds[0], 0, NULL, 0, NULL), "taken-away");
	write(fds[1], "x", 1);
	CHECK(quiet(0, before + 1), "silent");
	close(fds[0]);
	CHECK_EQ(sys_tap(fds[0], TAP_READABLE, ev_q, EV_TEST, NULL), -1,
		 "of-a-closed-one");
	CHECK_EQ(sys_tap(fds[1], 8, ev_q, EV_TEST, NULL), -1, "of-nonsense");
}
