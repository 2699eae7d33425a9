/*
 * evq.c - event queues out of memory that stays event queues.
 *
 * Each kind has a pool of its own, and one with a mailbox keeps it, pages and
 * all, while it waits for its next life.  See evq.h for why.
 */
#include "evq.h"

#include "atomic.h"
#include "mbox.h"
#include "pool.h"

struct evq_big {
	struct event_queue ev_q;	/* ev_mbox points to the next */
	struct event_mbox mbox;
};

/* By type of mailbox; 0 for those that the program makes itself. */
static struct pool big_pools[] = {
	[0]		= POOL_INIT(sizeof(struct evq_big)),
	[EV_MBOX_UCQ]	= POOL_INIT(sizeof(struct evq_big)),
	[EV_MBOX_BITMAP] = POOL_INIT(sizeof(struct evq_big)),
	[EV_MBOX_CEQ]	= POOL_INIT(sizeof(struct evq_big)),
};
static struct pool slim_pool = POOL_INIT(sizeof(struct event_queue));

/* Begin a life: everything zero but the generation. */
static void evq_reset(struct event_queue *ev_q, struct event_mbox *mbox)
{
	write_once(ev_q->ev_gen, ev_q->ev_gen + 1);
	ev_q->ev_mbox = mbox;
	ev_q->ev_vcore = 0;
	ev_q->ev_udata = NULL;
	write_once(ev_q->ev_alert_pending, 0);
}

/* End a life.  An indirection that names the old generation is void from here
 * on, and who already acts upon one is waited for. */
static void evq_retire(struct event_queue *ev_q, struct pool *pool)
{
	write_once(ev_q->ev_flags, 0);
	write_once(ev_q->ev_handler, NULL);
	/* Void before we look who is inside.  Pairs with full_fence() in
	 * user/lib/event.c:handle_event_q() [quiesce]. */
	atomic_fetch_add32(&ev_q->ev_gen, 1);
	pool_retire(pool, ev_q);
}

/* A message that was posted too late for the last life is nobody's. */
static void mbox_discard(struct event_mbox *mbox)
{
	struct event_msg msg;

	while (mbox_get(mbox, &msg))
		;
}

struct event_queue *get_eventq(uint32_t mbox_type)
{
	struct evq_big *big;

	if (!mbox_type || mbox_type > EV_MBOX_CEQ)
		return NULL;
	big = pool_get(&big_pools[mbox_type]);
	if (!big)
		return NULL;
	if (!big->mbox.type && mbox_init(&big->mbox, mbox_type)) {
		pool_put(&big_pools[mbox_type], big);
		return NULL;
	}
	mbox_discard(&big->mbox);
	evq_reset(&big->ev_q, &big->mbox);
	return &big->ev_q;
}

void put_eventq(struct event_queue *ev_q)
{
	struct evq_big *big = (struct evq_big *)ev_q;

	mbox_discard(&big->mbox);
	evq_retire(ev_q, &big_pools[big->mbox.type]);
}

struct event_queue *get_eventq_raw(void)
{
	struct evq_big *big = pool_get(&big_pools[0]);

	if (!big)
		return NULL;
	big->mbox = (struct event_mbox){ 0 };
	evq_reset(&big->ev_q, &big->mbox);
	return &big->ev_q;
}

void put_eventq_raw(struct event_queue *ev_q)
{
	evq_retire(ev_q, &big_pools[0]);
}

struct event_queue *get_eventq_slim(void)
{
	struct event_queue *ev_q = pool_get(&slim_pool);

	if (ev_q)
		evq_reset(ev_q, NULL);
	return ev_q;
}

void put_eventq_slim(struct event_queue *ev_q)
{
	evq_retire(ev_q, &slim_pool);
}

struct event_queue *get_eventq_vcpd(uint32_t vcoreid, uint32_t flags)
{
	struct event_queue *ev_q = get_eventq_slim();

	if (!ev_q)
		return NULL;
	ev_q->ev_vcore = vcoreid;
	ev_q->ev_flags = flags;
	return ev_q;
}

void put_eventq_vcpd(struct event_queue *ev_q)
{
	put_eventq_slim(ev_q);
}
