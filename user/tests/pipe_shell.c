/* pipe_shell - a shell that can make no pipe runs nothing of the pipeline, and
 * its status says so. */
#include "test.h"
#include "unistd.h"

static const char args[] = "sh\0-c\0true | true";

TEST(pipe_shell)
{
	int32_t status = 0;
	int pid;

	/* The shell gets copies of all, and has none left. */
	for (int fd = 3; fd < NR_FDS; fd++)
		REQUIRE(dup2(1, fd) == fd, "taken");
	pid = sys_proc_create("bin/sh", args, sizeof(args), 3);
	REQUIRE(pid > 0 && !sys_proc_run(pid), "shell");
	CHECK_EQ(sys_waitpid(pid, &status, 0), pid, "ended");
	CHECK_EQ(status, W_STATUS(126, 0), "status");
}
