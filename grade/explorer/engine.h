/*
 * engine.h - the machine under the explorer: threads, memory, store buffers.
 *
 * Nothing here is instrumented.  engine.c executes single steps and can take
 * them back; search.c chooses them; hooks.c and stubs.c call in from the code
 * under test, on its stacks.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NR_THREADS	6
#define NR_STORES	16		/* what a store buffer holds */
#define NR_SEEN		8		/* loads that a cpu_relax() remembers */
#define NR_FETCHED	32		/* user words read in one kernel call */
#define MAX_STORE	704		/* bytes of one struct copy */
#define STACK_SIZE	(32 * 1024UL)
#define STACKS_VA	0x20000000000UL
#define GRANULE		4		/* bytes: the unit of sharing */

/* What a thread is about to do.  Only these are steps; see explorer.md. */
enum op_kind {
	OP_START,		/* to its first step */
	OP_LOAD,
	OP_RMW,			/* locked operation */
	OP_FENCE,
	OP_LOCK,
	OP_RELAX,
	OP_SLEEP,		/* until a word is not zero */
	OP_HALT,		/* until an interrupt */
	OP_CHOOSE,
	OP_ROOM,		/* a store, and the buffer is full */
	OP_IRQS,
};

struct op {
	uint32_t	kind;
	uint32_t	size;		/* OP_CHOOSE: how many ways */
	uintptr_t	addr;
	uintptr_t	pc;
	uint64_t	arg[2];		/* in no register that we hash */
};

/* What a hook leaves on the stack: see hooks.S. */
struct frame {
	uint64_t	saved[6];
	uint64_t	zero;
	uintptr_t	pc;
};

/* A store that only its thread sees yet. */
struct store {
	uintptr_t	addr;
	uint64_t	val;
	uint64_t	old;		/* shared bytes, while applied */
	uintptr_t	pc;
	uint32_t	size;
	bool		marked;
	bool		held;		/* its thread has gone on without it */
	uint32_t	epoch;		/* barriers before it */
	uint32_t	seq;		/* of the event that announced it */
};

/* A store whose hook has run and whose instruction has perhaps not. */
struct pending {
	uintptr_t	addr;
	uintptr_t	pc;
	uint32_t	size;		/* 0: none */
	bool		marked;
	bool		merged;		/* by a memset around it */
	uint8_t		old[MAX_STORE];	/* last */
};

struct seen {
	uintptr_t	addr;
	uint64_t	val;
	uint32_t	size;
};

struct thread {
	/* Fixed by setup. */
	const char	*name;
	void		(*fn)(void *arg);
	void		*arg;
	void		(*irq_fn)(void);
	uint32_t	id;
	uint32_t	core;
	uint8_t		*stack;		/* lowest byte */

	/* Saved and restored with each step. */
	uint64_t	hash[2];
	uint64_t	sp;
	struct frame	*frame;		/* the state of the code begins here */
	struct op	op;
	uint32_t	choice;		/* OP_CHOOSE: which way */
	bool		done;
	bool		irqs_off;
	bool		in_irq;
	bool		deliver;	/* an interrupt, with this step */
	bool		restart;	/* forget the stack */
	bool		fetching;	/* recording reads of user memory */
	uint32_t	locks;		/* it holds, a bit each */
	uint32_t	nr_stores;
	uint32_t	epoch;
	uint32_t	nr_seen;
	uint32_t	nr_fetched;
	struct store	stores[NR_STORES];
	struct seen	seen[NR_SEEN];
	uintptr_t	fetched[NR_FETCHED];
	struct pending	pending;	/* last: only as much as it uses */
};

/* One thing that happened, for the story. */
struct event {
	uint32_t	step;
	uint32_t	thread;
	const char	*what;		/* load store drain locked fence ... */
	uintptr_t	addr;
	uint32_t	size;
	uint64_t	val, old;
	uintptr_t	pc;
	uint32_t	seq;		/* a drain: the store's event */
};

struct test;

extern struct thread threads[NR_THREADS];
extern uint32_t nr_threads;
extern struct thread *current;		/* NULL: engine, setup or check */

/* What the modes ask for. */
extern bool mode_pso;			/* compiler order */
extern bool mode_race;			/* happens-before */
extern bool mode_trace;			/* record events */
extern bool need_restart;		/* a word turned out to be shared */
extern volatile uint64_t nr_steps;
extern volatile bool engine_busy;	/* inside a step */

/* The first failure of the run. */
struct failure {
	bool		set;
	char		kind[32];
	char		text[400];
	uintptr_t	pc;
	uintptr_t	pc2;		/* the other access of a race */
	uint32_t	thread;		/* NR_THREADS: none */
};
extern struct failure failure;
extern sigjmp_buf engine_jmp;

void fail(const char *kind, uintptr_t pc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Fail from code under test: does not come back. */
void fail_here(const char *kind, uintptr_t pc, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 3, 4)));

/* Of the explored words, one a line: see search.c. */
void memory_words(void *file, bool load);

/* Memory that the code under test may use. */
void memory_init(void);
void region_add(const char *name, void *base, size_t size);
bool region_has(uintptr_t addr, size_t size);
void memory_ignore(uintptr_t addr, size_t size);
/* A number for the granule at @addr, for reduce.c to give; NULL if it is no
 * part of the state. */
uint16_t *memory_id(uintptr_t addr);
void commit(uintptr_t addr, const void *val, uint32_t size);
void commit_done(uintptr_t addr, const void *old, uint32_t size);
uint64_t read_mem(uintptr_t addr, uint32_t size);
size_t undo_mark(void);
void undo_to(size_t mark);
void check_memory(void);

/* Steps.  A schedule is an array of them. */
enum step_kind { STEP_RUN, STEP_DRAIN, STEP_IRQ };
struct step {
	uint8_t		kind;
	uint8_t		thread;
	uint8_t		alt;		/* which way; which store */
};

uint32_t steps_enabled(struct step *steps, uint32_t max);
void step_do(struct step s);
void threads_start(void);
void thread_copy(void *dst, const struct thread *t);
void thread_restore(struct thread *t, const void *src);
size_t thread_size(const struct thread *t);
void state_hash(uint64_t hash[2]);
bool op_enabled(const struct thread *t);
const char *op_name(const struct thread *t);

/* What the hooks call; @f is the caller's frame, f->pc the place. */
void hook_load(uintptr_t addr, uint32_t size, bool marked, struct frame *f);
void hook_store(uintptr_t addr, uint32_t size, bool marked, struct frame *f);
void hook_barrier(bool acquire, bool release, struct frame *f);
void hook_fence(struct frame *f);
/* Prepares a locked operation on @addr; the memory is then global.  False: a
 * statistic, or setup: just do it. */
bool hook_rmw_begin(uintptr_t addr, uint32_t size, bool relaxed,
		    struct frame *f);
void hook_rmw_end(uintptr_t addr, uint32_t size, bool relaxed, uint64_t old,
		  uint64_t val, struct frame *f);
void hook_op(uint32_t kind, uintptr_t addr, uint32_t size, struct frame *f);
/* Arguments of the operation that the next hook stops before. */
extern uint64_t hook_arg[2];
void hook_room(uintptr_t addr, uint32_t size, struct frame *f);
void hook_copy(uintptr_t dst, const void *src, uint32_t size,
	       struct frame *f);
void hook_fill(uintptr_t dst, int c, size_t size, struct frame *f);
void settle(void);
bool is_private(uintptr_t addr);
void mark_shared(uintptr_t addr);
uint32_t lock_bit(uintptr_t lock);
bool page_is_live(uintptr_t addr, size_t size);	/* stubs.c */
const char *name_of(uintptr_t addr);

void record(const char *what, uintptr_t addr, uint32_t size, uint64_t val,
	    uint64_t old, uintptr_t pc);
extern struct event *events;
extern uint32_t nr_events;

/* race.c */
void race_reset(void);
void race_access(uintptr_t addr, uint32_t size, bool marked, bool write,
		 uintptr_t pc);
void race_release_store(uintptr_t addr, uint32_t size);
void race_acquire_load(uintptr_t addr, uint32_t size);
void race_rmw(uintptr_t addr, uint32_t size);
void race_barrier(bool acquire, bool release);
void race_inherit(uint32_t from, uint32_t to);

/* reduce.c */
void reduce_give_up(void);
void reduce_note(uintptr_t addr, uint32_t size, bool write, bool hidden);
void reduce_step_begins(const struct thread *t);
void reduce_step_ends(const struct thread *t);
bool reduce_grown(void);
void reduce_update(void);
uint32_t reduce_steps(struct step *steps, uint32_t n);

/* hooks.S */
void coro_switch(uint64_t *save, uint64_t to);
void coro_entry(void);
