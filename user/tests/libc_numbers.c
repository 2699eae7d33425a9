/* libc_numbers - strtol() and strtoul() read every base, say where they
 * stopped, and stop at the ends of their range. */
#include "limits.h"
#include "test.h"

static bool reads(const char *s, int base, long value, int length)
{
	char *end;

	return strtol(s, &end, base) == value && end - s == length;
}

TEST(libc_numbers)
{
	long n;

	CHECK(reads("42x", 10, 42, 2), "decimal");
	CHECK(reads("  -42", 10, -42, 5), "sign");
	CHECK(reads("0x1F", 0, 31, 4) && reads("0x1F", 16, 31, 4) &&
	      reads("1f", 16, 31, 2), "hex");
	CHECK(reads("017", 0, 15, 3) && reads("0", 0, 0, 1), "octal");
	CHECK(reads("0xg", 0, 0, 1), "prefix-without-digits");
	CHECK(reads("zz", 36, 35 * 36 + 35, 2), "base-36");
	CHECK(reads("", 10, 0, 0) && reads("x", 10, 0, 0), "no-digits");
	errno = 0;
	CHECK(strtol("9223372036854775807", NULL, 10) == LONG_MAX && !errno &&
	      strtol("-9223372036854775808", NULL, 10) == LONG_MIN && !errno,
	      "ends");
	CHECK(strtol("9223372036854775808", NULL, 10) == LONG_MAX &&
	      errno == ERANGE, "past-the-end");
	errno = 0;
	CHECK(strtol("-9223372036854775809", NULL, 10) == LONG_MIN &&
	      errno == ERANGE, "before-the-beginning");
	CHECK(strtoul("18446744073709551615", NULL, 10) == ULONG_MAX,
	      "unsigned");
	errno = 0;
	CHECK(strtoul("-18446744073709551615", NULL, 10) == 1 && !errno,
	      "unsigned-sign");
	CHECK(strtoul("-18446744073709551616", NULL, 10) == ULONG_MAX &&
	      errno == ERANGE, "unsigned-past-the-end");
	CHECK(word_to_number("7", 0, 7, &n) && n == 7 &&
	      word_to_number("-1", -1, 0, &n) && n == -1, "whole-word");
	CHECK(!word_to_number("", 0, 7, &n) && !word_to_number("7x", 0, 7, &n),
	      "no-number");
	CHECK(!word_to_number("8", 0, 7, &n) &&
	      !word_to_number("-1", 0, 7, &n) &&
	      !word_to_number("99999999999999999999", 0, 7, &n),
	      "out-of-bounds");
	srand(7);
	CHECK_EQ(rand() >= 0, 1, "rand-is-positive");
}
