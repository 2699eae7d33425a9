/* proc_lives_thousand - after a thousand random lives of processes, many ended
 * at a random moment from outside, nothing is left of them: no process, kernel
 * thread, object of the kernel or page. */
#include "leak.h"
#include "life.h"

#define LIVES	1000
#define FIRST	50	/* fill what the kernel keeps */
#define AT_ONCE	6

/* One life: some are killed, or lose their cores, at a random moment. */
static int start_life(void)
{
	int pid = test_start(life);

	if (life_roll(2))
		return pid;
	usleep(life_roll(3000));
	if (life_roll(3) == 0)
		sys_preempt(pid, life_roll(2) ? -1U : 0, life_roll(2) * 100);
	sys_kill(pid, life_roll(2) ? SIGUSR1 : SIGKILL);
	return pid;
}

static uint32_t live(uint32_t lives)
{
	int pids[AT_ONCE] = { 0 };
	uint32_t ended = 0;

	for (uint32_t i = 0; i < lives + AT_ONCE; i++) {
		int *pid = &pids[i % AT_ONCE];

		if (*pid) {
			test_wait(*pid);
			ended++;
		}
		*pid = i < lives ? start_life() : 0;
	}
	return ended;
}

TEST(proc_lives_thousand)
{
	struct kernel_info before;

	leak_prepare();
	CHECK_EQ(live(FIRST), FIRST, "first-lives");
	before = leak_before();
	CHECK_EQ(live(LIVES), LIVES, "lives");
	leak_none(&before);
}
