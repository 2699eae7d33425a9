/* sleep_wake - two many-core processes that sleep and wake each other on two
 * cores, over and over, never sleep on an event.
 *
 * `sleep_wake 1000000` does it a million times.
 *
 * Scenario: cpus=1,4
 */
#include "sleep_wake.h"

TEST(sleep_wake)
{
	wake_run(10000, true);
}
