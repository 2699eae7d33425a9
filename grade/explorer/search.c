/*
 * search.c - which steps, in which order: every order of them, or a few
 * hundred likely ones.
 *
 * The exhaustive search goes through states, not executions: a state that was
 * met before, by whatever way, is not entered again.  A state is all shared
 * memory, and of each thread its stack, its store buffer and what it is about
 * to do.
 */
#include "engine.h"
#include "explore.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define MAX_STEPS	48
#define MAX_DEPTH	20000
#define RANDOM_RUNS	500
#define MAX_RUN		4000		/* steps of one random run */

void stubs_init(void);

enum result { EXHAUSTED, OUT_OF_BUDGET, FAILED, AGAIN };

struct node {
	struct step	steps[MAX_STEPS];
	uint32_t	nr, next;
	uint32_t	all;		/* steps; the first `nr` are enough */
	size_t		undo;
	char		*saved;		/* the thread that moves next */
	size_t		room;
	uint32_t	cost, child_cost;
	uint64_t	hash[2];
	bool		relaxed;	/* its step was a cpu_relax() */
};

static const struct test *test;
static struct node *nodes;
static uint32_t depth;
static uint64_t (*table)[2];
static uint64_t nr_states, table_size;
static struct step path[MAX_DEPTH];
static uint32_t path_len;
static int32_t bound = -1;		/* preemptions and held stores */
static double deadline;
static uint64_t max_states = 20000000;

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* --- states met ----------------------------------------------------------- */

static void table_reset(void)
{
	if (!table_size) {
		table_size = 1 << 16;
		table = calloc(table_size, sizeof(*table));
	} else {
		memset(table, 0, table_size * sizeof(*table));
	}
	nr_states = 0;
}

/* The lowest bit of a slot says whether the state is on our way. */
static bool same_state(const uint64_t *slot, const uint64_t *h)
{
	return slot[0] == h[0] && !((slot[1] ^ h[1]) >> 1);
}

static bool table_put(uint64_t (*tab)[2], uint64_t size, const uint64_t *h)
{
	uint64_t i = h[0];

	for (;; i++) {
		uint64_t *slot = tab[i & (size - 1)];

		if (!slot[0] && !slot[1]) {
			slot[0] = h[0];
			slot[1] = h[1];
			return true;
		}
		if (same_state(slot, h))
			return false;
	}
}

static uint64_t *table_find(const uint64_t *h)
{
	uint64_t i = h[0];

	while (!same_state(table[i & (table_size - 1)], h))
		i++;
	return table[i & (table_size - 1)];
}

static void state_on_way(const uint64_t *h, bool on)
{
	uint64_t *slot = table_find(h);

	slot[1] = (slot[1] & ~1UL) | on;
}

/* True if it is new. */
static bool state_new(const uint64_t *h)
{
	if (nr_states * 2 > table_size) {
		uint64_t (*bigger)[2] = calloc(table_size * 2,
					       sizeof(*bigger));

		for (uint64_t i = 0; i < table_size; i++) {
			if (table[i][0] || table[i][1])
				table_put(bigger, table_size * 2, table[i]);
		}
		free(table);
		table = bigger;
		table_size *= 2;
	}
	if (!table_put(table, table_size, (uint64_t[]){ h[0], h[1] & ~1UL }))
		return false;
	nr_states++;
	return true;
}

/* --- the end of a run ----------------------------------------------------- */

static const char *where(const struct thread *t)
{
	static char text[100];

	snprintf(text, sizeof(text), "%s%s%s", op_name(t),
		 t->op.addr && !t->done ? " " : "",
		 t->op.addr && !t->done ? name_of(t->op.addr) : "");
	return text;
}

/* Nobody can move: is that an end, and a good one? */
static void at_end(void)
{
	size_t mark = undo_mark();

	for (uint32_t i = 0; i < nr_threads; i++) {
		struct thread *t = &threads[i];
		uintptr_t last = t->nr_seen ? t->seen[t->nr_seen - 1].addr : 0;

		if (t->done || t->op.kind == OP_SLEEP ||
		    t->op.kind == OP_HALT)
			continue;
		current = t;
		if (t->op.kind == OP_RELAX) {
			fail("spins forever", t->op.pc,
			     "%s spins forever: nobody will change %s",
			     t->name, last ? name_of(last) : "what it reads");
		} else {
			fail("stuck", t->op.pc, "%s %s, for ever", t->name,
			     where(t));
		}
		current = NULL;
		siglongjmp(engine_jmp, 1);
	}
	engine_busy = true;
	if (test->check)
		test->check();
	settle();
	engine_busy = false;
	undo_to(mark);
}

/* --- every order ---------------------------------------------------------- */

static bool same_step(struct step a, struct step b)
{
	return a.kind == b.kind && a.thread == b.thread && a.alt == b.alt;
}

/* What @s costs towards the bound: to take the core from a thread that could
 * go on, and to go on with stores that memory has not seen. */
static uint32_t step_cost(struct step s)
{
	const struct thread *t = &threads[s.thread];
	uint32_t cost = 0;

	if (s.kind == STEP_DRAIN)
		return 0;
	for (uint32_t i = 0; i < t->nr_stores; i++)
		cost += !t->stores[i].held;
	for (uint32_t i = depth; i-- > 0; ) {
		struct step last = path[i];

		if (last.kind == STEP_DRAIN)
			continue;
		if (last.thread != s.thread &&
		    !threads[last.thread].done &&
		    op_enabled(&threads[last.thread]))
			cost++;
		break;
	}
	return cost;
}

static uint32_t last_thread(void)
{
	for (uint32_t i = depth; i-- > 0; ) {
		if (path[i].kind != STEP_DRAIN)
			return path[i].thread;
	}
	return NR_THREADS;
}

/* The state that was just reached is known.  Is it on our path, and has only
 * one thread moved since?  Then that thread goes round in circles. */
static void check_cycle(const uint64_t *hash)
{
	uint32_t thread = path[depth].thread;

	for (uint32_t i = depth + 1; i-- > 0; ) {
		if (path[i].thread != thread || path[i].kind != STEP_RUN ||
		    nodes[i].relaxed)
			return;
		if (nodes[i].hash[0] != hash[0] || nodes[i].hash[1] != hash[1])
			continue;
		path_len = depth + 1;
		current = &threads[thread];
		fail("spins", threads[thread].op.pc,
		     "%s goes round in circles without cpu_relax(): nothing "
		     "changes until someone else moves", threads[thread].name);
		current = NULL;
		siglongjmp(engine_jmp, 1);
	}
}

static void node_enter(struct node *n, uint32_t cost)
{
	n->nr = n->all = steps_enabled(n->steps, MAX_STEPS);
	if (bound < 0) {
		n->nr = reduce_steps(n->steps, n->all);
		state_on_way(n->hash, true);
	}
	n->next = 0;
	n->undo = undo_mark();
	n->cost = cost;
	if (!n->nr)
		at_end();
	if (test->goal && test->goal())
		n->nr = n->all = 0;
}

static void node_save(struct node *n, const struct thread *t)
{
	size_t size = thread_size(t);

	if (size > n->room) {
		n->room = size + 1024;
		n->saved = realloc(n->saved, n->room);
	}
	thread_copy(n->saved, t);
}

static void node_back(struct node *n)
{
	struct thread *t = &threads[n->steps[n->next - 1].thread];

	undo_to(n->undo);
	thread_restore(t, n->saved);
}

static void key_of(uint64_t *key, uint32_t cost)
{
	state_hash(key);
	if (bound >= 0) {
		key[0] += (uint64_t)(cost + 1) * 0x9fb21c651e98df25UL;
		key[1] ^= (uint64_t)(last_thread() + 1) << 40;
	}
}

static enum result search(void)
{
	bool learnt = false;	/* not from the beginning of the search */
	uint64_t key[2];

	depth = 0;
	key_of(nodes[0].hash, 0);
	state_new(nodes[0].hash);
	node_enter(&nodes[0], 0);
	for (;;) {
		struct node *n = &nodes[depth];
		struct step s;
		uint32_t cost;

		if (n->next == n->nr) {
			if (bound < 0)
				state_on_way(n->hash, false);
			if (!depth)
				return learnt || (bound < 0 && reduce_grown()) ?
					AGAIN : EXHAUSTED;
			node_back(&nodes[--depth]);
			continue;
		}
		s = n->steps[n->next++];
		cost = n->cost + (bound >= 0 ? step_cost(s) : 0);
		if (bound >= 0 && cost > (uint32_t)bound)
			continue;
		node_save(n, &threads[s.thread]);
		n->relaxed = threads[s.thread].op.kind == OP_RELAX;
		path[depth] = s;
		path_len = depth + 1;
		step_do(s);
		if (need_restart)
			return AGAIN;
		depth++;
		key_of(key, cost);
		depth--;
		if (!state_new(key)) {
			if (bound < 0)
				check_cycle(key);
			/* Round a circle nobody is put off for ever. */
			if (bound < 0 && table_find(key)[1] & 1)
				n->nr = n->all;
			node_back(n);
			continue;
		}
		if (bound < 0 && !(nr_states & 63) && reduce_grown()) {
			reduce_update();
			learnt = true;
		}
		if (!(nr_states & 1023) &&
		    (seconds() > deadline || nr_states > max_states))
			return OUT_OF_BUDGET;
		if (++depth == MAX_DEPTH - 1) {
			fail("endless", 0, "no end after %u steps", MAX_DEPTH);
			return FAILED;
		}
		memcpy(nodes[depth].hash, key, sizeof(key));
		node_enter(&nodes[depth], cost);
	}
}

/* --- some orders ---------------------------------------------------------- */

static uint64_t rng;

static uint32_t dice(uint32_t n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (uint32_t)((rng >> 20) % n);
}

/* PCT: threads and their buffers have priorities, which fall at few places
 * that are drawn in advance. */
struct pct {
	uint32_t	prio[3][NR_THREADS];
	uint32_t	falls[8];
	uint32_t	nr_falls;
	uint32_t	low;
};

static void pct_init(struct pct *p, uint32_t d, uint32_t length)
{
	p->low = 1000;
	p->nr_falls = d;
	for (uint32_t k = 0; k < 3; k++) {
		for (uint32_t i = 0; i < NR_THREADS; i++)
			p->prio[k][i] = 1000 + dice(1000000);
	}
	for (uint32_t i = 0; i < d; i++)
		p->falls[i] = dice(length + 1);
}

static struct step pct_choose(struct pct *p, const struct step *steps,
			      uint32_t n, uint32_t at)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < n; i++) {
		if (p->prio[steps[i].kind][steps[i].thread] >
		    p->prio[steps[best].kind][steps[best].thread])
			best = i;
	}
	for (uint32_t i = 0; i < p->nr_falls; i++) {
		if (p->falls[i] == at)
			p->prio[steps[best].kind][steps[best].thread] =
				--p->low;
	}
	/* Of several ways of the same thing, any. */
	for (uint32_t i = 0; i < n; i++) {
		if (steps[i].kind == steps[best].kind &&
		    steps[i].thread == steps[best].thread && dice(2))
			best = i;
	}
	return steps[best];
}

/* One run to its end; its length. */
static uint32_t random_run(uint32_t d, uint32_t length)
{
	struct step steps[MAX_STEPS];
	struct pct pct;
	uint32_t n;

	pct_init(&pct, d, length);
	race_reset();
	for (path_len = 0; path_len < MAX_RUN; ) {
		struct step s;

		n = steps_enabled(steps, MAX_STEPS);
		if (!n) {
			at_end();
			return path_len;
		}
		s = d ? pct_choose(&pct, steps, n, path_len)
		      : steps[dice(n)];
		path[path_len++] = s;
		step_do(s);
		if (need_restart)
			return 0;
		check_memory();
		if (failure.set)
			siglongjmp(engine_jmp, 1);
	}
	fail("endless", 0, "no end after %u steps", MAX_RUN);
	siglongjmp(engine_jmp, 1);
}

/* --- phases --------------------------------------------------------------- */

struct phase {
	const char	*name;
	double		budget;
	uint64_t	count;		/* states or runs */
	enum result	result;
	double		took;
	int32_t		bound;		/* -1: none */
};

static uint32_t runs_done;

static enum result random_phase(uint64_t seed, uint32_t runs)
{
	static uint32_t length = 100;

	mode_race = true;
	while (runs_done < runs) {
		uint32_t d = (uint32_t[]){ 2, 3, 4, 0 }[runs_done % 4];
		uint32_t len;

		rng = mode_pso + (seed + runs_done + 1) * 0x9e3779b97f4a7c15UL;
		threads_start();
		len = random_run(d, length);
		if (need_restart)
			return AGAIN;
		length = (length * 3 + len) / 4;
		runs_done++;
		if (seconds() > deadline)
			return OUT_OF_BUDGET;
	}
	return EXHAUSTED;
}

static enum result search_phase(void)
{
	mode_race = false;
	threads_start();
	table_reset();
	reduce_update();
	return search();
}

/* Run a phase, again when a word turned out to be shared; the failure, if there
 * is one, stays in `failure` and `path`. */
static void phase_run(struct phase *p, bool random, uint64_t seed,
		      uint32_t runs)
{
	double begin = seconds();

	deadline = begin + p->budget;
	runs_done = 0;
	do {
		p->result = AGAIN;
		need_restart = false;
		memset(&failure, 0, sizeof(failure));
		if (sigsetjmp(engine_jmp, 0))
			p->result = FAILED;
		else
			p->result = random ? random_phase(seed, runs)
					   : search_phase();
		/* With one shared word more, steps are others. */
	} while (need_restart || p->result == AGAIN);
	p->count = random ? runs_done + (p->result == FAILED) : nr_states;
	p->took = seconds() - begin;
}

static void print_phase(const struct phase *p)
{
	printf("@phase %s %lu %.3f %s %d\n", p->name, p->count, p->took,
	       p->result == EXHAUSTED ? "done" : p->result == FAILED ?
	       "failed" : "budget", p->bound);
	fflush(stdout);
}

/* --- schedules as text ---------------------------------------------------- */

static void print_schedule(void)
{
	static const char first[] = { 'a', 'A', 'a' };

	printf("@schedule ");
	if (mode_pso)
		printf("o:");
	if (mode_race)
		printf("r:");
	for (uint32_t i = 0; i < path_len; i++) {
		struct step s = path[i];

		if (s.kind == STEP_IRQ)
			putchar('!');
		putchar(first[s.kind] + s.thread);
		if (s.alt)
			printf("%u", s.alt);
	}
	putchar('\n');
}

static bool parse_schedule(const char *text)
{
	for (path_len = 0; *text; ) {
		struct step s = { STEP_RUN, 0, 0 };

		if (text[1] == ':') {
			mode_pso |= *text == 'o';
			mode_race |= *text == 'r';
			text += 2;
			continue;
		}
		if (*text == '!') {
			s.kind = STEP_IRQ;
			text++;
		}
		if (*text >= 'A' && *text <= 'Z') {
			s.kind = STEP_DRAIN;
			s.thread = (uint8_t)(*text - 'A');
		} else if (*text >= 'a' && *text <= 'z') {
			s.thread = (uint8_t)(*text - 'a');
		} else {
			return false;
		}
		text++;
		while (*text >= '0' && *text <= '9')
			s.alt = (uint8_t)(s.alt * 10 + (*text++ - '0'));
		if (s.thread >= nr_threads || path_len == MAX_DEPTH)
			return false;
		path[path_len++] = s;
	}
	return true;
}

/* Do `path` again, recording what happens. */
static bool replay(void)
{
	volatile uint32_t i = 0;
	struct step steps[MAX_STEPS];

	threads_start();
	race_reset();
	mode_trace = true;
	memset(&failure, 0, sizeof(failure));
	if (sigsetjmp(engine_jmp, 0))
		return true;
	for (; i < path_len; i++) {
		uint32_t n = steps_enabled(steps, MAX_STEPS);
		uint32_t k;

		for (k = 0; k < n && !same_step(steps[k], path[i]); k++)
			;
		if (k == n) {
			printf("@misfit step %u of the schedule cannot be "
			       "done\n", i);
			return false;
		}
		step_do(path[i]);
	}
	if (!steps_enabled(steps, MAX_STEPS))
		at_end();
	return true;
}

/* --- the story ------------------------------------------------------------ */

static void print_story(const struct failure *why)
{
	printf("@fail\t%s\t%s\t%lx\t%lx\t%u\n", why->kind, why->text, why->pc,
	       why->pc2, why->thread);
	print_schedule();
	for (uint32_t i = 0; i < nr_threads; i++) {
		printf("@thread\t%u\t%s\t%s\t%lx\n", i, threads[i].name,
		       where(&threads[i]), threads[i].op.pc);
	}
	for (uint32_t i = 0; i < nr_events; i++) {
		struct event *e = &events[i];

		printf("@event\t%u\t%u\t%s\t%s\t%u\t%lx\t%lx\t%lx\t%u\n",
		       e->step, e->thread, e->what,
		       e->addr ? name_of(e->addr) : "", e->size, e->val,
		       e->old, e->pc, e->seq);
	}
}

/* The same failure with the fewest preemptions and held stores, if that is
 * found soon. */
static void shorten(double budget)
{
	struct failure first = failure;
	struct step *first_path = malloc(sizeof(path));
	uint32_t first_len = path_len;
	bool pso = mode_pso, race = mode_race;
	bool only_race = !strcmp(failure.kind, "race");
	double end = seconds() + budget;

	memcpy(first_path, path, sizeof(path));
	for (bound = 0; bound <= 8 && !only_race; bound++) {
		struct phase p = { "shorten", end - seconds() };

		if (p.budget <= 0)
			break;
		memset(&failure, 0, sizeof(failure));
		phase_run(&p, false, 0, 0);
		if (p.result == FAILED && !strcmp(failure.kind, first.kind)) {
			printf("@bound %d\n", bound);
			bound = -1;
			free(first_path);
			return;
		}
	}
	bound = -1;
	mode_pso = pso;
	mode_race = race;
	failure = first;
	path_len = first_len;
	memcpy(path, first_path, sizeof(path));
	free(first_path);
}

/* --- signals: wild pointers, and loops without a hook --------------------- */

static void on_segv(int sig, siginfo_t *info, void *context)
{
	if (!engine_busy && !current) {
		static const char text[] = "explorer: fault in the engine\n";

		(void)!write(2, text, sizeof(text) - 1);
		_exit(3);
	}
	fail_here("memory", current ? current->op.pc : 0,
		  "wild access at %p", info->si_addr);
}

static void on_tick(int sig)
{
	static uint64_t last;

	if (engine_busy && last == nr_steps && last) {
		/* The store of an open hook is not to be waited for. */
		fail_here("endless", current ? current->op.pc : 0,
			  "%s loops without any shared access: a plain flag?",
			  current ? current->name : "?");
	}
	last = nr_steps;
}

static void signals_init(void)
{
	static char stack[32768];
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction sa = {
		.sa_sigaction = on_segv,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};
	struct itimerval tick = { { 0, 500000 }, { 0, 500000 } };

	sigaltstack(&ss, NULL);
	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	sigaction(SIGFPE, &sa, NULL);
	sa.sa_handler = on_tick;
	sa.sa_flags = SA_ONSTACK | SA_NODEFER;
	sigaction(SIGVTALRM, &sa, NULL);
	setitimer(ITIMER_VIRTUAL, &tick, NULL);
}

/* --- main ----------------------------------------------------------------- */

extern const struct test __start_xp_tests[], __stop_xp_tests[];

static const struct test *find_test(const char *name)
{
	for (const struct test *t = __start_xp_tests; t < __stop_xp_tests;
	     t++) {
		if (!strcmp(t->name, name))
			return t;
	}
	return NULL;
}

static void list_tests(void)
{
	for (const struct test *t = __start_xp_tests; t < __stop_xp_tests;
	     t++) {
		printf("%s\t%u\t%s\t%s\t%s\t%s\n", t->name, t->slots,
		       t->group, t->pairs ? t->pairs : "",
		       t->expect_fail ? "seen" : "never", t->proves);
	}
}

static const char *words_file;

static void words(bool load)
{
	FILE *f = words_file ? fopen(words_file, load ? "r" : "w") : NULL;

	if (!f)
		return;
	memory_words(f, load);
	fclose(f);
}

/* Setup runs alone, as if long ago. */
static bool setup(void)
{
	if (sigsetjmp(engine_jmp, 0))
		return false;
	test->setup();
	memory_init();
	return true;
}

static int tell(bool shorter, double budget)
{
	struct failure why;

	if (shorter && !test->expect_fail)
		shorten(budget);
	why = failure;
	words(false);
	/* Going round in circles has no last step to fail at. */
	if ((!replay() || !failure.set) && strcmp(why.kind, "spins"))
		printf("@misfit the failure does not come again\n");
	print_story(&why);
	return 1;
}

int main(int argc, char **argv)
{
	static const struct phase all[] = {
		{ "random", 30 }, { "random-co", 30 }, { "tso", 120 },
		{ "co", 120 },
	};
	const char *schedule = NULL, *only = NULL;
	double budget = 0, shorten_for = 3;
	uint64_t seed = 1;
	uint32_t runs = RANDOM_RUNS;
	int max_bound = -2;

	/* Addresses are part of the state: the same in every run. */
	if (!(personality(0xffffffff) & ADDR_NO_RANDOMIZE)) {
		personality(ADDR_NO_RANDOMIZE);
		execv("/proc/self/exe", argv);
	}
	for (int o; (o = getopt(argc, argv, "lt:m:s:r:n:b:w:S:B:")) != -1; ) {
		switch (o) {
		case 'l':
			list_tests();
			return 0;
		case 't':
			test = find_test(optarg);
			break;
		case 'm':
			only = optarg;
			break;
		case 's':
			schedule = optarg;
			break;
		case 'r':
			seed = strtoul(optarg, NULL, 10);
			break;
		case 'n':
			runs = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'b':
			budget = strtod(optarg, NULL);
			break;
		case 'w':
			words_file = optarg;
			break;
		case 'B':
			max_bound = atoi(optarg);
			break;
		case 'S':
			shorten_for = strtod(optarg, NULL);
			break;
		}
	}
	if (!test) {
		fprintf(stderr, "explorer: no such test\n");
		return 2;
	}
	if (max_bound == -2)
		max_bound = test->bound ? (int)test->bound : -1;
	nodes = calloc(MAX_DEPTH, sizeof(*nodes));
	stubs_init();
	signals_init();
	if (!setup()) {
		printf("@fail\t%s\tin setup: %s\t%lx\t0\t0\n", failure.kind,
		       failure.text, failure.pc);
		return 1;
	}
	if (schedule) {
		words(true);
		if (!parse_schedule(schedule) || !replay())
			return 2;
		print_story(&failure);
		return failure.set;
	}
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct phase p = all[i];
		bool random = !strncmp(p.name, "random", 6);

		if (only && strncmp(only, p.name, strlen(only)))
			continue;
		mode_pso = strstr(p.name, "co") != NULL;
		if (mode_pso && !random && test->no_pso)
			continue;
		if (budget && !random)
			p.budget = budget;
		p.bound = bound = random ? -1 : max_bound;
		phase_run(&p, random, seed, runs);
		bound = -1;
		print_phase(&p);
		if (p.result == FAILED)
			return tell(true, shorten_for);
	}
	words(false);
	printf("@ok\n");
	return 0;
}
