/*
 * alarms.c - watch the alarm service: three periods on one alarm of the
 * kernel's, for some seconds, and how late each was.
 */
#include "alarm.h"
#include "clock.h"
#include "ev6.h"
#include "stdio.h"
#include "stdlib.h"
#include "unistd.h"

#include <limits.h>

#define NR	3

struct beat {
	struct alarm	alarm;
	uint64_t	period;		/* ns */
	uint32_t	rings;
	uint64_t	late;		/* ns, all rings together */
	uint64_t	latest;
};

static struct beat beats[NR] = {
	{ .period = 10 * NSEC_PER_MSEC },
	{ .period = 70 * NSEC_PER_MSEC },
	{ .period = 300 * NSEC_PER_MSEC },
};

static void on_beat(struct alarm *alarm, void *data)
{
	struct beat *beat = data;
	uint64_t late = clock_ns() - alarm->deadline;

	beat->rings++;
	beat->late += late;
	beat->latest = late > beat->latest ? late : beat->latest;
}

int main(int argc, char *argv[])
{
	long seconds = 1;

	if (argc > 2 ||
	    (argc == 2 && !word_to_number(argv[1], 1, INT_MAX, &seconds))) {
		dprintf(2, "usage: alarms [SECONDS]\n");
		return 2;
	}
	for (int i = 0; i < NR; i++) {
		struct beat *beat = &beats[i];

		alarm_init(&beat->alarm, on_beat, beat);
		if (alarm_set_every(&beat->alarm, clock_ns() + beat->period,
				    beat->period)) {
			dprintf(2, "alarms: the kernel has no alarm for us\n");
			return 1;
		}
	}
	sleep((unsigned int)seconds);
	for (int i = 0; i < NR; i++) {
		struct beat *beat = &beats[i];

		alarm_cancel(&beat->alarm);
		printf("every %3lu ms: %u rings, %lu us late on average, "
		       "%lu us at most\n", beat->period / NSEC_PER_MSEC,
		       beat->rings,
		       beat->rings ? beat->late / beat->rings / 1000 : 0,
		       beat->latest / 1000);
	}
	return 0;
}
