/* Early returns and helpers in place of expressions; a list's head is asked
 * for in a while loop. */
static bool still_reads(struct proc *p, uint32_t vcoreid)
{
	uint32_t flags = read_once(vcpd_of(p, vcoreid)->flags);

	return (flags & VC_CAN_RCV_MSG) != 0;
}

static bool try_spam_vcore(struct proc *p, uint32_t vcoreid, uint32_t flags,
			   const struct event_msg *msg)
{
	if (can_msg_vcore(p, vcoreid)) {
		if (!spam_vcore(p, vcoreid, flags, msg))
			return false;
		if (still_reads(p, vcoreid))
			return true;
	}
	return false;
}

static bool spam_list_member(struct proc *p, struct list *list,
			     uint32_t flags, const struct event_msg *msg)
{
	int rounds = 0;

	while (rounds++ < SPAM_ROUNDS) {
		struct list *before = read_once(list->next), *after;
		uint32_t vcoreid;

		if (before == list)
			break;
		vcoreid = vcoreid_of(p, list_entry(before, struct vcore,
						   link));
		if (!spam_vcore(p, vcoreid, flags, msg))
			break;
		after = read_once(list->next);
		if (after == before)
			return true;
	}
	return false;
}

static bool spam_any(struct proc *p, uint32_t vcoreid, uint32_t flags,
		     const struct event_msg *msg)
{
	if (try_spam_vcore(p, vcoreid, flags, msg))
		return true;
	if (read_once(p->state) == PROC_WAITING)
		return false;
	if (spam_list_member(p, &p->online_vcs, flags, msg))
		return true;
	if (spam_list_member(p, &p->bulk_preempted_vcs, flags, msg))
		return true;
	return spam_next_to_start(p, flags, msg);
}

void spam_public_msg(struct proc *p, uint32_t vcoreid, uint32_t flags,
		     const struct event_msg *msg)
{
	if (!read_once(p->is_mcp)) {
		spam_vcore(p, 0, flags, msg);
		if (!read_once(p->is_mcp))
			return;
	}
	if (flags & EVENT_VCORE_MUST_RUN) {
		if (!spam_must_run(p, vcoreid, flags, msg))
			spam_fallback(p, flags, msg);
	} else if (!spam_any(p, vcoreid, flags, msg)) {
		spam_fallback(p, flags, msg);
	}
}
