/* mailbox.c - each mailbox: the kernel posts, the user library takes. */
#include "stage.h"

#include "event/bitmap.h"
#include "event/ceq.h"
#include "event/mbox.h"
#include "event/ucq.h"

/* user/lib */
bool evbitmap_get(struct evbitmap *bm, struct event_msg *msg);
bool evbitmap_is_empty(struct evbitmap *bm);
bool ucq_get(struct ucq *ucq, struct event_msg *msg);
bool ucq_is_empty(struct ucq *ucq);
bool ceq_get(struct ceq *ceq, struct event_msg *msg);
bool ceq_is_empty(struct ceq *ceq);

static struct event_mbox *mbox;

/* What came out: for each message how often, and in what order.  No steps. */
static uint8_t taken[16];
static uint32_t last[4];
static uint8_t messages[16];		/* of each id */

static void begin(uint32_t type)
{
	stage_mailbox(&mbox, type);
	xp_ghost(taken, sizeof(taken));
	xp_ghost(last, sizeof(last));
	xp_ghost(messages, sizeof(messages));
}

/* --- bitmap --------------------------------------------------------------- */

static void bm_post(void *arg)
{
	struct event_msg msg = { .ev_type = (uint16_t)(uintptr_t)arg };

	xp_fetch_begin();
	bitmap_post(&mbox->evbm, &msg);
	xp_fetch_end();
}

static void bm_take(void *arg)
{
	struct event_msg msg;

	while (evbitmap_get(&mbox->evbm, &msg))
		taken[msg.ev_type & 15]++;
}

/* What is left must not look empty. */
static void bm_check(void)
{
	bm_take(NULL);
	xp_require(!mbox->evbm.bits[0] && !mbox->evbm.bits[1],
		   "lost: bits %#x are set, and the mailbox says it is empty",
		   mbox->evbm.bits[0] | mbox->evbm.bits[1]);
	xp_require(taken[9] == 1, "type 9 was taken %u times", taken[9]);
}

static void bm_check2(void)
{
	bm_check();
	xp_require(taken[10] == 1, "type 10 was taken %u times", taken[10]);
}

static void bm_setup(void)
{
	begin(EV_MBOX_BITMAP);
	xp_thread("producer", bm_post, (void *)9);
	xp_thread("producer 2", bm_post, (void *)10);
	xp_thread("consumer", bm_take, NULL);
}

XP_TEST(bitmap, .group = "bitmap", .pairs = "P6",
	.proves = "no bit is set that nobody scans for",
	.setup = bm_setup, .check = bm_check2);

static void bm_setup_hint(void)
{
	begin(EV_MBOX_BITMAP);
	mbox->evbm.check_bits = 1;	/* left by a message taken before */
	xp_thread("producer", bm_post, (void *)9);
	xp_thread("consumer", bm_take, NULL);
	xp_thread("consumer 2", bm_take, NULL);
}

XP_TEST(bitmap_stale_hint, .group = "bitmap", .pairs = "P6",
	.proves = "nor behind a hint that is cleared, by two consumers",
	.setup = bm_setup_hint, .check = bm_check);

/* --- UCQ ------------------------------------------------------------------ */

static struct event_msg numbered(uint32_t producer, uint32_t n)
{
	uint64_t word = producer * 4 + n;

	return (struct event_msg){
		.ev_type = (uint16_t)word, .ev_arg2 = (uint32_t)word,
		.ev_arg3 = (void *)word, .ev_arg4 = word,
	};
}

static void post(uint32_t producer, uint32_t n)
{
	struct event_msg msg = numbered(producer, n);

	xp_fetch_begin();
	xp_require(ucq_post(&proc, &mbox->ucq, &msg) == POST_NEW, "refused");
	xp_fetch_end();
}

static void post1(void *arg)
{
	post((uint32_t)(uintptr_t)arg, 1);
}

static void post2(void *arg)
{
	post1(arg);
	post((uint32_t)(uintptr_t)arg, 2);
}

static void post3(void *arg)
{
	post2(arg);
	post((uint32_t)(uintptr_t)arg, 3);
}

/* Take what is there. */
static uint32_t take(void)
{
	struct event_msg msg;
	uint32_t word;

	if (!ucq_get(&mbox->ucq, &msg))
		return 0;
	word = msg.ev_type;
	xp_require(word && word < 16 && msg.ev_arg2 == word &&
		   (uint64_t)msg.ev_arg3 == word && msg.ev_arg4 == word,
		   "half a message: %u %u %p %lu", msg.ev_type, msg.ev_arg2,
		   msg.ev_arg3, msg.ev_arg4);
	taken[word]++;
	return word;
}

static void take_all(void *arg)
{
	while (take())
		;
}

/* The only consumer also sees each producer's order. */
static void take_in_order(void *arg)
{
	uint32_t word;

	while ((word = take())) {
		xp_require(word % 4 > last[word / 4], "out of order: %u "
			   "after %u", word % 4, last[word / 4]);
		last[word / 4] = word % 4;
	}
}

/* Take one. */
static void take_one(void *arg)
{
	take();
}

static void ucq_expect(uint32_t expected)
{
	uint32_t pages;

	take_all(NULL);
	for (uint32_t w = 1; w < 16; w++) {
		uint32_t want = expected >> w & 1;

		xp_require(taken[w] == want, "message %u was taken %u times, "
			   "not %u", w, taken[w], want);
	}
	/* At rest: one page in use, one spare at most, no flag left. */
	pages = xp_pages() - 2;
	xp_require(pages <= 1 + !!mbox->ucq.spare_pg, "%u pages for one queue",
		   pages);
	xp_require(ucq_is_empty(&mbox->ucq), "not empty");
	xp_require(!mbox->ucq.prod_overflow, "prod_overflow is still set");
}

#define BIT(producer, n)	(1U << ((producer) * 4 + (n)))

static void ucq_check_2x2(void)
{
	ucq_expect(BIT(1, 1) | BIT(1, 2) | BIT(2, 1) | BIT(2, 2));
}

static void ucq_check_2x1(void)
{
	ucq_expect(BIT(1, 1) | BIT(2, 1));
}

static void ucq_check_1x3(void)
{
	ucq_expect(BIT(1, 1) | BIT(1, 2) | BIT(1, 3));
}

static void ucq_setup_a(void)
{
	begin(EV_MBOX_UCQ);
	xp_thread("producer 1", post2, (void *)1);
	xp_thread("producer 2", post2, (void *)2);
	xp_thread("consumer", take_in_order, NULL);
}

XP_TEST(ucq_2slots, .group = "ucq", .pairs = "P9 P10", .slots = 2,
	.proves = "two producers cross a page end, the consumer gets all, "
		  "whole, in order",
	.setup = ucq_setup_a, .check = ucq_check_2x2);

static void ucq_setup_b(void)
{
	begin(EV_MBOX_UCQ);
	xp_thread("producer 1", post1, (void *)1);
	xp_thread("producer 2", post1, (void *)2);
	xp_thread("consumer", take_in_order, NULL);
}

XP_TEST(ucq_1slot, .group = "ucq", .pairs = "P9 P10", .slots = 1,
	.proves = "every message needs a page",
	.setup = ucq_setup_b, .check = ucq_check_2x1);

static void ucq_setup_c(void)
{
	begin(EV_MBOX_UCQ);
	xp_thread("producer", post2, (void *)1);
	xp_thread("consumer 1", take_all, NULL);
	xp_thread("consumer 2", take_all, NULL);
}

static void ucq_check_1x2(void)
{
	ucq_expect(BIT(1, 1) | BIT(1, 2));
}

XP_TEST(ucq_1slot_2consumers, .group = "ucq", .pairs = "P9 P10 P15",
	.slots = 1, .proves = "two consumers at every page end",
	.setup = ucq_setup_c, .check = ucq_check_1x2);

static void ucq_setup_d(void)
{
	begin(EV_MBOX_UCQ);
	xp_thread("producer", post3, (void *)1);
	xp_thread("consumer 1", take_all, NULL);
	xp_thread("consumer 2", take_one, NULL);
}

XP_TEST(ucq_recycled_page, .group = "ucq", .pairs = "P9 P10 P15",
	.slots = 1, .proves = "a page that went round once is not the page "
	"that a slow consumer looked at",
	.setup = ucq_setup_d, .check = ucq_check_1x3);

static void ucq_setup_e(void)
{
	begin(EV_MBOX_UCQ);
	xp_thread("producer 1", post1, (void *)1);
	xp_thread("producer 2", post2, (void *)2);
	xp_thread("consumer 1", take_all, NULL);
	xp_thread("consumer 2", take_all, NULL);
}

static void ucq_check_e(void)
{
	ucq_expect(BIT(1, 1) | BIT(2, 1) | BIT(2, 2));
}

XP_TEST(ucq_2x2, .group = "ucq", .pairs = "P9 P10 P15", .slots = 1,
	.proves = "two producers, two consumers",
	.setup = ucq_setup_e, .check = ucq_check_e,
	.no_pso = true);

static void ucq_setup_f(void)
{
	begin(EV_MBOX_UCQ);
	xp_thread("producer", post3, (void *)1);
	xp_thread("consumer 1", take_all, NULL);
	xp_thread("consumer 2", take_all, NULL);
}

XP_TEST(ucq_2slots_2consumers, .group = "ucq", .pairs = "P9 P10 P15",
	.slots = 2, .proves = "no consumer gets ahead of the producers at a "
	"page's end",
	.setup = ucq_setup_f, .check = ucq_check_1x3);

/* Two messages are in the first page and one of them is taken: consumer 2 may
 * look now and claim when the same page is back, empty from the same slot. */
static void ucq_setup_g(void)
{
	begin(EV_MBOX_UCQ);
	post2((void *)2);
	take();
	xp_thread("producer", post3, (void *)1);
	xp_thread("consumer 1", take_all, NULL);
	xp_thread("consumer 2", take_one, NULL);
}

static void ucq_check_g(void)
{
	ucq_expect(BIT(2, 1) | BIT(2, 2) | BIT(1, 1) | BIT(1, 2) | BIT(1, 3));
}

XP_TEST(ucq_same_slot_again, .group = "ucq", .pairs = "P15", .slots = 2,
	.proves = "nobody claims a slot that nobody produced",
	.setup = ucq_setup_g, .check = ucq_check_g);

/* --- CEQ ------------------------------------------------------------------ */

static void ceq_post_bits(uint16_t id, uint32_t bits)
{
	struct event_msg msg = {
		.ev_type = id, .ev_arg2 = bits,
		.ev_arg3 = (void *)(uintptr_t)bits,
	};

	xp_fetch_begin();
	xp_require(ceq_post(&mbox->ceq, &msg) >= 0, "refused");
	xp_fetch_end();
}

static void ceq_post1(void *arg)
{
	ceq_post_bits(1, (uint32_t)(uintptr_t)arg);
}

static void ceq_post2(void *arg)
{
	ceq_post_bits(2, (uint32_t)(uintptr_t)arg);
}

static void ceq_post12(void *arg)
{
	ceq_post1(arg);
	ceq_post2(arg);
}

static void ceq_take(void *arg)
{
	struct event_msg msg;

	while (ceq_get(&mbox->ceq, &msg)) {
		xp_require(!(taken[msg.ev_type] & msg.ev_arg2),
			   "bits %#x of id %u came twice", msg.ev_arg2,
			   msg.ev_type);
		taken[msg.ev_type] |= (uint8_t)msg.ev_arg2;
		messages[msg.ev_type]++;
		xp_require(msg.ev_arg3, "no blob");
	}
}

/* Each post has bits of its own: so there are as many posts as bits. */
static void ceq_expect(uint32_t bits1, uint32_t bits2)
{
	ceq_take(NULL);
	xp_require(ceq_is_empty(&mbox->ceq), "not empty");
	xp_require(taken[1] == bits1 && taken[2] == bits2,
		   "lost: of id 1 came %#x of %#x, of id 2 %#x of %#x",
		   taken[1], bits1, taken[2], bits2);
	xp_require(!mbox->ceq.events[1].idx_posted &&
		   !mbox->ceq.events[2].idx_posted, "an entry is left posted");
	xp_require(messages[1] <= __builtin_popcount(bits1) &&
		   messages[2] <= __builtin_popcount(bits2),
		   "one entry was taken by two: %u and %u messages",
		   messages[1], messages[2]);
}

static void ceq_check_a(void)
{
	ceq_expect(3, 0);
}

static void ceq_setup_a(void)
{
	begin(EV_MBOX_CEQ);
	xp_thread("producer 1", ceq_post1, (void *)1);
	xp_thread("producer 2", ceq_post1, (void *)2);
	xp_thread("consumer", ceq_take, NULL);
}

XP_TEST(ceq_one_id, .group = "ceq", .pairs = "P7",
	.proves = "no update falls between two reads of an entry",
	.setup = ceq_setup_a, .check = ceq_check_a);

static void ceq_check_b(void)
{
	ceq_expect(1, 3);
}

static void ceq_setup_b(void)
{
	begin(EV_MBOX_CEQ);
	xp_thread("producer 1", ceq_post12, (void *)1);
	xp_thread("producer 2", ceq_post2, (void *)2);
	xp_thread("consumer", ceq_take, NULL);
}

XP_TEST(ceq_overflow, .group = "ceq", .pairs = "P7 P8",
	.proves = "with a ring of one, what is not in the ring is scanned for",
	.setup = ceq_setup_b, .check = ceq_check_b);

static void ceq_check_c(void)
{
	ceq_expect(1, 1);
}

static void ceq_setup_c(void)
{
	begin(EV_MBOX_CEQ);
	xp_thread("producer", ceq_post12, (void *)1);
	xp_thread("consumer 1", ceq_take, NULL);
	xp_thread("consumer 2", ceq_take, NULL);
}

XP_TEST(ceq_2consumers, .group = "ceq", .pairs = "P7 P8",
	.proves = "two consumers share the ring and the recovery",
	.setup = ceq_setup_c, .check = ceq_check_c);

/* A recovery that finds less than it was told, while producers overflow. */
static void ceq_setup_d(void)
{
	begin(EV_MBOX_CEQ);
	mbox->ceq.ring_overflowed = 1;
	xp_thread("producer 1", ceq_post1, (void *)1);
	xp_thread("producer 2", ceq_post2, (void *)1);
	xp_thread("consumer", ceq_take, NULL);
}

XP_TEST(ceq_recovery, .group = "ceq", .pairs = "P7 P8",
	.proves = "an overflow during a recovery is not forgotten",
	.setup = ceq_setup_d, .check = ceq_check_c);

static void ceq_setup_e(void)
{
	begin(EV_MBOX_CEQ);
	mbox->ceq.ring_overflowed = 1;
	xp_thread("producer", ceq_post12, (void *)1);
	xp_thread("consumer 1", ceq_take, NULL);
	xp_thread("consumer 2", ceq_take, NULL);
}

XP_TEST(ceq_recovery_2consumers, .group = "ceq", .pairs = "P7 P8",
	.proves = "an entry that is both in the ring and scanned comes once",
	.setup = ceq_setup_e, .check = ceq_check_c);

/* A ring of two, which begins with an id that recovery took. */
static void ceq_setup_f(void)
{
	begin(EV_MBOX_CEQ);
	mbox->ceq.ring_sz = 2;
	mbox->ceq.ring[1] = CEQ_EMPTY;
	xp_thread("producer 1", ceq_post1, (void *)1);
	xp_thread("producer 2", ceq_post2, (void *)1);
	xp_thread("consumer 1", ceq_take, NULL);
	xp_thread("consumer 2", ceq_take, NULL);
	mbox->ceq.ring[0] = 3;
	mbox->ceq.prod_idx = 1;
}

XP_TEST(ceq_ring2, .group = "ceq", .pairs = "P7",
	.proves = "an id that names nothing is skipped; slots are freed in "
		  "order",
	.setup = ceq_setup_f, .check = ceq_check_c);

/* --- bad user memory ------------------------------------------------------ */

/* A program that writes anything into a word of its mailbox at any moment. */
static uint64_t *words[6];
static uint32_t nr_words;

static void scribble(void *arg)
{
	static const uint64_t junk[] = {
		0, ~0UL, 8, PROCDATA_VA + 3, USER_TOP,
	};
	uint64_t *word = words[xp_choose(nr_words)];

	write_once(*word, junk[xp_choose(sizeof(junk) / sizeof(junk[0]))]);
}

/* Whatever the kernel makes of it: it comes back. */
static void post_anyhow(void *arg)
{
	struct event_msg msg = numbered((uint32_t)(uintptr_t)arg, 1);

	for (int i = 0; i < 2; i++) {
		xp_fetch_begin();
		post_ev_msg(&proc, mbox, &msg);
		xp_fetch_end();
	}
}

static void post_anyhow_once(void *arg)
{
	struct event_msg msg = numbered((uint32_t)(uintptr_t)arg, 1);

	post_ev_msg(&proc, mbox, &msg);
}

static void all_came_back(void)
{
	xp_require(xp_at_end(0) && xp_at_end(1), "somebody is stuck");
}

static void hostile_ucq_setup(void)
{
	stage_tolerant(false);
	begin(EV_MBOX_UCQ);
	words[nr_words++] = &mbox->ucq.prod_idx;
	words[nr_words++] = &mbox->ucq.cons_idx;
	words[nr_words++] = &mbox->ucq.spare_pg;
	words[nr_words++] = (uint64_t *)&mbox->ucq.prod_overflow;
	xp_thread("kernel", post_anyhow, (void *)1);
	xp_thread("program", scribble, NULL);
}

XP_TEST(hostile_ucq, .group = "hostile", .slots = 1,
	.proves = "no word of a UCQ makes the kernel go wrong",
	.setup = hostile_ucq_setup, .check = all_came_back);

static void hostile_ceq_setup(void)
{
	stage_tolerant(false);
	begin(EV_MBOX_CEQ);
	words[nr_words++] = (uint64_t *)&mbox->ceq.events;
	words[nr_words++] = (uint64_t *)&mbox->ceq.ring;
	words[nr_words++] = (uint64_t *)&mbox->ceq.nr_events;
	words[nr_words++] = (uint64_t *)&mbox->ceq.operation;
	words[nr_words++] = (uint64_t *)&mbox->ceq.prod_idx;
	words[nr_words++] = (uint64_t *)&mbox->type;
	xp_thread("kernel", post_anyhow, (void *)1);
	xp_thread("program", scribble, NULL);
}

XP_TEST(hostile_ceq, .group = "hostile",
	.proves = "no word of a CEQ makes the kernel go wrong",
	.setup = hostile_ceq_setup, .check = all_came_back);

/* The page under the mailbox goes in mid-post. */
static void fault_setup(void)
{
	stage_tolerant(false);
	begin(EV_MBOX_UCQ);
	xp_may_fault();
	xp_thread("producer 1", post_anyhow_once, (void *)1);
	xp_thread("producer 2", post_anyhow_once, (void *)2);
}

XP_TEST(ucq_fault, .group = "hostile", .slots = 1,
	.proves = "whichever access faults, no lock stays held",
	.setup = fault_setup, .check = all_came_back);

static void no_memory_setup(void)
{
	stage_tolerant(true);
	begin(EV_MBOX_UCQ);
	xp_thread("producer 1", post_anyhow_once, (void *)1);
	xp_thread("producer 2", post_anyhow_once, (void *)2);
}

XP_TEST(ucq_no_memory, .group = "hostile", .slots = 1,
	.proves = "nor when there is no memory for a page",
	.setup = no_memory_setup, .check = all_came_back);

/* --- a slot's lock and an interrupt --------------------------------------- */

static uint32_t poked;

static void poke(void)
{
	poked = 1;
}

static void poker(void *arg)
{
	xp_post_irq(0);
}

static void irq_setup(void)
{
	begin(EV_MBOX_BITMAP);
	xp_ghost(&poked, 4);
	xp_thread("core", bm_post, (void *)9);
	xp_on_irq(poke);
	xp_thread("poker", poker, NULL);
}

static void irq_check(void)
{
	xp_require(xp_at_end(0), "the core is stuck");
}

XP_TEST(interrupt_anywhere, .group = "engine",
	.proves = "an interrupt is delivered at every step",
	.setup = irq_setup, .check = irq_check);
