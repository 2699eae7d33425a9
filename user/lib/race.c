/*
 * race.c - scripts for kernel/core/race.c, read.
 */
#include "race.h"

#include "abi/errno.h"
#include "ctype.h"
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "switch.h"
#include "syscall.h"

static const char *const names[RACE_NR] = {
#define NAME(name, where)	[RACE_##name] = #name,
	RACE_POINTS(NAME)
};

const char *race_name(enum race_point point)
{
	return point < RACE_NR ? names[point] : "?";
}

void race_pass(enum race_point point)
{
	struct syscall sc = {
		.num = SYS_race,
		.arg = { RACE_OP_PASS, point },
	};

	syscall_trap(&sc);	/* has its answer at once */
}

static const char *skip(const char *at, const char *what)
{
	size_t len = strlen(what);

	while (*at == ' ')
		at++;
	return strncmp(at, what, len) ? NULL : at + len;
}

/* Read `WHO@POINT`; the rest of the text, or null if it is none. */
static const char *read_place(const char *at, uint32_t *who, uint32_t *point)
{
	char *end;
	size_t len;

	while (*at == ' ')
		at++;
	*who = *at == 'v' ? RACE_VCORE : *at == 'c' ? RACE_CORE : RACE_ANY;
	if (*who == RACE_ANY && *at != '*')
		return NULL;
	at++;
	if (*who != RACE_ANY) {
		*who |= (uint32_t)strtoul(at, &end, 10) & 0xffff;
		at = end;
	}
	if (*at++ != '@')
		return NULL;
	for (*point = 0; *point < RACE_NR; ++*point) {
		len = strlen(names[*point]);
		if (!strncmp(at, names[*point], len) && !isalpha(at[len]) &&
		    at[len] != '_')
			return at + len;
	}
	return NULL;
}

static const char *read_rule(const char *at, struct race_rule *rule)
{
	at = read_place(at, &rule->who, &rule->point);
	if (at)
		at = skip(at, "waits ");
	if (at)
		at = read_place(at, &rule->after_who, &rule->after);
	return at;
}

int race_script(const char *script)
{
	struct race_rule rules[RACE_RULES];
	const char *at = script;
	uint32_t n = 0;
	int64_t err;

	do {
		at = n < RACE_RULES ? read_rule(at, &rules[n++]) : NULL;
	} while (at && *at && (at = skip(at, ";")));
	if (!at) {
		printf("race: cannot read `%s`: WHO@POINT waits WHO@POINT, "
		       "and `;` between rules\n", script);
		return -EINVAL;
	}
	err = syscall_call(SYS_race, RACE_OP_ARM, (uint64_t)rules, n, 0, 0);
	return err < 0 ? (int)err : 0;
}

uint32_t race_end(void)
{
	int64_t kept = syscall_call(SYS_race, RACE_OP_ARM, 0, 0, 0, 0);

	return kept < 0 ? 0 : (uint32_t)kept;
}
