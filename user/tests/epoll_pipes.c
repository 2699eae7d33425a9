/* epoll_pipes - one wait for many pipes reports those that are ready: the level
 * as long as they are, the edge once for each time they become it. */
#include "epoll.h"
#include "test.h"
#include "unistd.h"

#define NR	5

static struct epoll *ep;
static int fds[NR][2];

static int add(int i, uint32_t events)
{
	struct epoll_event event = {
		.events = events,
		.data.fd = i,
	};

	return epoll_ctl(ep, EPOLL_CTL_ADD, fds[i][0], &event);
}

/* Wait; a bit for each pipe reported. */
static uint32_t ready(int timeout_ms)
{
	struct epoll_event events[NR];
	int n = epoll_wait(ep, events, NR, timeout_ms);
	uint32_t set = 0;

	for (int i = 0; i < n; i++)
		set |= 1U << events[i].data.fd;
	return set;
}

static void test_level(void)
{
	char buf[16];

	CHECK_EQ(ready(0), 0, "none");
	CHECK_EQ(ready(20), 0, "none-in-time");
	write(fds[1][1], "abc", 3);
	CHECK_EQ(ready(-1), 1 << 1, "one");
	CHECK_EQ(ready(0), 1 << 1, "still");
	read(fds[1][0], buf, 1);
	CHECK_EQ(ready(-1), 1 << 1, "some-left");
	read(fds[1][0], buf, 16);
	CHECK_EQ(ready(0), 0, "empty");
	write(fds[2][1], "d", 1);
	CHECK_EQ(ready(-1), 1 << 2, "another");
	read(fds[2][0], buf, 16);
	close(fds[3][1]);
	CHECK_EQ(ready(-1), 1 << 3, "the-end");
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_DEL, fds[3][0], NULL), 0, "delete");
	CHECK_EQ(ready(0), 0, "deleted");
}

static void test_edge(void)
{
	char buf[16];

	write(fds[4][1], "a", 1);
	CHECK_EQ(ready(-1), 1 << 4, "edge");
	CHECK_EQ(ready(0), 0, "once");
	write(fds[4][1], "b", 1);
	CHECK_EQ(ready(20), 0, "more-is-no-edge");
	read(fds[4][0], buf, 16);
	write(fds[4][1], "c", 1);
	CHECK_EQ(ready(-1), 1 << 4, "edge-again");
	/* The end comes while there are bytes, and is news all the same. */
	close(fds[4][1]);
	CHECK_EQ(read(fds[4][0], buf, 16), 1, "the-last-byte");
	CHECK_EQ(ready(TEST_PATIENCE), 1 << 4, "the-end-has-an-edge");
}

/* A descriptor that was taken out and added again: what its tap told before is
 * not for the new entry. */
static void test_added_again(void)
{
	char c;

	REQUIRE(!epoll_ctl(ep, EPOLL_CTL_DEL, fds[2][0], NULL), "take-out");
	write(fds[2][1], "e", 1);
	REQUIRE(!add(2, EPOLLIN | EPOLLET), "add-ready");
	usleep(20000);			/* the tap tells at once */
	epoll_ctl(ep, EPOLL_CTL_DEL, fds[2][0], NULL);
	CHECK_EQ(read(fds[2][0], &c, 1), 1, "emptied");
	REQUIRE(!add(2, EPOLLIN | EPOLLET), "add-empty");
	CHECK_EQ(ready(0), 0, "nothing-new");
	write(fds[2][1], "f", 1);
	CHECK_EQ(ready(TEST_PATIENCE), 1 << 2, "now-it-is");
	CHECK_EQ(read(fds[2][0], &c, 1), 1, "emptied-again");
}

static void *write_later(void *arg)
{
	usleep(20000);
	write(fds[0][1], "x", 1);
	return NULL;
}

static void test_errors(void)
{
	struct epoll_event event = { .events = EPOLLIN };

	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, fds[0][0], &event), -1, "twice");
	CHECK_EQ(errno, EEXIST, "twice-errno");
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_MOD, fds[0][1], &event), -1, "never");
	CHECK_EQ(errno, ENOENT, "never-errno");
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, 15, &event), -1, "closed");
	CHECK_EQ(errno, EBADF, "closed-errno");
}

TEST(epoll_pipes)
{
	struct uthread *uth;

	ep = epoll_create();
	REQUIRE(ep, "create");
	for (int i = 0; i < NR; i++)
		REQUIRE(!pipe(fds[i]), "pipe");
	for (int i = 0; i < NR; i++)
		REQUIRE(!add(i, EPOLLIN | (i == 4 ? EPOLLET : 0)), "add");
	test_level();
	test_edge();
	test_added_again();
	test_errors();
	uth = uthread_create(write_later, NULL);
	CHECK_EQ(ready(TEST_PATIENCE), 1 << 0, "woken");
	uthread_join(uth, NULL);
	epoll_destroy(ep);
}
