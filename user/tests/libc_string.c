/* libc_string - the string functions give what C says, at any alignment. */
#include "test.h"

#define SIZE	64

static uint8_t a[SIZE], b[SIZE];

static void fill(void)
{
	for (int i = 0; i < SIZE; i++) {
		a[i] = i;
		b[i] = 0xee;
	}
}

/* How many of all ways to copy within SIZE bytes go wrong? */
static int wrong_copies(void)
{
	int wrong = 0;

	for (int from = 0; from < 9; from++)
	for (int to = 0; to < 9; to++)
	for (int n = 0; n < SIZE - 9; n++) {
		fill();
		memcpy(b + to, a + from, n);
		wrong += memcmp(b + to, a + from, n) != 0 ||
			 b[to + n] != 0xee || (to && b[to - 1] != 0xee);
		fill();
		memmove(a + to, a + from, n);
		for (int i = 0; i < n; i++)
			wrong += a[to + i] != from + i;
	}
	return wrong;
}

static int wrong_fills(void)
{
	int wrong = 0;

	for (int to = 1; to < 9; to++)
	for (int n = 0; n < SIZE - 9; n++) {
		fill();
		memset(b + to, 0x1a5, n);
		for (int i = 0; i < SIZE; i++)
			wrong += b[i] != (i >= to && i < to + n ? 0xa5 : 0xee);
	}
	return wrong;
}

static void check_searches(void)
{
	const char *s = "one two";

	CHECK(strchr(s, 't') == s + 4 && strchr(s, 0) == s + 7 &&
	      !strchr(s, 'x'), "strchr");
	CHECK(strrchr(s, 'o') == s + 6 && !strrchr(s, 'x'), "strrchr");
	CHECK(strstr(s, "two") == s + 4 && strstr(s, "") == s &&
	      !strstr(s, "twos"), "strstr");
	CHECK(memchr(s, 't', 5) == s + 4 && !memchr(s, 't', 4), "memchr");
	CHECK(strspn(s, "eno") == 3 && strcspn(s, " ") == 3, "spans");
	CHECK(strcmp("a", "b") < 0 && strcmp("b", "a") > 0 &&
	      strcmp("a", "ab") < 0 && strcmp("\xff", "a") > 0, "strcmp");
	CHECK(!strncmp("abc", "abd", 2) && strncmp("abc", "abd", 3) < 0,
	      "strncmp");
}

TEST(libc_string)
{
	char line[] = "  a, b,,c ", *save, small[4];

	CHECK_EQ(wrong_copies(), 0, "copies");
	CHECK_EQ(wrong_fills(), 0, "fills");
	check_searches();
	CHECK_EQ(strlcpy(small, "hello", sizeof(small)), 5, "strlcpy-length");
	CHECK(!strcmp(small, "hel"), "strlcpy-cuts");
	CHECK(!strcmp(strtok_r(line, ", ", &save), "a") &&
	      !strcmp(strtok_r(NULL, ", ", &save), "b") &&
	      !strcmp(strtok_r(NULL, ", ", &save), "c") &&
	      !strtok_r(NULL, ", ", &save), "strtok_r");
}
