/* libc_format - snprintf() prints what C says, never past its buffer, and
 * returns the length of the whole text. */
#include "test.h"

static char buf[80];

/* Unknown to the compiler as a printf(), which would object to half of it. */
static void format(const char *fact, const char *text, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	CHECK(len == (int)strlen(text) && strcmp(buf, text) == 0, fact);
}

TEST(libc_format)
{
	format("decimal", "0 -5 42", "%d %i %u", 0, -5, 42U);
	format("extremes", "-2147483648 -9223372036854775808",
	       "%d %ld", INT32_MIN, INT64_MIN);
	format("hex", "ff FF 0xff 0 377", "%x %X %#x %#x %o", 255, 255, 255, 0,
	       255);
	format("octal", "010|010|0010|00010|0|0|", "%#o|%#.3o|%#.4o|%#05o|%#o|"
	       "%#.0o|%.0o", 8, 8, 8, 8, 0, 0, 0);
	format("lengths", "44 70000 1 ffffffffffffffff", "%hhu %d %hd %lx",
	       300, 70000, 65537, -1L);
	format("width", "   42|42   |00042|-0042", "%5d|%-5d|%05d|%05d", 42, 42,
	       42, -42);
	format("signs", "+1  2", "%+d % d", 1, 2);
	format("precision", "00042|     007|", "%.5d|%8.3d|%.0d", 42, 7, 0);
	format("strings", "abc|  abc|abc  |ab|(null)", "%s|%5s|%-5s|%.2s|%s",
	       "abc", "abc", "abc", "abc", (char *)NULL);
	format("stars", "    1|2    |he", "%*d|%-*d|%.*s", 5, 1, 5, 2, 2,
	       "hello");
	format("others", "0x1234 a 100%", "%p %c 100%%", (void *)0x1234, 'a');

	memset(buf, '#', sizeof(buf));
	CHECK_EQ(snprintf(buf, 5, "hello world"), 11, "length-of-it-all");
	CHECK(memcmp(buf, "hell\0###", 8) == 0, "cut-at-the-end");
	CHECK_EQ(snprintf(NULL, 0, "%d", 12345), 5, "length-without-buffer");
}
