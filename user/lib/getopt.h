/* getopt.h - options of one letter, as POSIX has them. */
#pragma once

extern char *optarg;		/* the argument of the last option */
extern int optind;		/* the next element of argv to look at */
extern int opterr;		/* 0: do not print complaints */
extern int optopt;		/* the letter that was wrong */

/*
 * The next option's letter, '?' for a wrong one, -1 at the first word that is
 * no option or behind "--".  @letters: a colon behind those with an argument;
 * with one in front, complaints are not printed, and ':' is a missing argument.
 */
int getopt(int argc, char *const argv[], const char *letters);
