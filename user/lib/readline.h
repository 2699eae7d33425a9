/* readline.h - one line from the console, with editing and history. */
#pragma once

#include <stddef.h>

#define READLINE_EOF	(-1)	/* ^D on an empty line, or no console */
#define READLINE_INTR	(-2)	/* ^C: the line was abandoned */

/*
 * Print @prompt and read a line into @buf, without its end: its length, or one
 * of the two above.  What does not fit into @size bytes is refused with a bell.
 *
 * Keys: backspace, ^U kill line, ^K kill to the end, ^A ^E home end, arrows,
 * ^L clear, ^C, ^D.  Lines that are not empty go into the history.
 *
 * ^C works after intr_enable() (intr.h).  Context: uthread.
 */
int readline(const char *prompt, char *buf, size_t size);
