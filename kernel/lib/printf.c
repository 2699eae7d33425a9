/*
 * printf.c - formatted text, to the console or to memory.
 */
#include "lib/printf.h"

#include "dev/uart.h"
#include "lib/string.h"

/* Text that grows; what does not fit is counted and dropped. */
struct text {
	char	*buf;
	size_t	size;
	size_t	len;
};

/* One %... of the format, taken apart. */
struct spec {
	bool	left;		/* '-' */
	char	pad;		/* ' ' or '0' */
	int	width;
	int	precision;	/* -1: none */
	int	longs;		/* how many l; z is one */
};

static void put(struct text *t, char c)
{
	if (t->len + 1 < t->size)
		t->buf[t->len] = c;
	t->len++;
}

static void put_padded(struct text *t, const struct spec *s, const char *str,
		       int len)
{
	int gap = s->width - len;

	for (; !s->left && gap > 0; gap--)
		put(t, s->pad);
	for (int i = 0; i < len; i++)
		put(t, str[i]);
	for (; gap > 0; gap--)
		put(t, ' ');
}

static void put_string(struct text *t, struct spec *s, const char *str)
{
	int len = 0;

	if (!str)
		str = "(null)";
	while (len != s->precision && str[len])
		len++;
	s->pad = ' ';
	put_padded(t, s, str, len);
}

static void put_number(struct text *t, struct spec *s, uint64_t v,
		       uint32_t base, bool negative)
{
	char digits[24];
	int at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	if (negative && s->pad == '0') {
		put(t, '-');
		s->width--;
	} else if (negative) {
		digits[--at] = '-';
	}
	put_padded(t, s, digits + at, (int)sizeof(digits) - at);
}

static int parse_number(const char **fmt)
{
	int n = 0;

	while (**fmt >= '0' && **fmt <= '9')
		n = n * 10 + *(*fmt)++ - '0';
	return n;
}

/* Take apart what stands between the % and its letter. */
static struct spec parse_spec(const char **fmt, va_list *args)
{
	struct spec s = { .pad = ' ', .precision = -1 };

	for (; **fmt == '-' || **fmt == '0'; (*fmt)++) {
		if (**fmt == '-')
			s.left = true;
		else
			s.pad = '0';
	}
	if (s.left)
		s.pad = ' ';
	s.width = parse_number(fmt);
	if (**fmt == '.') {
		(*fmt)++;
		if (**fmt == '*') {
			(*fmt)++;
			s.precision = va_arg(*args, int);
		} else {
			s.precision = parse_number(fmt);
		}
	}
	for (; **fmt == 'l' || **fmt == 'z'; (*fmt)++)
		s.longs++;
	return s;
}

static void put_signed(struct text *t, struct spec *s, int64_t v)
{
	put_number(t, s, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, v < 0);
}

/* The letter that ends a %..., and its argument. */
static void put_argument(struct text *t, struct spec *s, char letter,
			 va_list *args)
{
	char c;

	switch (letter) {
	case 'd':
	case 'i':
		put_signed(t, s, s->longs ? va_arg(*args, long)
					  : va_arg(*args, int));
		break;
	case 'u':
	case 'x':
		put_number(t, s, s->longs ? va_arg(*args, unsigned long)
					  : va_arg(*args, unsigned int),
			   letter == 'u' ? 10 : 16, false);
		break;
	case 'p':
		put(t, '0');
		put(t, 'x');
		put_number(t, s, (uint64_t)va_arg(*args, void *), 16, false);
		break;
	case 's':
		put_string(t, s, va_arg(*args, const char *));
		break;
	case 'c':
		c = (char)va_arg(*args, int);
		put_padded(t, s, &c, 1);
		break;
	default:
		put(t, letter);
	}
}

size_t vsnprintk(char *buf, size_t size, const char *fmt, va_list args)
{
	struct text t = { .buf = buf, .size = size };
	va_list rest;

	va_copy(rest, args);
	while (*fmt) {
		struct spec s;

		if (*fmt != '%') {
			put(&t, *fmt++);
			continue;
		}
		fmt++;
		s = parse_spec(&fmt, &rest);
		if (*fmt)
			put_argument(&t, &s, *fmt++, &rest);
	}
	va_end(rest);
	if (size)
		buf[t.len < size ? t.len : size - 1] = '\0';
	return t.len;
}

size_t snprintk(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	size_t len;

	va_start(args, fmt);
	len = vsnprintk(buf, size, fmt, args);
	va_end(args);
	return len;
}

void printk(const char *fmt, ...)
{
	char buf[PRINTK_MAX];
	va_list args;
	size_t len;

	va_start(args, fmt);
	len = vsnprintk(buf, sizeof(buf), fmt, args);
	va_end(args);
	uart_write(buf, len < sizeof(buf) ? len : sizeof(buf) - 1);
}
