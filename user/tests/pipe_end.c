/* pipe_end - reading a pipe that nobody can write to gives what is left and
 * then the end; writing to one that nobody reads is EPIPE; descriptors that
 * are none are EBADF, and there are NR_FDS of them. */
#include "test.h"
#include "unistd.h"

static void test_ends(void)
{
	char buf[16];
	int fds[2];

	REQUIRE(!pipe(fds), "pipe");
	CHECK_EQ(write(fds[1], "hello", 5), 5, "written");
	CHECK_EQ(close(fds[1]), 0, "writer-closed");
	CHECK_EQ(read(fds[0], buf, 3), 3, "first-bytes");
	CHECK_EQ(read(fds[0], buf + 3, 13), 2, "what-is-left");
	CHECK(!memcmp(buf, "hello", 5), "bytes");
	CHECK_EQ(read(fds[0], buf, 16), 0, "end");
	CHECK_EQ(read(fds[0], buf, 16), 0, "end-again");
	close(fds[0]);
}

static void test_broken(void)
{
	int fds[2];

	REQUIRE(!pipe(fds), "pipe");
	close(fds[0]);
	CHECK_EQ(write(fds[1], "x", 1), -1, "nobody-reads");
	CHECK_EQ(errno, EPIPE, "epipe");
	close(fds[1]);
	CHECK_EQ(write(fds[1], "x", 1), -1, "closed");
	CHECK_EQ(errno, EBADF, "ebadf");
}

static void test_wrong_way(void)
{
	int fds[2];
	char c;

	REQUIRE(!pipe(fds), "pipe");
	CHECK_EQ(write(fds[0], "x", 1), -1, "write-to-the-reading-end");
	CHECK_EQ(errno, EBADF, "write-ebadf");
	CHECK_EQ(read(fds[1], &c, 1), -1, "read-from-the-writing-end");
	CHECK_EQ(errno, EBADF, "read-ebadf");
	close(fds[0]);
	close(fds[1]);
}

/* A copy keeps its end open. */
static void test_dup(void)
{
	int fds[2];
	char c;

	REQUIRE(!pipe(fds), "pipe");
	CHECK_EQ(dup2(fds[1], 9), 9, "dup2");
	close(fds[1]);
	CHECK_EQ(write(9, "x", 1), 1, "through-the-copy");
	CHECK_EQ(read(fds[0], &c, 1), 1, "there");
	close(9);
	CHECK_EQ(read(fds[0], &c, 1), 0, "end-with-the-last-copy");
	CHECK_EQ(dup2(9, 8), -1, "of-a-closed-one");
	CHECK_EQ(dup2(fds[0], NR_FDS), -1, "past-the-last");
	close(fds[0]);
}

static void test_many(void)
{
	int fds[NR_FDS][2];
	int n = 0;

	while (n < NR_FDS && !pipe(fds[n]))
		n++;
	CHECK_EQ(errno, EMFILE, "too-many");
	CHECK_EQ(n, (NR_FDS - 3) / 2, "pipes");
	while (n--) {
		close(fds[n][0]);
		close(fds[n][1]);
	}
}

TEST(pipe_end)
{
	test_ends();
	test_broken();
	test_wrong_way();
	test_dup();
	test_many();
}
