/*
 * format.c - vsnprintf(): the format language of printf().
 *
 * Entered from stdio.c and from programs, in any context.  Never allocates
 * and never writes past the buffer; counts on, so that the caller learns how
 * much room the whole text needs.
 */
#include "stdio.h"

#include "ctype.h"
#include "string.h"

#include <stdbool.h>
#include <stdint.h>

struct out {
	char	*buf;
	size_t	size;
	size_t	len;		/* of the whole text, fitting or not */
};

/* One conversion, as its letters asked for it. */
struct spec {
	bool	left;		/* - */
	bool	zero;		/* 0 */
	bool	alt;		/* # */
	bool	upper;		/* X */
	char	plus;		/* before a positive: '+', ' ' or 0 */
	int	width;
	int	precision;	/* -1: none given */
	int	bytes;		/* size of the integer argument */
};

static void out_char(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void out_pad(struct out *o, char c, int n)
{
	while (n-- > 0)
		out_char(o, c);
}

static void out_text(struct out *o, const struct spec *sp, const char *s,
		     size_t len)
{
	if (!sp->left)
		out_pad(o, ' ', sp->width - (int)len);
	for (size_t i = 0; i < len; i++)
		out_char(o, s[i]);
	if (sp->left)
		out_pad(o, ' ', sp->width - (int)len);
}

/*
 * Print @v after @prefix (a sign, "0x" or ""), in @base.
 *
 * Precision is the least number of digits.  Zeros from a precision or from the
 * flag go between prefix and digits, spaces outside.  With # an octal number
 * begins with a zero: one of these or, if there is none, one more.
 */
static void out_number(struct out *o, const struct spec *sp, uint64_t v,
		       unsigned int base, const char *prefix)
{
	const char *digits = sp->upper ? "0123456789ABCDEF"
				       : "0123456789abcdef";
	char buf[24];
	int n = 0;
	int zeros, spaces;

	for (; v; v /= base)
		buf[n++] = digits[v % base];
	zeros = (sp->precision < 0 ? 1 : sp->precision) - n;
	if (zeros < 0)
		zeros = 0;
	if (base == 8 && sp->alt && !zeros)
		zeros = 1;
	spaces = sp->width - (int)strlen(prefix) - zeros - n;
	if (sp->zero && !sp->left && sp->precision < 0 && spaces > 0) {
		zeros += spaces;
		spaces = 0;
	}
	if (!sp->left)
		out_pad(o, ' ', spaces);
	while (*prefix)
		out_char(o, *prefix++);
	out_pad(o, '0', zeros);
	while (n)
		out_char(o, buf[--n]);
	if (sp->left)
		out_pad(o, ' ', spaces);
}

static void out_signed(struct out *o, const struct spec *sp, int64_t v)
{
	char sign[2] = { v < 0 ? '-' : sp->plus, '\0' };

	out_number(o, sp, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, sign);
}

static const char *parse_flags(struct spec *sp, const char *fmt)
{
	for (;; fmt++) {
		if (*fmt == '-')
			sp->left = true;
		else if (*fmt == '0')
			sp->zero = true;
		else if (*fmt == '#')
			sp->alt = true;
		else if (*fmt == '+')
			sp->plus = '+';
		else if (*fmt == ' ')
			sp->plus = sp->plus ? sp->plus : ' ';
		else
			return fmt;
	}
}

static const char *parse_number(const char *fmt, int *n)
{
	*n = 0;
	while (isdigit(*fmt))
		*n = *n * 10 + *fmt++ - '0';
	return fmt;
}

static const char *parse_length(struct spec *sp, const char *fmt)
{
	sp->bytes = sizeof(int);
	for (;; fmt++) {
		if (*fmt == 'h')
			sp->bytes /= 2;
		else if (*fmt && strchr("lzjt", *fmt))
			sp->bytes = sizeof(long);
		else
			return fmt;
	}
}

/* va_list is an array on this machine: it travels by pointer, boxed. */
struct args {
	va_list	ap;
};

static int64_t arg_signed(const struct spec *sp, struct args *args)
{
	int v;

	if (sp->bytes == sizeof(long))
		return va_arg(args->ap, long);
	v = va_arg(args->ap, int);
	if (sp->bytes == sizeof(short))
		return (short)v;
	return sp->bytes == sizeof(char) ? (signed char)v : v;
}

static uint64_t arg_unsigned(const struct spec *sp, struct args *args)
{
	unsigned int v;

	if (sp->bytes == sizeof(long))
		return va_arg(args->ap, unsigned long);
	v = va_arg(args->ap, unsigned int);
	if (sp->bytes == sizeof(short))
		return (unsigned short)v;
	return sp->bytes == sizeof(char) ? (unsigned char)v : v;
}

static void convert_string(struct out *o, const struct spec *sp, const char *s)
{
	if (!s)
		s = "(null)";
	out_text(o, sp, s, sp->precision < 0 ? strlen(s)
					     : strnlen(s, sp->precision));
}

static void convert(struct out *o, struct spec *sp, char letter,
		    struct args *args)
{
	uint64_t v;
	char c;

	switch (letter) {
	case 'd':
	case 'i':
		out_signed(o, sp, arg_signed(sp, args));
		break;
	case 'u':
		out_number(o, sp, arg_unsigned(sp, args), 10, "");
		break;
	case 'o':
		out_number(o, sp, arg_unsigned(sp, args), 8, "");
		break;
	case 'X':
		sp->upper = true;
		/* fall through */
	case 'x':
		v = arg_unsigned(sp, args);
		out_number(o, sp, v, 16, !sp->alt || !v ? "" :
			   sp->upper ? "0X" : "0x");
		break;
	case 'p':
		v = (uintptr_t)va_arg(args->ap, void *);
		out_number(o, sp, v, 16, "0x");
		break;
	case 's':
		convert_string(o, sp, va_arg(args->ap, const char *));
		break;
	case 'c':
		c = va_arg(args->ap, int);
		out_text(o, sp, &c, 1);
		break;
	default:		/* %% and letters that nobody knows */
		out_char(o, letter);
	}
}

/* Parse one conversion behind its %; return what follows it. */
static const char *format_one(struct out *o, const char *fmt,
			      struct args *args)
{
	struct spec sp = { .precision = -1 };

	fmt = parse_flags(&sp, fmt);
	if (*fmt == '*') {
		sp.width = va_arg(args->ap, int);
		fmt++;
	} else {
		fmt = parse_number(fmt, &sp.width);
	}
	if (sp.width < 0) {
		sp.left = true;
		sp.width = -sp.width;
	}
	if (*fmt == '.' && fmt[1] == '*') {
		sp.precision = va_arg(args->ap, int);
		fmt += 2;
	} else if (*fmt == '.') {
		fmt = parse_number(fmt + 1, &sp.precision);
	}
	fmt = parse_length(&sp, fmt);
	if (!*fmt)
		return fmt;
	convert(o, &sp, *fmt, args);
	return fmt + 1;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct out o = { .buf = buf, .size = size };
	struct args args;

	va_copy(args.ap, ap);
	while (*fmt) {
		if (*fmt != '%')
			out_char(&o, *fmt++);
		else
			fmt = format_one(&o, fmt + 1, &args);
	}
	va_end(args.ap);
	if (size)
		buf[o.len < size ? o.len : size - 1] = '\0';
	return o.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return len;
}
