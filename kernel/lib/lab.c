/*
 * lab.c - what stands in place of a function that a student is to write.
 */
#include "lib/lab.h"

#include "dev/record.h"
#include "lib/crc32.h"
#include "lib/panic.h"
#include "lib/string.h"
#include "sync/atomic.h"

#define LAB_SAID	64
#define LAB_SENTENCE	"%s: %s() is yours to write: handouts/%.*s.md"

/* Where the stubs are noted, from kernel.ld. */
extern const struct lab_todo lab_todos_start[], lab_todos_end[];
extern const uint8_t lab_no_events_start[], lab_no_events_end[];

/* Checksums of the functions that were named, by their last digits: two that
 * share a place are named more often.  Atomic. */
static uint32_t lab_said[LAB_SAID];

/* The lab's name, which the exercise's begins with. */
static int lab_name_len(const char *exercise)
{
	const char *dot = strchr(exercise, '.');

	return dot ? dot - exercise : (int)strlen(exercise);
}

bool lab_say(const char *exercise, const char *function)
{
	uint32_t sum = crc32(function, strlen(function));

	if (atomic_swap32(&lab_said[sum % LAB_SAID], sum) == sum)
		return false;
	printk("ev6: " LAB_SENTENCE "\n", exercise, function,
	       lab_name_len(exercise), exercise);
	record("todo", "exercise=%s function=%s", exercise, function);
	return true;
}

void lab_reached(const struct lab_todo *todo)
{
	lab_say(todo->exercise, todo->function);
}

void lab_stop(const struct lab_todo *todo)
{
	record("todo", "exercise=%s function=%s", todo->exercise,
	       todo->function);
	panic(LAB_SENTENCE, todo->exercise, todo->function,
	      lab_name_len(todo->exercise), todo->exercise);
}

uint32_t lab_unwritten(void)
{
	return lab_todos_end - lab_todos_start;
}

bool lab_events_missing(void)
{
	return &lab_no_events_start[0] < &lab_no_events_end[0];
}
