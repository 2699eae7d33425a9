/* open_file - a file of the initramfs can be opened and read to its end, from
 * the beginning each time; two copies of a descriptor read on from another. */
#include "test.h"
#include "unistd.h"

TEST(open_file)
{
	uint64_t sizes[2] = { 0, 0 };
	char first[8], buf[100];
	ssize_t n;
	int fd;

	for (int i = 0; i < 2; i++) {
		fd = open("README.md", O_RDONLY);
		REQUIRE(fd >= 0, "opened");
		while ((n = read(fd, buf, sizeof(buf))) > 0)
			sizes[i] += (uint64_t)n;
		CHECK_EQ(n, 0, "end");
		close(fd);
	}
	CHECK(sizes[0] > 100, "bytes");
	CHECK_EQ(sizes[0], sizes[1], "the-same-again");

	fd = open("README.md", O_RDONLY);
	dup2(fd, 9);
	read(fd, buf, 8);
	read(9, first, 8);
	close(9);
	read(fd, buf + 8, 8);
	CHECK(memcmp(buf, first, 8), "shared-position");
	CHECK_EQ(write(fd, buf, 1), -1, "not-to-be-written");
	close(fd);

	CHECK_EQ(open("no/such/file", O_RDONLY), -1, "missing");
	CHECK_EQ(errno, ENOENT, "missing-errno");
}
