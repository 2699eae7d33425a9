/* help.c - what one can type at the shell. */
#include "stdio.h"
#include "string.h"

#include <stdbool.h>

struct entry {
	const char	*name;
	const char	*text;
};

static const struct entry entries[] = {
	{ "help [NAME]", "this list, or one line of it" },
	{ "hello", "print one line" },
	{ "mhello [N]", "one line from each of N vcores" },
	{ "pingpong [-m] [N]", "N events to and fro; -m: between vcores" },
	{ "evdemo [FLAG]", "each flag of an event queue, narrated" },
	{ "ps", "processes, their states and vcores" },
	{ "cores", "cores of the machine and who owns them" },
	{ "spin [-i] [-m N] [SECONDS]",
	  "burn a core, or N; -i: ignore signals" },
	{ "sleep SECONDS", "wait without a core" },
	{ "kill [-SIGNAL] PID...", "send a signal; SIGTERM if none is named" },
	{ "preempt PID [VCORE|all] [USEC]",
	  "take cores away, at once or after a warning" },
	{ "provision PID N", "give a process a right to N cores" },
	{ "alarms [SECONDS]", "three periods on one alarm of the kernel's" },
	{ "cat [FILE]...", "print README.md, or what comes from a pipe" },
	{ "wc [FILE]", "count lines, words and bytes" },
	{ "head [N]", "the first N lines" },
	{ "match TEXT", "the lines with TEXT in them" },
	{ "yes [WORD]", "a line for ever" },
	{ "bench", "what one event costs; make bench says more" },
	{ "echo [WORD]...", "print the arguments" },
	{ "true, false", "exit with 0, with 1" },
	{ "exitwith N", "exit with N" },
	{ "sh [-c COMMANDS]", "a shell inside this one" },
	{ "exit [N]", "leave this shell, with status N" },
	{ "wait", "until no job is left in the background" },
	{ "jobs", "what runs in the background" },
	{ "halt [STATUS]", "switch off; QEMU exits with STATUS" },
	{ "reboot", "start the machine again" },
};

static const char outro[] =
"A | B gives B what A writes; CMD & runs CMD in the background, ; separates\n"
"commands, $? is the last status.  ^C interrupts, ^D leaves.\n"
"Every file in user/tests is a program too, for instance spam_storm.\n";

#define NR_ENTRIES	(sizeof(entries) / sizeof(entries[0]))

/* Is @word one of the names that @list begins with?  Commas separate them, and
 * arguments follow the last. */
static bool names(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (;;) {
		size_t n = strcspn(list, ", ");

		if (n == len && strncmp(list, word, n) == 0)
			return true;
		if (list[n] != ',')
			return false;
		list += n + 2;
	}
}

static int describe(const char *name)
{
	for (size_t i = 0; i < NR_ENTRIES; i++) {
		if (names(entries[i].name, name)) {
			printf("%s: %s\n", entries[i].name, entries[i].text);
			return 0;
		}
	}
	dprintf(2, "help: no line about %s; help alone lists all\n", name);
	return 1;
}

int main(int argc, char *argv[])
{
	if (argc > 2) {
		dprintf(2, "usage: help [NAME]\n");
		return 2;
	}
	if (argc == 2)
		return describe(argv[1]);
	for (size_t i = 0; i < NR_ENTRIES; i++)
		printf("  %-32s%s\n", entries[i].name, entries[i].text);
	printf("%s", outro);
	return 0;
}
