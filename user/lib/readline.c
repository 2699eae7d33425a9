/*
 * readline.c - a line editor on a raw console.
 *
 * Entered from the shell.  The kernel hands over bytes as they come and echoes
 * nothing; so everything one sees while typing is written here.
 */
#include "readline.h"

#include "ctype.h"
#include "intr.h"
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "syscall.h"

#include <stdbool.h>

#define CTRL(letter)	((letter) & 0x1f)
#define ESC		0x1b
#define DEL		0x7f

/* Keys that arrive as several bytes. */
enum { KEY_UP = 256, KEY_DOWN, KEY_RIGHT, KEY_LEFT, KEY_HOME, KEY_END,
       KEY_DELETE, KEY_NONE };

#define HISTORY	32

struct line {
	const char	*prompt;
	char		*buf;
	size_t		size;
	size_t		len;
	size_t		pos;		/* of the cursor */
	unsigned int	back;		/* 0: a new line; n: n lines ago */
	char		*fresh;		/* the new line, while we look back */
};

/* The newest is history[(history_nr - 1) % HISTORY]. */
static char *history[HISTORY];
static unsigned int history_nr;

/* A byte that came behind a ^C, for the next line; or READLINE_EOF. */
static int kept = READLINE_EOF;

/*
 * The next byte, or READLINE_*.
 *
 * The kernel forgets what was typed before a ^C.  So if there was one and still
 * the call brought a byte, that was typed after it.
 */
static int read_byte(void)
{
	unsigned char byte;
	struct syscall sc = {
		.num = SYS_read, .arg = { 0, (uintptr_t)&byte, 1 },
	};
	int got = kept;

	kept = READLINE_EOF;
	if (got == READLINE_EOF && intr_call(&sc) == 1)
		got = byte;
	if (!intr_taken())
		return got;
	kept = got;
	return READLINE_INTR;
}

/* What follows ESC: "[A" to "[H", "[3~", and the same with O for [. */
static int read_escape(void)
{
	static const char letters[] = "ABCDHF";
	static const int keys[] = { KEY_UP, KEY_DOWN, KEY_RIGHT, KEY_LEFT,
				    KEY_HOME, KEY_END };
	const char *found;
	int c = read_byte();
	int digit = 0;

	if (c < 0)
		return c;
	if (c != '[' && c != 'O')
		return KEY_NONE;
	for (c = read_byte(); isdigit(c) || c == ';'; c = read_byte())
		digit = c;
	if (c < 0)
		return c;
	if (c == '~')
		return digit == '3' ? KEY_DELETE : KEY_NONE;
	found = memchr(letters, c, sizeof(letters) - 1);	/* 0 is none */
	return found ? keys[found - letters] : KEY_NONE;
}

static int read_key(void)
{
	int c = read_byte();

	return c == ESC ? read_escape() : c;
}

/* Write the whole line anew, cursor where it belongs, in one system call. */
static void redraw(const struct line *l)
{
	size_t behind = l->len - l->pos;
	int len = l->len;

	if (behind)
		printf("\r%s%.*s\033[K\033[%luD", l->prompt, len, l->buf,
		       behind);
	else
		printf("\r%s%.*s\033[K", l->prompt, len, l->buf);
}

static void insert(struct line *l, char c)
{
	if (l->len + 1 >= l->size) {
		putchar('\a');
		return;
	}
	memmove(l->buf + l->pos + 1, l->buf + l->pos, l->len - l->pos);
	l->buf[l->pos++] = c;
	l->len++;
	if (l->pos == l->len)
		putchar(c);
	else
		redraw(l);
}

/* Take out the character at @pos. */
static void erase(struct line *l, size_t pos)
{
	if (pos >= l->len)
		return;
	memmove(l->buf + pos, l->buf + pos + 1, l->len - pos - 1);
	l->len--;
	l->pos = pos;
	redraw(l);
}

static void cursor_to(struct line *l, size_t pos)
{
	if (pos > l->len)
		return;
	l->pos = pos;
	redraw(l);
}

static void replace(struct line *l, const char *text)
{
	size_t len = strlcpy(l->buf, text ? text : "", l->size);

	/* History has lines that were read into larger buffers. */
	l->len = l->pos = len < l->size ? len : l->size - 1;
	redraw(l);
}

/* Go to the line @back lines ago; 0 is the one that was being typed. */
static void look_back(struct line *l, unsigned int back)
{
	if (back > history_nr || back > HISTORY)
		return;
	if (l->back == 0) {
		l->buf[l->len] = '\0';
		free(l->fresh);
		l->fresh = strdup(l->buf);
	}
	l->back = back;
	replace(l, back ? history[(history_nr - back) % HISTORY] : l->fresh);
}

static void remember(const char *line)
{
	char **slot = &history[history_nr % HISTORY];

	if (!*line)
		return;
	if (history_nr &&
	    strcmp(history[(history_nr - 1) % HISTORY], line) == 0)
		return;
	free(*slot);
	*slot = strdup(line);
	if (*slot)
		history_nr++;
}

static void edit(struct line *l, int key)
{
	switch (key) {
	case DEL:
	case '\b':
		erase(l, l->pos - 1);	/* wraps at 0: behind the end */
		break;
	case CTRL('U'):
		replace(l, "");
		break;
	case CTRL('K'):
		l->len = l->pos;
		redraw(l);
		break;
	case CTRL('L'):
		printf("\033[H\033[2J");
		redraw(l);
		break;
	case CTRL('A'):
	case KEY_HOME:
		cursor_to(l, 0);
		break;
	case CTRL('E'):
	case KEY_END:
		cursor_to(l, l->len);
		break;
	case KEY_LEFT:
		cursor_to(l, l->pos - 1);	/* likewise */
		break;
	case KEY_RIGHT:
		cursor_to(l, l->pos + 1);
		break;
	case KEY_UP:
		look_back(l, l->back + 1);
		break;
	case KEY_DOWN:
		look_back(l, l->back ? l->back - 1 : 0);
		break;
	case CTRL('D'):
	case KEY_DELETE:
		erase(l, l->pos);
		break;
	default:
		if (isprint(key))
			insert(l, key);
	}
}

/* Edit until the line ends: READLINE_* or 0. */
static int edit_line(struct line *l)
{
	int key;

	for (;;) {
		key = read_key();
		if (key == '\r' || key == '\n')
			return 0;
		if (key == CTRL('C'))
			return READLINE_INTR;
		if (key == CTRL('D') && !l->len)
			return READLINE_EOF;
		if (key < 0)
			return key;
		edit(l, key);
	}
}

int readline(const char *prompt, char *buf, size_t size)
{
	struct line l = { .prompt = prompt, .buf = buf, .size = size };
	int err;

	printf("%s", prompt);
	err = edit_line(&l);
	printf("%s\n", err == READLINE_INTR ? "^C" : "");
	free(l.fresh);
	if (err)
		return err;
	buf[l.len] = '\0';
	remember(buf);
	return l.len;
}
