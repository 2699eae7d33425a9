/*
 * getopt.c - options of one letter.
 *
 * Called by main() before it starts anything: the state is global.
 */
#include "getopt.h"

#include "stdio.h"
#include "string.h"

#include <stdbool.h>

char *optarg;
int optind = 1;
int opterr = 1;
int optopt;

static char *rest;		/* of a word with several letters: "-abc" */

/* Tell of a wrong option, if we are to: @answer. */
static int complain(const char *program, const char *letters, const char *what,
		    int answer)
{
	if (opterr && *letters != ':')
		dprintf(2, "%s: %s -- '%c'\n", program, what, optopt);
	return answer;
}

static bool next_word(int argc, char *const argv[])
{
	char *word = optind < argc ? argv[optind] : NULL;

	if (!word || word[0] != '-' || !word[1])
		return false;
	optind++;
	rest = word + 1;
	return strcmp(word, "--") != 0;
}

int getopt(int argc, char *const argv[], const char *letters)
{
	const char *known;

	if ((!rest || !*rest) && !next_word(argc, argv)) {
		rest = NULL;
		return -1;
	}
	optarg = NULL;
	optopt = *rest++;
	known = optopt == ':' ? NULL : strchr(letters, optopt);
	if (!known)
		return complain(argv[0], letters, "invalid option", '?');
	if (known[1] != ':')
		return optopt;
	if (!*rest && optind >= argc)
		return complain(argv[0], letters, "option requires an argument",
				*letters == ':' ? ':' : '?');
	optarg = *rest ? rest : argv[optind++];
	rest = NULL;
	return optopt;
}
