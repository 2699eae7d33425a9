/*
 * sh.c - the shell: parents, children, and a process that wants its ^C.
 *
 * A command line is parsed into one pipeline at a time, and each is run before
 * the next is parsed, so that $? is right: it is that of the last command in
 * the pipeline.  Commands write to the console or to a pipe; there are no files
 * to write to.
 *
 * A child gets copies of our descriptors 0 to 2 as they are when it is created.
 * So we put a pipe's ends there for that moment, and keep everything else
 * private: a writer that held the reading end, too, would never be told that
 * its reader is gone.
 *
 * The kernel sends ^C to the process named by SYS_foreground(): a child while
 * it runs in the foreground alone, else the shell.  The child dies of it unless
 * it registered for EV_POSIX_SIGNAL; the shell did (intr.h), and passes it on
 * to all of a pipeline.  A shell in the background, or in a pipeline, is not
 * given the console, and so has none to give.
 */
#include "abi/signal.h"
#include "ctype.h"
#include "getopt.h"
#include "intr.h"
#include "readline.h"
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "syscall.h"
#include "unistd.h"
#include "vcore.h"

#define LINE_SIZE	512
#define WORDS_SIZE	1024
#define MAX_JOBS	64
#define MAX_STAGES	16

/* Where our own standard input and output are while a pipe has their place. */
#define OUR_STDIN	14
#define OUR_STDOUT	15

#define STATUS_USAGE	2
#define STATUS_CANNOT	126	/* found, but it does not run */
#define STATUS_UNKNOWN	127	/* no such program */
#define STATUS_SIGNAL	128	/* plus the signal that ended it */

struct command {
	char	words[WORDS_SIZE];	/* as SYS_proc_create wants them */
	size_t	len;
	int	argc;
	char	end;			/* what follows: | & ; or 0 */
};

/* Children that are connected, and run together. */
struct pipeline {
	int	pids[MAX_STAGES];
	int	nr;
	int	input;		/* where the next one reads: a descriptor */
	bool	failed;		/* one of them could not be started */
	bool	has_console;	/* ^C goes to it and not to us */
};

struct job {
	int	pid;		/* 0: the slot is free */
	char	name[32];
};

static struct job jobs[MAX_JOBS];
static int last_status;
static bool interactive;
static bool leaving;		/* `exit` was run: last_status says with what */
static bool interrupted;	/* ^C: forget the rest of the line */

/* --- Parsing -------------------------------------------------------------- */

static bool word_char(struct command *cmd, char c)
{
	if (cmd->len == WORDS_SIZE)
		return false;
	cmd->words[cmd->len++] = c;
	return true;
}

/* $? and $$; any other dollar is one. */
static const char *expand(struct command *cmd, const char *s, bool *ok)
{
	char number[12];

	if (s[1] != '?' && s[1] != '$') {
		*ok &= word_char(cmd, *s);
		return s + 1;
	}
	snprintf(number, sizeof(number), "%d",
		 s[1] == '?' ? last_status : getpid());
	for (char *p = number; *p; p++)
		*ok &= word_char(cmd, *p);
	return s + 2;
}

/* Add one word to @cmd; return what follows, or null after a complaint. */
static const char *parse_word(struct command *cmd, const char *s)
{
	char quote = 0;
	bool ok = true;

	for (; *s && (quote || !strchr(" \t\r\n;&|", *s)); ) {
		if (quote ? *s == quote : *s == '\'' || *s == '"') {
			quote = quote ? 0 : *s;
			s++;
		} else if (*s == '$' && quote != '\'') {
			s = expand(cmd, s, &ok);
		} else {
			if (*s == '\\' && quote != '\'' && s[1])
				s++;
			ok &= word_char(cmd, *s++);
		}
	}
	ok &= word_char(cmd, '\0');
	cmd->argc++;
	if (quote)
		dprintf(2, "sh: no closing %c\n", quote);
	else if (!ok)
		dprintf(2, "sh: command too long\n");
	return quote || !ok ? NULL : s;
}

/*
 * Parse the next command of @s; return what follows it, or null after a
 * complaint.  At the end, and for an empty command, argc is 0.
 */
static const char *parse_command(struct command *cmd, const char *s)
{
	cmd->len = 0;
	cmd->argc = 0;
	cmd->end = 0;
	for (;;) {
		while (isspace(*s))
			s++;
		if (*s == '#')
			return s + strlen(s);
		if (!*s)
			return s;
		if (strchr(";&|", *s))
			break;
		s = parse_word(cmd, s);
		if (!s)
			return NULL;
	}
	if (!cmd->argc) {
		dprintf(2, "sh: no command before %c\n", *s);
		return NULL;
	}
	cmd->end = *s;
	return s + 1;
}

/* Word @n of @cmd, null past the last. */
static const char *word(const struct command *cmd, int n)
{
	const char *w = cmd->words;

	if (n >= cmd->argc)
		return NULL;
	while (n--)
		w += strlen(w) + 1;
	return w;
}

/* --- Children ------------------------------------------------------------- */

/* A wait status as $? shows it. */
static int exit_status(int32_t status)
{
	return W_EXITED(status) ? W_CODE(status)
				: STATUS_SIGNAL + W_SIGNAL(status);
}

/* waitpid() that ^C ends: the pid, 0 (WNOHANG: none yet) or -1. */
static int wait_for(int pid, int32_t *status, int flags)
{
	struct syscall sc = {
		.num = SYS_waitpid,
		.arg = { pid, (uintptr_t)status, flags },
	};
	int ended = intr_call(&sc);

	if (ended < 0 && intr_taken())
		interrupted = true;
	return ended;
}

static void job_add(int pid, const char *name)
{
	for (int i = 0; i < MAX_JOBS; i++) {
		if (jobs[i].pid)
			continue;
		jobs[i].pid = pid;
		strlcpy(jobs[i].name, name, sizeof(jobs[i].name));
		if (interactive)
			printf("[%d] %d\n", i + 1, pid);
		return;
	}
}

/* Process @pid, ours, has ended in the background. */
static void job_ended(int pid, int32_t status)
{
	char how[32] = "done";
	int i = 0;

	while (i < MAX_JOBS && jobs[i].pid != pid)
		i++;
	if (i == MAX_JOBS)
		return;
	if (!W_EXITED(status))
		snprintf(how, sizeof(how), "signal %d", W_SIGNAL(status));
	else if (W_CODE(status))
		snprintf(how, sizeof(how), "exit %d", W_CODE(status));
	if (interactive)
		printf("[%d] %-10s %s\n", i + 1, how, jobs[i].name);
	jobs[i].pid = 0;
}

static void jobs_reap(void)
{
	int32_t status;
	int pid;

	while ((pid = sys_waitpid(-1, &status, WNOHANG)) > 0)
		job_ended(pid, status);
}

/* ^C has come for all of @pl.  The last first, whose status is that of all:
 * with its writer gone it might end before, as if nothing had happened. */
static void interrupt_all(const struct pipeline *pl)
{
	for (int i = pl->nr - 1; i >= 0; i--)
		(void)sys_kill(pl->pids[i], SIGINT);
}

/* Wait for child @n of @pl, with ^C going its way, or to all of them: its wait
 * status, or -1 after a complaint. */
static int32_t wait_foreground(const struct pipeline *pl, int n)
{
	int32_t status;
	int ended;

	while ((ended = wait_for(pl->pids[n], &status, 0)) < 0) {
		if (errno != ECANCELED) {
			perror("sh: wait");
			return -1;
		}
		/* A lone child may have got the console after our ^C. */
		if (!pl->has_console)
			interrupt_all(pl);
	}
	return status;
}

/* Wait for all of @pl; set last_status. */
static void run_foreground(const struct pipeline *pl)
{
	int32_t status = 0;

	for (int i = 0; i < pl->nr; i++)
		status = wait_foreground(pl, i);
	sys_foreground(getpid());
	last_status = status < 0 ? STATUS_CANNOT : exit_status(status);
	if (last_status == STATUS_SIGNAL + SIGINT)
		interrupted = true;
	if (interactive && interrupted)
		printf("^C\n");
	else if (status > 0 && !W_EXITED(status))
		dprintf(2, "sh: process %d was ended by signal %d\n",
			pl->pids[pl->nr - 1], W_SIGNAL(status));
}

/* Create a process for @cmd; its pid, or -1 after a complaint. */
static int create(const struct command *cmd)
{
	const char *name = word(cmd, 0);
	char path[64];
	int pid;

	snprintf(path, sizeof(path), "%s%s", strchr(name, '/') ? "" : "bin/",
		 name);
	pid = sys_proc_create(path, cmd->words, cmd->len, cmd->argc);
	if (pid < 0) {
		last_status = errno == ENOENT ? STATUS_UNKNOWN : STATUS_CANNOT;
		dprintf(2, "sh: %s: %s\n", name,
			errno == ENOENT ? "no such program; type help"
					: strerror(errno));
	}
	return pid;
}

/*
 * Create the next process of @pl: it reads what the last one writes, and if
 * more is to come it writes to a pipe.
 */
static void add_stage(struct pipeline *pl, const struct command *cmd)
{
	bool more = cmd->end == '|';
	int fds[2] = { -1, OUR_STDOUT };
	int pid = -1;

	if (more && pipe2(fds, O_CLOEXEC)) {
		perror("sh: pipe");
		last_status = STATUS_CANNOT;
	} else {
		dup2(pl->input, 0);
		dup2(fds[1], 1);
		pid = create(cmd);
		dup2(OUR_STDIN, 0);
		dup2(OUR_STDOUT, 1);
	}
	if (pl->input != OUR_STDIN)
		close(pl->input);
	if (fds[0] >= 0)
		close(fds[1]);
	pl->input = more ? fds[0] : OUR_STDIN;
	if (pid < 0)
		pl->failed = true;
	else
		pl->pids[pl->nr++] = pid;
}

/* Nobody has run yet: so be it. */
static void drop_pipeline(struct pipeline *pl)
{
	int32_t status;

	for (int i = 0; i < pl->nr; i++) {
		sys_kill(pl->pids[i], SIGKILL);
		sys_waitpid(pl->pids[i], &status, 0);
	}
}

/* All of @pl is there: let it run, as @cmd, the last of it, says. */
static void run_pipeline(struct pipeline *pl, const struct command *cmd)
{
	if (pl->failed) {
		drop_pipeline(pl);
		return;
	}
	pl->has_console = cmd->end != '&' && pl->nr == 1 &&
			  !sys_foreground(pl->pids[0]);
	for (int i = 0; i < pl->nr; i++) {
		if (!sys_proc_run(pl->pids[i]))
			continue;
		perror("sh: run");
		sys_kill(pl->pids[i], SIGKILL);
	}
	if (cmd->end == '&') {
		job_add(pl->pids[pl->nr - 1], word(cmd, 0));
		last_status = 0;
	} else {
		run_foreground(pl);
	}
}

/* --- Built-in commands ---------------------------------------------------- */

static void builtin_exit(const struct command *cmd)
{
	const char *arg = word(cmd, 1);
	long status = 0;

	if (arg && !word_to_number(arg, 0, 255, &status)) {
		dprintf(2, "sh: exit: %s: not a number from 0 to 255\n", arg);
		last_status = STATUS_USAGE;
		leaving = !interactive;
		return;
	}
	/* A status that a person has seen is no reason to fail. */
	if (arg || interactive)
		last_status = (int)status;
	leaving = true;
}

/* Wait until no child is left. */
static void builtin_wait(const struct command *cmd)
{
	int32_t status;
	int pid;

	while ((pid = wait_for(-1, &status, 0)) > 0)
		job_ended(pid, status);
	last_status = interrupted ? STATUS_SIGNAL + SIGINT : 0;
}

static void builtin_jobs(const struct command *cmd)
{
	jobs_reap();
	for (int i = 0; i < MAX_JOBS; i++) {
		if (jobs[i].pid)
			printf("[%d] %-10d %s\n", i + 1, jobs[i].pid,
			       jobs[i].name);
	}
	last_status = 0;
}

static const struct {
	const char	*name;
	void		(*run)(const struct command *cmd);
} builtins[] = {
	{ "exit", builtin_exit },
	{ "wait", builtin_wait },
	{ "jobs", builtin_jobs },
};

/* True if @cmd is built in, and was run. */
static bool run_builtin(const struct command *cmd)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++) {
		if (strcmp(word(cmd, 0), builtins[i].name) == 0) {
			builtins[i].run(cmd);
			return true;
		}
	}
	return false;
}

/* --- Lines ---------------------------------------------------------------- */

/* Parse command @n of a pipeline; as parse_command(). */
static const char *parse_stage(struct command *cmd, const char *line, int n)
{
	line = parse_command(cmd, line);
	if (!line || !n || (cmd->argc && n < MAX_STAGES))
		return line;
	dprintf(2, cmd->argc ? "sh: pipeline too long\n"
			     : "sh: no command after |\n");
	return NULL;
}

/*
 * Parse a pipeline from @line and run it; return what follows, or null after a
 * complaint.
 */
static const char *run_next(const char *line)
{
	static struct command cmd;
	struct pipeline pl = { .input = OUR_STDIN };

	for (int n = 0; !n || cmd.end == '|'; n++) {
		line = parse_stage(&cmd, line, n);
		if (!line)
			break;
		if (!n && (!cmd.argc ||
			   (cmd.end != '|' && run_builtin(&cmd))))
			return line;
		add_stage(&pl, &cmd);
	}
	if (pl.input != OUR_STDIN)
		close(pl.input);
	pl.failed |= !line;
	run_pipeline(&pl, &cmd);
	return line;
}

/* Run the pipelines of @line, one after the other. */
static void run_line(const char *line)
{
	interrupted = false;
	while (*line && !leaving && !interrupted) {
		line = run_next(line);
		if (!line) {
			last_status = STATUS_USAGE;
			return;
		}
		interrupted |= intr_taken();
	}
}

static void run_interactive(void)
{
	char line[LINE_SIZE];
	int len;

	interactive = true;
	while (!leaving) {
		jobs_reap();
		len = readline("ev6$ ", line, sizeof(line));
		if (len == READLINE_EOF) {
			last_status = 0;
			return;
		}
		if (len == READLINE_INTR)
			last_status = STATUS_SIGNAL + SIGINT;
		else
			run_line(line);
	}
}

int main(int argc, char *argv[])
{
	const char *commands = NULL;
	int letter;

	while ((letter = getopt(argc, argv, "c:")) != -1) {
		if (letter == 'c')
			commands = optarg;
		else
			optind = argc + 1;
	}
	if (optind != argc) {
		dprintf(2, "usage: sh [-c COMMANDS]\n");
		return STATUS_USAGE;
	}
	if (intr_enable())
		dprintf(2, "sh: ^C will end this shell\n");
	if (dup3(0, OUR_STDIN, O_CLOEXEC) < 0 ||
	    dup3(1, OUR_STDOUT, O_CLOEXEC) < 0) {
		perror("sh: dup");
		return STATUS_CANNOT;
	}
	sys_foreground(getpid());
	if (commands)
		run_line(commands);
	else
		run_interactive();
	return last_status;
}
