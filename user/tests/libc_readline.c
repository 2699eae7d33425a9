/* libc_readline - a line from history is cut to the buffer that it goes into,
 * and keys that are none do nothing. */
#include "readline.h"
#include "test.h"
#include "unistd.h"

#define SMALL	8

/* Type @keys, @len bytes of them, and read a line of it into @buf. */
static int typed(int keyboard, const char *keys, size_t len, char *buf,
		 size_t size)
{
	CHECK_EQ(write(keyboard, keys, len), len, "typed");
	return readline("", buf, size);
}

#define TYPED(keys, buf, size) \
	typed(fds[1], keys, sizeof(keys) - 1, buf, size)

TEST(libc_readline)
{
	char large[64], small[2 * SMALL];
	int fds[2];

	REQUIRE(!pipe(fds) && dup2(fds[0], 0) == 0, "keyboard");
	CHECK_EQ(TYPED("a line of twenty-one.\n", large, sizeof(large)), 21,
		 "long-line");
	memset(small, '#', sizeof(small));
	CHECK_EQ(TYPED("\033[A\n", small, SMALL), SMALL - 1, "cut");
	CHECK(!strcmp(small, "a line "), "its-beginning");
	CHECK_EQ(TYPED("\033[A\033[Ax\n", small, SMALL), SMALL - 1,
		 "cut-and-full");
	for (int i = SMALL; i < 2 * SMALL; i++)
		CHECK_EQ(small[i], '#', "behind-the-buffer");
	CHECK_EQ(TYPED("o\033[\0k\n", large, sizeof(large)), 2,
		 "no-such-key");
	CHECK(!strcmp(large, "ok"), "line");
}
