/* pipe_private - a child gets copies of its parent's descriptors, but not of
 * those that were made with O_CLOEXEC; closing there does not close here. */
#include "test.h"
#include "unistd.h"

/* What we have: our status is a bit for each of descriptors 3 to 6. */
static void child(void)
{
	int status = 0;

	for (int fd = 3; fd <= 6; fd++)
		status |= (sys_tap(fd, TAP_LOOK, NULL, 0, NULL) >= 0) << fd;
	close(3);
	close(4);
	exit(status);
}

TEST(pipe_private)
{
	int plain[2], private[2];
	char c = 'x';

	REQUIRE(!pipe(plain) && plain[0] == 3 && plain[1] == 4, "plain");
	REQUIRE(!pipe2(private, O_CLOEXEC) && private[0] == 5 &&
		private[1] == 6, "private");
	CHECK_EQ(W_CODE(test_run(child)), 1 << 3 | 1 << 4, "inherited");
	dup3(3, 5, O_CLOEXEC);
	CHECK_EQ(W_CODE(test_run(child)), 1 << 3 | 1 << 4, "dup3");
	dup2(4, 6);
	CHECK_EQ(W_CODE(test_run(child)), 1 << 3 | 1 << 4 | 1 << 6, "dup2");
	CHECK_EQ(write(4, &c, 1), 1, "still-open");
	CHECK_EQ(read(3, &c, 1), 1, "and-read");
}
