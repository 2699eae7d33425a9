/*
 * lab.c - what stands in place of a function that a student is to write.
 */
#include "lab.h"

#include "atomic.h"
#include "runtime.h"
#include "stdio.h"
#include "string.h"
#include "syscall.h"
#include "vcore.h"

#define LINE	160

/* Where the stubs are noted, from user.ld. */
extern const uint8_t lab_no_events_start[], lab_no_events_end[];

/* Tell the kernel, which says it to whoever sits at the console.  False: it
 * had done so before, for another process. */
static bool tell_kernel(struct lab_todo *todo)
{
	char text[LINE];
	int len = snprintf(text, sizeof(text), "%s %s", todo->exercise,
			   todo->function);

	return syscall_call(SYS_record, REC_TODO, (uint64_t)text,
			    (uint64_t)len, 0, 0) == 1;
}

void lab_reached(struct lab_todo *todo)
{
	if (!atomic_swap32(&todo->said, 1))
		tell_kernel(todo);
}

void lab_stop(struct lab_todo *todo)
{
	char lab[LINE], why[2 * LINE] = "ended: see above";

	if (!tell_kernel(todo)) {
		/* The lab's name is what the exercise's begins with. */
		snprintf(lab, sizeof(lab), "%s", todo->exercise);
		lab[strcspn(lab, ".")] = '\0';
		snprintf(why, sizeof(why),
			 "%s: %s() is yours to write: handouts/%s.md",
			 todo->exercise, todo->function, lab);
	}
	runtime_fail(why);
}

bool lab_events_missing(void)
{
	return procinfo->no_events ||
	       &lab_no_events_start[0] < &lab_no_events_end[0];
}
