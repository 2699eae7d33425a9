/* epoll_ready - a descriptor that can be written to is reported as that, until
 * a pipe is full; what was changed counts from then on; of more than there is
 * room for, those left out come first in the next wait; and what makes no sense
 * is refused. */
#include "epoll.h"
#include "test.h"
#include "unistd.h"

#define NR	3

static struct epoll *ep;
static struct epoll_event event;	/* the last that was reported */

static int ctl(int op, int fd, uint32_t events, int say)
{
	struct epoll_event how = { .events = events, .data.fd = say };

	return epoll_ctl(ep, op, fd, &how);
}

/* Wait for one: what is said of it, or -1 if there is none. */
static int next(void)
{
	return epoll_wait(ep, &event, 1, 0) == 1 ? event.data.fd : -1;
}

static void test_writable(void)
{
	static char page[4096];
	int fds[2];

	REQUIRE(!pipe(fds), "pipe");
	CHECK_EQ(fd_ready(fds[0]), 0, "nothing-to-read");
	CHECK_EQ(fd_ready(fds[1]), EPOLLOUT, "room");
	REQUIRE(!ctl(EPOLL_CTL_ADD, fds[1], EPOLLOUT, 7), "add-writing");
	CHECK(WAIT(next() == 7), "writable");
	CHECK_EQ(event.events, EPOLLOUT, "says-so");
	write(fds[1], page, sizeof(page));
	CHECK_EQ(fd_ready(fds[1]), 0, "full");
	CHECK_EQ(next(), -1, "not-when-full");
	read(fds[0], page, sizeof(page));
	CHECK(WAIT(next() == 7), "writable-again");
	epoll_ctl(ep, EPOLL_CTL_DEL, fds[1], NULL);
	close(fds[0]);
	close(fds[1]);
	CHECK(fd_ready(fds[0]) == -1 && errno == EBADF, "closed");
}

static void test_changed(const int fds[2])
{
	REQUIRE(!ctl(EPOLL_CTL_ADD, fds[0], EPOLLIN, 1), "add");
	write(fds[1], "x", 1);
	CHECK(WAIT(next() == 1), "as-added");
	CHECK_EQ(ctl(EPOLL_CTL_MOD, fds[0], EPOLLIN, 2), 0, "change");
	CHECK(WAIT(next() == 2), "as-changed");
	CHECK(next() == 2, "level");
	CHECK_EQ(ctl(EPOLL_CTL_MOD, fds[0], EPOLLIN | EPOLLET, 3), 0, "edge");
	CHECK(WAIT(next() == 3), "told-when-set");
	CHECK_EQ(next(), -1, "once");
	epoll_ctl(ep, EPOLL_CTL_DEL, fds[0], NULL);
}

/* All are ready all the time. */
static void test_left_out(void)
{
	struct epoll_event events[NR];
	int fds[NR][2];
	uint32_t set = 0;

	for (int i = 0; i < NR; i++) {
		REQUIRE(!pipe(fds[i]) && write(fds[i][1], "x", 1) == 1, "pipe");
		REQUIRE(!ctl(EPOLL_CTL_ADD, fds[i][0], EPOLLIN, i), "add-all");
	}
	REQUIRE(WAIT(epoll_wait(ep, events, NR, 0) == NR), "all");
	for (int i = 0; i < NR; i++)
		set |= 1U << (next() & 31);
	CHECK_EQ(set, (1U << NR) - 1, "each-in-its-turn");
}

static void test_errors(const int fds[2])
{
	CHECK_EQ(ctl(EPOLL_CTL_ADD, fds[0], 0, 0), -1, "no-events");
	CHECK_EQ(errno, EINVAL, "no-events-errno");
	CHECK_EQ(ctl(4, fds[0], EPOLLIN, 0), -1, "no-such-change");
	CHECK_EQ(errno, EINVAL, "no-such-change-errno");
	CHECK_EQ(epoll_wait(ep, &event, 0, 0), -1, "no-room");
	CHECK_EQ(errno, EINVAL, "no-room-errno");
}

TEST(epoll_ready)
{
	int fds[2];

	ep = epoll_create();
	REQUIRE(ep && !pipe(fds), "create");
	test_writable();
	test_changed(fds);
	test_errors(fds);
	test_left_out();
	epoll_destroy(ep);
}
