/* Only the wanted vcore is tried without the lock: whoever else will look is
 * found by the fallback.  Slower, and right. */
static bool spam_must_run(struct proc *p, uint32_t vcoreid, uint32_t flags,
			  const struct event_msg *msg)
{
	return try_spam_mapped(p, vcoreid, flags, msg) ||
	       spam_list_member(p, &p->online_vcs, flags, msg);
}

static bool spam_any(struct proc *p, uint32_t vcoreid, uint32_t flags,
		     const struct event_msg *msg)
{
	if (try_spam_vcore(p, vcoreid, flags, msg))
		return true;
	if (read_once(p->state) == PROC_WAITING)
		return spam_next_to_start(p, flags, msg);
	return spam_list_member(p, &p->online_vcs, flags, msg) ||
	       spam_list_member(p, &p->bulk_preempted_vcs, flags, msg);
}
