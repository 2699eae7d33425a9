/*
 * testing.c - records, deadlines, children and vcores for tests.
 */
#include "testing.h"

#include "atomic.h"
#include "clock.h"
#include "event.h"
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "syscall.h"
#include "uthread.h"
#include "vcore.h"

#define RECORD_MAX	256
#define CHILD		"-child"	/* what a child's first argument is */
#define LOOK_NS		(5 * NSEC_PER_MSEC)	/* of patience, for a look */
#define QUIET_TRIES	100
#define NAP_MS		(10 * TEST_PATIENCE)

static const char *test_name;
static const char *program;		/* argv[0]: what children run */
static bool is_child;
static uint32_t nr_checks;		/* atomic */
static uint32_t nr_failed;		/* atomic */
static uint64_t seal;			/* sum over all checks; atomic */

static uint64_t contents;		/* sum of what test_took(); atomic */
static uint32_t nr_contents;		/* atomic */

static struct syscall nap;		/* what test_sleep() waits for */
static uint32_t woken;

static void tell(int kind, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void tell(int kind, const char *fmt, ...)
{
	char text[RECORD_MAX];
	va_list ap;
	int len;

	if (is_child)
		return;
	va_start(ap, fmt);
	len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (sys_record(kind, text, (size_t)len) < 0)
		atomic_fetch_add32(&nr_failed, 1);
}

/* Scatter: one bit of @x changes half of the answer.  grade/judge.py has the
 * same, as the next two. */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* What a check adds to the seal of the last record. */
static uint64_t seal_of(const char *name, uint64_t got)
{
	uint64_t sum = mix(test_seed());

	while (*name)
		sum = mix(sum ^ (uint8_t)*name++);
	return mix(sum ^ got);
}

uint64_t test_content(uint64_t n)
{
	return mix(mix(test_seed()) ^ n);
}

void test_took(uint64_t content)
{
	atomic_fetch_add64(&contents, content);
	atomic_fetch_add32(&nr_contents, 1);
}

void test_contents(const char *name)
{
	uint64_t sum = read_once(contents);

	atomic_fetch_add32(&nr_checks, 1);
	atomic_fetch_add64(&seal, seal_of(name, sum));
	tell(REC_CHECK, "test=%s name=%s messages=%u contents=%lu", test_name,
	     name, read_once(nr_contents), sum);
}

bool test_check(const char *name, uint64_t got, uint64_t expected)
{
	bool ok = got == expected;

	atomic_fetch_add32(&nr_checks, 1);
	atomic_fetch_add64(&seal, seal_of(name, got));
	tell(REC_CHECK, "test=%s name=%s expected=%lu got=%lu", test_name,
	     name, expected, got);
	if (ok)
		return true;
	atomic_fetch_add32(&nr_failed, 1);
	dprintf(2, "%s: %s: expected %lu, got %lu\n", test_name, name,
		expected, got);
	return false;
}

/* The last record, and what the process should exit with. */
static int test_end(void)
{
	bool ok = !read_once(nr_failed);

	tell(REC_END, "test=%s ok=%d checks=%u seal=%lu", test_name, ok,
	     read_once(nr_checks), read_once(seal));
	if (!is_child)
		printf("%s: %s\n", test_name, ok ? "ok" : "FAILED");
	return ok ? 0 : 1;
}

void test_give_up(void)
{
	atomic_fetch_add32(&nr_failed, 1);
	exit(test_end());
}

int test_main(int argc, char *argv[], const char *name, void (*body)(void))
{
	void (*fn)(void);

	test_name = name;
	program = argv[0];
	if (argc == 3 && !strcmp(argv[1], CHILD)) {
		/* The same program, so the same function at its address. */
		fn = (void (*)(void))strtoul(argv[2], NULL, 16);
		is_child = true;
		fn();
		return read_once(nr_failed) ? 1 : 0;
	}
	tell(REC_START, "test=%s seed=%lu", name, test_seed());
	body();
	return test_end();
}

uint64_t test_seed(void)
{
	return procinfo->seed;
}

uint32_t test_random(uint32_t below)
{
	static unsigned int state;

	if (!state)
		state = (unsigned int)test_seed() | 1;
	return (uint32_t)rand_r(&state) % below;
}

struct test_patience test_patience(uint32_t ms)
{
	return (struct test_patience){
		.left = ms * NSEC_PER_MSEC,
		.last = clock_ns(),
	};
}

bool test_lost_patience(struct test_patience *patience)
{
	uint64_t now = clock_ns();
	uint64_t since = now - patience->last;

	if (since > LOOK_NS)
		since = LOOK_NS;
	if (since > patience->left)
		since = patience->left;
	patience->last = now;
	patience->left -= since;
	return !patience->left;
}

bool test_disturbed(struct test_quiet *quiet)
{
	uint64_t entries = read_once(vcpd_of(0)->nr_entries);

	if (quiet->tries && quiet->entries == entries)
		return false;
	quiet->entries = entries;
	return quiet->tries++ < QUIET_TRIES;
}

int test_start(void (*fn)(void))
{
	char path[64], args[128];
	int len, pid;

	snprintf(path, sizeof(path), "bin/%s", test_name);
	/* Three strings with their NULs: the last one's is snprintf()'s. */
	len = snprintf(args, sizeof(args), "%s%c" CHILD "%c%lx", program, 0, 0,
		       (unsigned long)fn);
	pid = sys_proc_create(path, args, (size_t)len + 1, 3);
	if (pid < 0 || sys_proc_run(pid) < 0) {
		perror("cannot start a child");
		test_give_up();
	}
	return pid;
}

int32_t test_wait(int pid)
{
	int32_t status = -1;

	if (sys_waitpid(pid, &status, 0) != pid) {
		perror("cannot wait for a child");
		test_give_up();
	}
	return status;
}

int32_t test_run(void (*fn)(void))
{
	return test_wait(test_start(fn));
}

bool test_vcores(uint32_t n)
{
	struct test_patience patience = test_patience(TEST_PATIENCE);

	/* One core is for single-core processes. */
	if (n >= procinfo->nr_cores)
		return false;
	uthread_keep_vcores(true);
	if (vcore_request_total(n))
		return false;
	while (num_vcores() < n) {
		if (test_lost_patience(&patience))
			return false;
		cpu_relax_bounded();
	}
	return true;
}

uint32_t test_vcores_upto(uint32_t n)
{
	if (n >= procinfo->nr_cores)
		n = procinfo->nr_cores - 1;
	return n && test_vcores(n) ? n : 0;
}

void test_send(struct event_queue *ev_q, unsigned int ev_type, uint32_t n)
{
	struct event_msg msg = {
		.ev_type = (uint16_t)ev_type,
		.ev_arg1 = (uint16_t)n,
		.ev_arg2 = n,
		.ev_arg4 = n,
	};

	sys_send_event(ev_q, &msg, 0);
}

/* Submit @sc as a call that waits @ms milliseconds. */
static void submit_block(struct syscall *sc, uint32_t ms)
{
	*sc = (struct syscall){
		.num = SYS_block,
		.arg = { ms * 1000UL },
	};
	syscall_submit(sc);
}

void test_send_later(struct syscall *sc, struct event_queue *ev_q,
		     uint32_t ms)
{
	submit_block(sc, ms);
	if (!register_evq(sc, ev_q))
		test_send(ev_q, EV_SYSCALL, 0);	/* it was that fast */
}

bool test_sleep(void)
{
	bool came;

	submit_block(&nap, NAP_MS);
	/* A wake from before found no nap to end. */
	if (read_once(woken))
		sys_abort(&nap);
	syscall_wait(&nap);
	came = atomic_swap32(&woken, 0);
	/* The end of the nap wakes us, too, and then whoever should have
	 * woken us long ago may be found. */
	return came && nap.err == ECANCELED;
}

void test_wake(void)
{
	write_once(woken, 1);
	sys_abort(&nap);
}

uint64_t test_refused(void)
{
	uint64_t sum = 0;

	for (int why = 0; why < EVR_NR; why++)
		sum += read_once(procinfo->refused[why]);
	return sum;
}
