/*
 * test.h - the words of a test.
 *
 * A test is a file of that name with one TEST(), and begins with the sentence
 * that it proves: its name, a dash, and that sentence.
 *
 * Facts, not transcripts: what is checked has a name (no blanks), an expected
 * value and one that came.  A test that hangs is a test that fails, so every
 * wait has a deadline, and no check depends on how long a thing took.
 */
#pragma once

#include "ev6.h"
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "testing.h"

/* Events of the test's own. */
#define EV_TEST		(EV_NR_FIXED + 1)
#define EV_TEST2	(EV_NR_FIXED + 2)

/* TEST(area_behaviour) { ... }: the name is the file's. */
#define TEST(name)							\
static void name(void);							\
int main(int argc, char *argv[])					\
{									\
	return test_main(argc, argv, #name, name);			\
}									\
static void name(void)

/* A fact that must hold.  True if it does. */
#define CHECK(cond, fact)	test_check(fact, !!(cond), 1)

/* A fact with a number. */
#define CHECK_EQ(got, expected, fact)					\
	test_check(fact, (uint64_t)(got), (uint64_t)(expected))

/* The same for what the rest of the test stands on: it ends here if not. */
#define REQUIRE(cond, fact) do {					\
	if (!CHECK(cond, fact))						\
		test_give_up();						\
} while (0)

/* The number behind the test's name on the command line, or @usual. */
static inline uint64_t test_number(uint64_t usual)
{
	const char *args = (const char *)procinfo->args_va;

	if (procinfo->argc != 2)
		return usual;
	return strtoul(args + strlen(args) + 1, NULL, 10);
}

/* Spin until @cond or for @ms milliseconds: did it come?  In a uthread the
 * vcore takes events meanwhile. */
#define wait_until(cond, ms) ({						\
	struct test_patience patience_ = test_patience(ms);		\
	bool came_;							\
	while (!(came_ = !!(cond)) && !test_lost_patience(&patience_))	\
		cpu_relax_bounded();					\
	came_ || (cond);						\
})

/* The same with as much patience as there is. */
#define WAIT(cond)	wait_until(cond, TEST_PATIENCE)
