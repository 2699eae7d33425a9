/*
 * kill.c - send signals: an event to who wants it, the end to who does not.
 */
#include "abi/signal.h"
#include "ctype.h"
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "syscall.h"

#include <limits.h>

static const struct {
	const char	*name;
	int		signo;
} signals[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT },
	{ "ABRT", SIGABRT }, { "KILL", SIGKILL }, { "USR1", SIGUSR1 },
	{ "USR2", SIGUSR2 }, { "ALRM", SIGALRM }, { "TERM", SIGTERM },
	{ "CHLD", SIGCHLD },
};

#define NR_SIGNALS	(sizeof(signals) / sizeof(signals[0]))

/* "9", "KILL" or "SIGKILL"; 0 if it is none of them. */
static int signal_number(const char *name)
{
	char *end;
	long n = strtol(name, &end, 10);

	if (isdigit(*name))
		return *end || n >= NSIG ? 0 : n;
	if (strncmp(name, "SIG", 3) == 0)
		name += 3;
	for (size_t i = 0; i < NR_SIGNALS; i++) {
		if (strcmp(name, signals[i].name) == 0)
			return signals[i].signo;
	}
	return 0;
}

static int kill_one(const char *word, int signo)
{
	long pid;

	if (!word_to_number(word, 1, INT_MAX, &pid)) {
		dprintf(2, "kill: %s: not a process number; ps has them\n",
			word);
		return 1;
	}
	if (sys_kill(pid, signo) < 0) {
		dprintf(2, "kill: %ld: %s; ps lists what there is\n", pid,
			strerror(errno));
		return 1;
	}
	return 0;
}

int main(int argc, char *argv[])
{
	int signo = SIGTERM;
	int first = 1;
	int status = 0;

	if (argc > 1 && argv[1][0] == '-') {
		signo = signal_number(argv[1] + 1);
		first = 2;
	}
	if (first >= argc || !signo) {
		dprintf(2, "usage: kill [-SIGNAL] PID...\nsignals:");
		for (size_t i = 0; i < NR_SIGNALS; i++)
			dprintf(2, " %s", signals[i].name);
		dprintf(2, ", or a number below %d\n", NSIG);
		return 2;
	}
	for (int i = first; i < argc; i++)
		status |= kill_one(argv[i], signo);
	return status;
}
