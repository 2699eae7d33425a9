/* pipe_blocks - a reader of an empty pipe and a writer to a full one wait, only
 * their uthreads, and go on when the other side has moved; nothing is lost or
 * out of order, whatever the pieces. */
#include "test.h"
#include "unistd.h"

#define BYTES	100000

static int fds[2];
static uint32_t nr_written;

static void *writer(void *arg)
{
	char buf[700];
	uint32_t done = 0;

	while (done < BYTES) {
		uint32_t len = 1 + test_random(sizeof(buf));

		len = len < BYTES - done ? len : BYTES - done;
		for (uint32_t i = 0; i < len; i++)
			buf[i] = (char)((done + i) * 7);
		if (write(fds[1], buf, len) != (ssize_t)len)
			break;
		done += len;
		write_once(nr_written, done);
	}
	close(fds[1]);
	return NULL;
}

TEST(pipe_blocks)
{
	struct uthread *uth;
	uint32_t done = 0, wrong = 0;
	char buf[500];
	ssize_t n;

	REQUIRE(!pipe(fds), "pipe");
	uth = uthread_create(writer, NULL);
	usleep(30000);
	/* It has filled the pipe and waits, while we run. */
	CHECK(read_once(nr_written) < BYTES, "writer-waits");
	while ((n = read(fds[0], buf, 1 + done % sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			wrong += buf[i] != (char)((done + i) * 7);
		done += n;
	}
	CHECK_EQ(done, BYTES, "bytes");
	CHECK_EQ(wrong, 0, "wrong-bytes");
	uthread_join(uth, NULL);
	close(fds[0]);
}
