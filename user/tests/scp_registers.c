/* scp_registers - every register, the flags, the red zone, x87, SSE and their
 * control words, and the FS base are intact when single-core processes take
 * turns on a core, each with values of its own.
 *
 * Scenario: cpus=1,4
 */
#include "registers.h"

#define TRIES	60
#define TURNS	100000

static void hold(uint64_t seed)
{
	uint32_t wrong = 0;

	for (uint64_t i = 0; i < TRIES && !wrong; i++)
		wrong = registers_try(seed + i, TURNS);
	CHECK_EQ(wrong, 0, "as-they-were");
}

static void child(void)
{
	hold(1000);
}

TEST(scp_registers)
{
	int a = test_start(child);
	int b = test_start(child);

	hold(2001);
	CHECK_EQ(test_wait(a), 0, "first-child");
	CHECK_EQ(test_wait(b), 0, "second-child");
}
