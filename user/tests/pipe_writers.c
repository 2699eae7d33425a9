/* pipe_writers - many processes and uthreads write to one pipe, and its reader
 * gets all of it, and the end when the last of them is gone. */
#include "test.h"
#include "unistd.h"

#define CHILDREN	4
#define UTHREADS	3
#define LINES		200
#define LINE		16

static int fds[2];

/* Lines of @who; short ones are whole. */
static void write_lines(char who)
{
	char line[LINE];

	memset(line, who, LINE);
	for (int i = 0; i < LINES; i++)
		write(fds[1], line, LINE);
}

/* The pipe has the same descriptors here. */
static void child(void)
{
	fds[0] = 3;
	fds[1] = 4;
	close(fds[0]);
	write_lines('c');
}

static void *uthread(void *arg)
{
	write_lines('u');
	return NULL;
}

TEST(pipe_writers)
{
	struct uthread *uths[UTHREADS];
	uint32_t nr_c = 0, nr_u = 0;
	int pids[CHILDREN];
	char buf[LINE];
	ssize_t n;

	REQUIRE(!pipe(fds) && fds[0] == 3 && fds[1] == 4, "pipe");
	for (int i = 0; i < CHILDREN; i++)
		pids[i] = test_start(child);
	for (int i = 0; i < UTHREADS; i++)
		uths[i] = uthread_create(uthread, NULL);
	while (nr_u < UTHREADS * LINES * LINE &&
	       (n = read(fds[0], buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			nr_c += buf[i] == 'c';
			nr_u += buf[i] == 'u';
		}
	}
	for (int i = 0; i < UTHREADS; i++)
		uthread_join(uths[i], NULL);
	close(fds[1]);
	while ((n = read(fds[0], buf, sizeof(buf))) > 0)
		nr_c += (uint32_t)n;
	CHECK_EQ(n, 0, "end");
	CHECK_EQ(nr_c, CHILDREN * LINES * LINE, "of-children");
	CHECK_EQ(nr_u, UTHREADS * LINES * LINE, "of-uthreads");
	for (int i = 0; i < CHILDREN; i++)
		CHECK_EQ(test_wait(pids[i]), 0, "status");
}
