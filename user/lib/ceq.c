/*
 * ceq.c - coalescing event queue: take messages out.
 *
 * kernel/event/ceq.c posts.  An entry for each event id holds what has come;
 * a ring of ids tells which entries to look at.  The entry is the truth: its
 * idx_posted says whether there is a message, and whoever swaps it from 1 to 0
 * has it.  The ring may name an entry that was taken already, and if it is too
 * small, ring_overflowed says that an entry may be posted without being in it.
 *
 * [ceq-posted]  No update between two messages.
 *
 *   producer, kernel              consumer, here
 *   coalesce |= arg2 (locked)     idx_posted = 0 (locked)
 *   idx_posted? stop              swap coalesce (locked)
 *
 * If the producer stops, our swap comes later and has its bits.  If it does
 * not, it posts the entry again; the next message may then be all zero,
 * because this one has its bits already: two messages for two events.
 *
 * [ceq-overflow]  No entry neither in the ring nor scanned.
 *
 *   producer, kernel              consumer, here
 *   idx_posted = 1                ring_overflowed = 0
 *   ring is full                  full_fence()
 *   ring_overflowed = 1           scan idx_posted of all entries
 *
 * If our clearing hides the producer's flag, its entry was posted before, and
 * the scan finds it.
 */
#include "ceq.h"

#include "abi/errno.h"
#include "atomic.h"
#include "preempt.h"
#include "race.h"
#include "syscall.h"
#include "uspin.h"

/* Both arrays in one mapping. */
static size_t events_size(uint32_t nr_events)
{
	return nr_events * sizeof(struct ceq_event);
}

static size_t map_size(uint32_t nr_events, uint32_t ring_sz)
{
	size_t bytes = events_size(nr_events) + ring_sz * sizeof(uint32_t);

	return (bytes + PAGE_SIZE - 1) & -PAGE_SIZE;
}

int ceq_init(struct ceq *ceq, uint32_t operation, uint32_t nr_events,
	     uint32_t ring_sz)
{
	int64_t va;
	uint32_t *ring;

	if (operation != CEQ_OR && operation != CEQ_ADD)
		return -EINVAL;
	if (!nr_events || !ring_sz || (ring_sz & (ring_sz - 1)))
		return -EINVAL;
	va = syscall_call(SYS_mmap, 0, map_size(nr_events, ring_sz),
			  PROT_READ | PROT_WRITE, 0, 0);
	if (va < 0)
		return (int)va;
	ring = (uint32_t *)(va + events_size(nr_events));
	for (uint32_t i = 0; i < ring_sz; i++)
		ring[i] = CEQ_EMPTY;
	/* Bring the entries in now: posting is no time to fault. */
	for (size_t at = 0; at < events_size(nr_events); at += PAGE_SIZE)
		write_once(*(char *)(va + at), 0);
	*ceq = (struct ceq){
		.events = (struct ceq_event *)va,
		.ring = ring,
		.nr_events = nr_events,
		.ring_sz = ring_sz,
		.operation = operation,
	};
	return 0;
}

void ceq_free(struct ceq *ceq)
{
	/* A failed unmapping leaks memory and harms nothing else. */
	(void)syscall_call(SYS_munmap, (uint64_t)ceq->events,
			   map_size(ceq->nr_events, ceq->ring_sz), 0, 0, 0);
	*ceq = (struct ceq){ 0 };
}

/*
 * May an entry be posted without being in the ring?
 *
 * recover() sets the second flag before it clears the first, so in this order
 * we see one of them, or the recovery is over.
 */
static bool entries_unread(struct ceq *ceq)
{
	return read_once(ceq->ring_overflowed) ||
	       read_once(ceq->overflow_recovery);
}

bool ceq_is_empty(struct ceq *ceq)
{
	return read_once(ceq->cons_pvt) == read_once(ceq->prod_idx) &&
	       !entries_unread(ceq);
}

/*
 * Pop an id off the ring; CEQ_EMPTY if there is none.
 *
 * Slots are freed in the order in which they were taken, because the producers
 * know only one number, cons_pub.
 */
static uint32_t ring_pop(struct ceq *ceq)
{
	uint32_t at, id, *slot;

	/* Ends when we get a slot or others got them all. */
	do {
		at = read_once(ceq->cons_pvt);
		if (at == read_once(ceq->prod_idx))
			return CEQ_EMPTY;
	} while (!atomic_cas32(&ceq->cons_pvt, at, at + 1));

	slot = &ceq->ring[at & (ceq->ring_sz - 1)];
	/* The producer has claimed the slot and is about to fill it.  The id
	 * before the slot is empty again.  Pairs with user_store_release32()
	 * in kernel/event/ceq.c:ceq_push() [ceq-ring]. */
	while ((id = load_acquire(slot)) == CEQ_EMPTY)
		vcore_relax();
	write_once(*slot, CEQ_EMPTY);
	while (read_once(ceq->cons_pub) != at)
		vcore_relax();
	/* Empty before free.  Pairs with user_load32() in
	 * kernel/event/ceq.c:ceq_claim() [ceq-ring]. */
	store_release(&ceq->cons_pub, at + 1);
	return id;
}

/*
 * Take the message of entry @id, unless somebody has: type, blob, and what has
 * coalesced, in 32 bits as arg2 and whole as arg4.  Most entries that are asked
 * for in a recovery are not posted, and cost no locked operation.
 */
static bool take_entry(struct ceq *ceq, uint32_t id, struct event_msg *msg)
{
	struct ceq_event *event = &ceq->events[id];
	uint64_t value;

	/* Most entries that recovery scans are not posted. */
	if (!read_once(event->idx_posted))
		return false;
	/* Posted before value.  Pairs with user_swap32() in
	 * kernel/event/ceq.c:ceq_post() [ceq-posted]. */
	if (!atomic_swap32(&event->idx_posted, 0))
		return false;
	race_point(CEQ_TAKEN);
	value = atomic_swap64(&event->coalesce, 0);
	*msg = (struct event_msg){
		.ev_type = (uint16_t)id,
		.ev_arg2 = (uint32_t)value,
		.ev_arg3 = read_once(event->blob),
		.ev_arg4 = value,
	};
	return true;
}

/* Scan on from where the last scan stopped, up to the highest id ever used, and
 * take one message.  False: none is left, and the recovery is over. */
static bool scan_locked(struct ceq *ceq, struct event_msg *msg)
{
	uint32_t last = read_once(ceq->max_event_ever);
	uint32_t id = ceq->last_recovered;

	if (last >= ceq->nr_events)
		last = ceq->nr_events - 1;
	for (; id <= last; id++) {
		if (!take_entry(ceq, id, msg))
			continue;
		ceq->last_recovered = id + 1;
		return true;
	}
	write_once(ceq->overflow_recovery, 0);
	return false;
}

/*
 * The ring is empty, but it was too small: look at the entries themselves, one
 * consumer at a time, and take one message.  A recovery that is under way goes
 * on; otherwise one begins, at entry 0, if there was an overflow since the last
 * one began.  entries_unread() says what must never be seen in between.
 */
static bool recover(struct ceq *ceq, struct event_msg *msg)
{
	bool found = false;

	uspin_lock_word(&ceq->cons_lock);
	if (!read_once(ceq->overflow_recovery)) {
		if (!read_once(ceq->ring_overflowed))
			goto unlock;
		/* In this order, for entries_unread(). */
		write_once(ceq->overflow_recovery, 1);
		write_once(ceq->ring_overflowed, 0);
		ceq->last_recovered = 0;
		/* Flag before entries.  Pairs with user_store_release32() in
		 * kernel/event/ceq.c:ceq_say_lost() [ceq-overflow]. */
		full_fence();
		race_point(CEQ_RECOVER);
	}
	found = scan_locked(ceq, msg);
unlock:
	uspin_unlock_word(&ceq->cons_lock);
	return found;
}

bool ceq_get(struct ceq *ceq, struct event_msg *msg)
{
	/* Every round takes an id off the ring or ends a recovery, so it ends
	 * when producers do. */
	for (;;) {
		uint32_t id = ring_pop(ceq);

		if (id != CEQ_EMPTY) {
			if (id < ceq->nr_events && take_entry(ceq, id, msg))
				return true;
			continue;
		}
		if (!entries_unread(ceq))
			return false;
		if (recover(ceq, msg))
			return true;
	}
}
