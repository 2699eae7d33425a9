/* libc_getopt - options come one letter at a time, joined or apart, with their
 * arguments, up to the first word that is none. */
#include "getopt.h"
#include "test.h"

/* Collect what getopt() says: letters, each argument in brackets, the rest
 * behind a bar. */
static const char *parse(int argc, char *argv[], const char *letters)
{
	static char said[80];
	int letter;
	int n = 0;

	optind = 1;
	opterr = 0;
	while ((letter = getopt(argc, argv, letters)) != -1) {
		said[n++] = letter;
		if (letter == 'b')
			n += snprintf(said + n, sizeof(said) - n, "[%s]",
				      optarg);
	}
	said[n++] = '|';
	said[n] = '\0';
	for (; optind < argc; optind++)
		n += snprintf(said + n, sizeof(said) - n, "%s ", argv[optind]);
	return said;
}

#define PARSE(fact, expected, ...)					\
	PARSE_AS("ab:", fact, expected, __VA_ARGS__)

#define PARSE_AS(letters, fact, expected, ...) do {			\
	char *argv_[] = { "test", __VA_ARGS__, NULL };			\
	int argc_ = sizeof(argv_) / sizeof(argv_[0]) - 1;		\
	CHECK(strcmp(parse(argc_, argv_, letters), expected) == 0, fact); \
} while (0)

TEST(libc_getopt)
{
	PARSE("apart", "ab[x]|y ", "-a", "-b", "x", "y");
	PARSE("joined", "ab[x]|", "-abx");
	PARSE("first-word-ends", "a|y -a ", "-a", "y", "-a");
	PARSE("dashes-end", "a|-a ", "-a", "--", "-a");
	PARSE("a-dash-is-a-word", "|- ", "-");
	PARSE("unknown", "?a|", "-xa");
	PARSE("argument-missing", "?|", "-b");
	PARSE_AS(":ab:", "unknown-and-quiet", "?a|", "-xa");
	PARSE_AS(":ab:", "missing-and-quiet", ":|", "-b");
}
