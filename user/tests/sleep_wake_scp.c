/* sleep_wake_scp - a single-core process and a many-core one that wake each
 * other, over and over, never sleep on an event.
 *
 * `sleep_wake_scp 1000000` does it a million times.
 *
 * Scenario: cpus=1,4
 */
#include "sleep_wake.h"

TEST(sleep_wake_scp)
{
	wake_run(4000, false);
}
