/* notify_registers - every register, the flags, the red zone, x87, SSE and
 * their control words, and the FS base are intact across 10,000 notifications.
 *
 * They come from a timer of the vcore's own, and from another vcore if there is
 * one, at any instruction.  `notify_registers 100000` waits for so many.
 *
 * Scenario: cpus=1,4
 */
#include "notifier.h"
#include "registers.h"

#define NOTIFIES	10000
#define NOTIFIES_ALONE	1000		/* without another vcore */
#define TURNS		500

static struct syscall timer;
static struct event_queue *timer_evq;

static void start_timer(struct syscall *sc)
{
	*sc = (struct syscall){
		.num = SYS_block,
		.arg = { 1 + test_random(20) },
		.flags = SC_UEVENT,
		.ev_q = timer_evq,
	};
	syscall_submit(sc);
}

static void on_timer(struct event_msg *msg, unsigned int ev_type, void *data)
{
	struct syscall *sc = msg->ev_arg3;

	while (!syscall_done(sc))
		cpu_relax();
	/* Until vcore 0 has seen enough. */
	if (!read_once(notifier_stop))
		start_timer(sc);
}

TEST(notify_registers)
{
	uint64_t start = notifier_entries(), seed = test_seed();
	bool many = test_vcores(2);
	uint64_t notifies = test_number(many ? NOTIFIES : NOTIFIES_ALONE);
	struct uthread *uth = NULL;
	uint32_t wrong = 0;

	register_ev_handler(EV_SYSCALL, on_timer, NULL);
	timer_evq = get_eventq_vcpd(0, EVENT_IPI | EVENT_VCORE_PRIVATE);
	/* Some come while vcore 0 is on its way back. */
	notifiers_begin(&uth, many);
	disable_notifs();
	start_timer(&timer);
	enable_notifs();
	while (notifier_entries() - start < notifies && !wrong)
		wrong = registers_try(seed++, TURNS);
	notifiers_end(&uth, many);
	CHECK_EQ(wrong, 0, "as-they-were");
	CHECK(notifier_entries() - start >= notifies, "notified");
}
