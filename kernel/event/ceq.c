/*
 * ceq.c - the coalescing event queue, producing half.
 *
 * Two parts: the entries hold what happened, the ring only says which entries
 * to look at.  So the ring may lose an id, as long as it says that it did.
 *
 * [ceq-posted]  No update falls between two reads.
 *
 *   producer, ceq_post()         consumer, take_entry()
 *   coalesce   (atomic)          idx_posted = 0
 *   idx_posted was 1? done       swap coalesce with 0  (atomic)
 *
 * A producer that still finds the entry posted has coalesced before that, and
 * the consumer swaps after it: the update is in what the consumer gets.
 *
 * [ceq-overflow]  No entry is neither in the ring nor scanned for.
 *
 *   producer                     consumer, recovery
 *   idx_posted = 1  (atomic)     ring_overflowed = 0
 *   ring full:                   full_fence()
 *   ring_overflowed = 1          scan the entries for idx_posted
 *
 * A recovery that clears our flag scans after that, and our entry was marked
 * before we raised it.
 */
#include "event/ceq.h"

#include "core/race.h"
#include "mm/usercopy.h"
#include "sync/atomic.h"

/* Rounds on the ring's index before we call it full, which is always safe. */
#define CEQ_TRIES	10

/* What ceq_init() fixed, read once.  The first fields of struct ceq. */
struct ceq_shape {
	struct ceq_event *events;
	uint32_t	*ring;
	uint32_t	nr_events;
	uint32_t	ring_sz;
	uint32_t	operation;
	uint32_t	max_event_ever;
};
_Static_assert(sizeof(struct ceq_shape) == offsetof(struct ceq, prod_idx),
	       "struct ceq_shape is the beginning of struct ceq");

/* Recovery scans up to the highest id ever used: raise it before @id can be
 * missing from the ring.  Where others change it all the time, let recovery
 * scan everything: it is never lowered. */
static int ceq_raise_max(struct ceq *u_ceq, const struct ceq_shape *shape,
			 uint32_t id)
{
	uint32_t max = shape->max_event_ever;
	bool done;

	for (int i = 0; i < CEQ_TRIES && max < id; i++) {
		if (user_cas32(&u_ceq->max_event_ever, max, id, &done))
			return -1;
		if (done)
			return 0;
		if (user_load32(&u_ceq->max_event_ever, &max))
			return -1;
		cpu_relax_bounded();
	}
	if (max >= id)
		return 0;
	return user_store32(&u_ceq->max_event_ever, shape->nr_events - 1);
}

/* Claim a slot of the ring in *@idx; *@claimed is false if it is full. */
static int ceq_claim(struct ceq *u_ceq, uint32_t ring_sz, uint32_t *idx,
		     bool *claimed)
{
	uint32_t cons;

	*claimed = false;
	for (int i = 0; i < CEQ_TRIES && !*claimed; i++) {
		/* Free before the id that goes there.  Pairs with
		 * store_release() in user/lib/ceq.c:ring_pop() [ceq-ring]. */
		if (user_load32(&u_ceq->prod_idx, idx) ||
		    user_load32(&u_ceq->cons_pub, &cons))
			return -1;
		if (*idx - cons >= ring_sz)
			return 0;
		if (user_cas32(&u_ceq->prod_idx, *idx, *idx + 1, claimed))
			return -1;
		cpu_relax_bounded();
	}
	return 0;
}

/* The entry is marked posted, and the ring has no room for its id: say that
 * the ring has lost something. */
static int ceq_say_lost(struct ceq *u_ceq)
{
	/* The entry's mark, by a locked operation, before the flag.  Pairs
	 * with full_fence() in user/lib/ceq.c:recover() [ceq-overflow]. */
	return user_store_release32(&u_ceq->ring_overflowed, 1) ?
		POST_REFUSED(EVR_FAULT) : POST_NEW;
}

/* Put @id into the ring, or say that the ring has lost something. */
static int ceq_push(struct ceq *u_ceq, const struct ceq_shape *shape,
		    uint32_t id)
{
	uint32_t idx;
	bool claimed;

	if (ceq_claim(u_ceq, shape->ring_sz, &idx, &claimed))
		return POST_REFUSED(EVR_FAULT);
	if (claimed) {
		idx &= shape->ring_sz - 1;
		/* The claim before the id.  Pairs with load_acquire() in
		 * user/lib/ceq.c:ring_pop() [ceq-ring]. */
		return user_store_release32(&shape->ring[idx], id) ?
			POST_REFUSED(EVR_FAULT) : POST_NEW;
	}
	return ceq_say_lost(u_ceq);
}

/* Add @arg2 to what is there, in one step, which is a full fence too. */
static int ceq_coalesce(struct ceq_event *u_event, uint32_t operation,
			uint32_t arg2)
{
	uint64_t old;

	if (operation == CEQ_ADD)
		return user_fetch_add64(&u_event->coalesce, arg2, &old);
	return user_fetch_or64(&u_event->coalesce, arg2, &old);
}

/*
 * Refused: an id past the entries, and a ring whose size is no power of two.
 * All that a consumer will look for (blob, the highest id, the value) is there
 * before the entry is marked; one that was marked already needs no place in the
 * ring.
 */
int ceq_post(struct ceq *u_ceq, const struct event_msg *msg)
{
	uint32_t id = msg->ev_type;
	struct ceq_shape shape;
	struct ceq_event *u_event;
	uint32_t posted;

	if (copy_from_user(&shape, u_ceq, sizeof(shape)))
		return POST_REFUSED(EVR_FAULT);
	if (id >= shape.nr_events)
		return POST_REFUSED(EVR_BAD_TYPE);
	if (!shape.ring_sz || shape.ring_sz & (shape.ring_sz - 1))
		return POST_REFUSED(EVR_BAD_QUEUE);
	u_event = &shape.events[id];
	if (user_store64((uint64_t *)&u_event->blob, (uint64_t)msg->ev_arg3) ||
	    ceq_raise_max(u_ceq, &shape, id) ||
	    ceq_coalesce(u_event, shape.operation, msg->ev_arg2))
		return POST_REFUSED(EVR_FAULT);
	race_point(CEQ_COALESCED);
	/* Coalesced before this look, both locked.  Pairs with
	 * atomic_swap64() in user/lib/ceq.c:take_entry() [ceq-posted]. */
	if (user_swap32(&u_event->idx_posted, 1, &posted))
		return POST_REFUSED(EVR_FAULT);
	race_point(CEQ_MARKED);
	return posted ? POST_COALESCED : ceq_push(u_ceq, &shape, id);
}
