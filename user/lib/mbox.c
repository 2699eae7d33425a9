/*
 * mbox.c - what is common to the three kinds of mailbox, the reading half.
 *
 * kernel/event/mbox.c is the posting half.
 */
#include "mbox.h"

#include "abi/errno.h"
#include "atomic.h"
#include "bitmap.h"
#include "ceq.h"
#include "ucq.h"
#include "vcore.h"

int mbox_init(struct event_mbox *mbox, uint32_t type)
{
	int err;

	switch (type) {
	case EV_MBOX_UCQ:
		err = ucq_init(&mbox->ucq);
		break;
	case EV_MBOX_BITMAP:
		evbitmap_init(&mbox->evbm);
		err = 0;
		break;
	case EV_MBOX_CEQ:
		err = ceq_init(&mbox->ceq, CEQ_OR, MAX_NR_EVENT,
			       CEQ_DEFAULT_RING);
		break;
	default:
		return -EINVAL;
	}
	if (!err)
		mbox->type = type;
	return err;
}

void mbox_free(struct event_mbox *mbox)
{
	if (mbox->type == EV_MBOX_UCQ)
		ucq_free(&mbox->ucq);
	else if (mbox->type == EV_MBOX_CEQ)
		ceq_free(&mbox->ceq);
	mbox->type = 0;
}

bool mbox_take(struct event_mbox *mbox, struct event_msg *msg)
{
	bool got = false;

	switch (mbox->type) {
	case EV_MBOX_UCQ:
		/* The end of nearly every drain costs two loads. */
		got = !ucq_is_drained(&mbox->ucq) && ucq_get(&mbox->ucq, msg);
		break;
	case EV_MBOX_BITMAP:
		got = evbitmap_get(&mbox->evbm, msg);
		break;
	case EV_MBOX_CEQ:
		got = ceq_get(&mbox->ceq, msg);
		break;
	}
	/* The count that the kernel's "posted" is compared with. */
	if (got)
		atomic_fetch_add64(&vcpd_of(vcore_id())->nr_handled, 1);
	return got;
}

bool mbox_get(struct event_mbox *mbox, struct event_msg *msg)
{
	bool got;

	disable_notifs();
	got = mbox_take(mbox, msg);
	enable_notifs();
	return got;
}

bool mbox_is_empty(struct event_mbox *mbox)
{
	switch (mbox->type) {
	case EV_MBOX_UCQ:
		return ucq_is_empty(&mbox->ucq);
	case EV_MBOX_BITMAP:
		return evbitmap_is_empty(&mbox->evbm);
	case EV_MBOX_CEQ:
		return ceq_is_empty(&mbox->ceq);
	}
	return true;
}
