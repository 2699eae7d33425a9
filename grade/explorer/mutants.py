"""Bugs that a student, or we, might write; each must be found.

A mutant is one sentence, the file and function that it changes, what it
replaces there, which tests look, and what the explorer must call it.
"""

import dataclasses

import bodies
import xp


@dataclasses.dataclass(frozen=True)
class Mutant:
    name: str
    says: str
    file: str
    function: str
    old: str
    new: str
    tests: str  # one of them must fail
    kinds: str  # words for the failure that are right; see kinds()

    def source(self, root=xp.ROOT):
        """The file with the bug in it."""
        text = (root / self.file).read_text()
        try:
            return bodies.edit(text, self.function, self.old, self.new)
        except LookupError as gone:
            raise LookupError(f"{self.name}: {self.file}: {gone}") from gone


BITMAP_K, BITMAP_U = "kernel/event/bitmap.c", "user/lib/bitmap.c"
UCQ_K, UCQ_U = "kernel/event/ucq.c", "user/lib/ucq.c"
CEQ_K, CEQ_U = "kernel/event/ceq.c", "user/lib/ceq.c"
SPAM, VCMSG = "kernel/event/spam.c", "kernel/event/vcmsg.c"
INDIR, SEND = "kernel/event/indir.c", "kernel/event/send_event.c"
YIELD, NOTIFY = "kernel/proc/yield.c", "kernel/proc/notify.c"
PREEMPT, MCP = "kernel/proc/preempt.c", "kernel/proc/mcp.c"
STEAL, POOL = "user/lib/preempt.c", "user/lib/pool.c"
KMSG, RESTART = "kernel/core/kmsg.c", "kernel/proc/restart.c"
COMPLETE = "kernel/syscall/complete.c"
EVENT, VCORE, SYSCALL = "user/lib/event.c", "user/lib/vcore.c", \
    "user/lib/syscall.c"
UTHREAD = "user/lib/uthread.c"

BITMAPS = "bitmap_stale_hint bitmap"
UCQS = ("ucq_1slot ucq_2slots ucq_1slot_2consumers ucq_recycled_page "
        "ucq_2slots_2consumers ucq_same_slot_again")
CEQS = ("ceq_one_id ceq_overflow ceq_2consumers ceq_recovery ceq_ring2 "
        "ceq_recovery_2consumers")
INDIRS = "alert_bitmap alert_ucq alert_ceq indir_bitmap indir_ucq indir_ceq"
SPAMS = ("spam_leaves spam_leaves_must_run sleep_other_vcore scp_sleep "
         "spam_vs_yield spam_must_run")
PREEMPTS = "preempt_uthread preempt_vcore_context preempt_twice change_to_vcore"
CHANGES = "change_to_vcore change_to_given"
STEALS = "steal_uthread steal_masked steal_again"
QUIESCES = "quiesce_handler quiesce_evq"
CALLS = "syscall_register syscall_reuse syscall_deregister"

MUTANTS = [Mutant(*m) for m in [
    # --- bitmap
    ("B1", "bitmap: no second look after clearing the hint", BITMAP_U,
     "evbitmap_get", "if (!any_bit(bm))\n\t\t\treturn false;",
     "return false;", BITMAPS, "wrong"),
    ("B2", "bitmap: no fence between clearing the hint and the look",
     BITMAP_U, "evbitmap_get", "full_fence();", "", BITMAPS, "wrong"),
    ("B3", "bitmap: hint before bit", BITMAP_K, "bitmap_post",
     "if (user_fetch_or32(",
     "if (user_store_release32(&u_evbm->check_bits, 1))\n"
     "\t\treturn POST_REFUSED(EVR_FAULT);\n"
     "\tif (type < 99 && !user_fetch_or32(&u_evbm->bits[type / 32], bit, "
     "&old))\n\t\treturn POST_NEW;\n\tif (user_fetch_or32(",
     BITMAPS, "wrong"),
    ("B4", "bitmap: the bit is set by a load and a store", BITMAP_K,
     "bitmap_post", "user_fetch_or32(&u_evbm->bits[type / 32], bit, &old)",
     "user_load32(&u_evbm->bits[type / 32], &old) || "
     "user_store32(&u_evbm->bits[type / 32], old | bit)", BITMAPS, "wrong"),
    ("B5", "bitmap: two consumers take one bit", BITMAP_U, "take_bit",
     "if (atomic_fetch_and32(word, ~lowest) & lowest)\n\t\t\t",
     "atomic_fetch_and32(word, ~lowest);\n\t\t", BITMAPS, "wrong"),
    ("B6", "bitmap: hint not raised again for what the second look found",
     BITMAP_U, "evbitmap_get", "write_once(bm->check_bits, 1);", "", BITMAPS,
     "wrong"),
    ("B8", "bitmap: bits are cleared by a load and a store", BITMAP_U,
     "take_bit", "if (atomic_fetch_and32(word, ~lowest) & lowest)",
     "write_once(*word, bits & ~lowest);\n\t\tif (bits & lowest)", BITMAPS,
     "wrong"),

    # --- UCQ
    ("U1", "UCQ: ready before the copy", UCQ_K, "ucq_fill",
     "if (copy_to_user(",
     "if (user_store_release32(&u_slot->ready, 1))\n"
     "\t\treturn POST_REFUSED(EVR_FAULT);\n\tif (copy_to_user(", UCQS,
     "wrong race"),
    ("U2", "UCQ: ready by an unordered store", UCQ_K, "ucq_fill",
     "user_store_release32", "user_store32", UCQS, "race wrong"),
    ("U3", "UCQ: the message is read without acquire", UCQ_U, "ucq_get",
     "load_acquire(&slot->ready)", "read_once(slot->ready)", UCQS, "race"),
    ("U4", "UCQ: prod_overflow is never cleared", UCQ_K, "ucq_post_locked",
     "user_store_release32(&u_ucq->prod_overflow, 0)", "0", UCQS, "wrong"),
    ("U5", "UCQ: the old page is neither spare nor unmapped", UCQ_U,
     "ucq_turn_page", "displaced = atomic_swap64(&ucq->spare_pg, "
     "(uint64_t)page);", "", UCQS, "wrong"),
    ("U6", "UCQ: a page is recycled before all readers are done", UCQ_U,
     "ucq_turn_page", "while (load_acquire(&page->nr_cons) != UCQ_SLOTS)",
     "while (0)", UCQS, "wrong race stuck spins-forever memory refused"),
    ("U7", "UCQ: the consumer does not wait for the link", UCQ_U,
     "ucq_turn_page", "while (!(next = load_acquire(&page->next)))",
     "next = load_acquire(&page->next);\n\twhile (0)", UCQS,
     "memory wrong spins spins-forever refused"),
    ("U8", "UCQ: a claim without compare-and-swap", UCQ_U, "ucq_claim",
     "else if (atomic_cas64(&ucq->cons_idx, cons, cons + 1))\n\t\t\t"
     "return cons;",
     "else {\n\t\t\twrite_once(ucq->cons_idx, cons + 1);\n\t\t\t"
     "return cons;\n\t\t}", UCQS, "wrong spins-forever stuck memory race"),
    ("U9", "UCQ: prod_overflow is cleared only by who brings a page", UCQ_K,
     "ucq_post_locked", "if (err)\n\t\t\treturn err;",
     "if (err)\n\t\t\treturn err;\n\t} else {\n\t\treturn 0;", UCQS,
     "wrong"),
    ("U10", "UCQ: the new index does not reserve slot 0", UCQ_K,
     "ucq_next_page", "prod_idx, page + 1)", "prod_idx, page)", UCQS,
     "wrong race spins-forever stuck"),
    ("U11", "UCQ: ready is not cleared", UCQ_U, "ucq_get",
     "write_once(slot->ready, 0);", "", "ucq_recycled_page " + UCQS,
     "wrong race"),
    ("U12", "UCQ: ready is cleared after the count", UCQ_U, "ucq_get",
     "write_once(slot->ready, 0);", "atomic_fetch_add32(&page_of(idx)->"
     "nr_cons, 1);\n\twrite_once(slot->ready, 0);\n\treturn true;",
     "ucq_recycled_page " + UCQS,
     "wrong race spins-forever memory"),
    ("U14", "UCQ: no look at emptiness after waiting for the lock", UCQ_U,
     "ucq_claim", "ucq_turn_page(ucq, cons);",
     "{\n\t\t\tucq_turn_page(ucq, cons);\n\t\t\tcons = load_acquire("
     "&ucq->cons_idx);\n\t\t\tif (slot_of(cons) < UCQ_SLOTS && "
     "atomic_cas64(&ucq->cons_idx, cons, cons + 1))\n\t\t\t\treturn "
     "cons;\n\t\t}", UCQS, "spins-forever wrong stuck race"),
    ("U15", "UCQ: the page's end is turned without looking who did it",
     UCQ_U, "ucq_turn_page", "if (read_once(ucq->cons_idx) != cons)",
     "if (0)", UCQS, "spins-forever wrong stuck memory"),
    ("U16", "UCQ: pages have no generation", UCQ_K, "ucq_next_page",
     "page |= (full + UCQ_GEN_ONE) & UCQ_GEN_MASK;", "", UCQS,
     "spins-forever wrong stuck race"),
    ("U17", "UCQ: who finds the page full brings a new one without looking "
     "again", UCQ_K, "ucq_post_locked",
     "if (user_fetch_add64(&u_ucq->prod_idx, 1, &full))",
     "if (user_load64(&u_ucq->prod_idx, &full))",
     UCQS, "wrong spins-forever stuck memory race double-fetch"),
    ("U18", "UCQ: the spare is exchanged by a load and a store", UCQ_U,
     "ucq_turn_page",
     "displaced = atomic_swap64(&ucq->spare_pg, (uint64_t)page);",
     "displaced = read_once(ucq->spare_pg);\n\t"
     "write_once(ucq->spare_pg, (uint64_t)page);", UCQS,
     "wrong spins-forever memory race refused"),
    ("U19", "UCQ: the lock at the page's end is not taken", UCQ_K,
     "ucq_post_full", "spin_lock(lock);\n\terr = ucq_post_locked(p, u_ucq, "
     "idx);\n\tspin_unlock(lock);",
     "err = ucq_post_locked(p, u_ucq, idx);", UCQS,
     "wrong spins-forever stuck race"),
    ("U20", "UCQ: a page is given back before cons_idx has left it", UCQ_U,
     "ucq_turn_page", "write_once(page->nr_cons, 0);",
     "write_once(page->nr_cons, 0);\n\tdisplaced = atomic_swap64("
     "&ucq->spare_pg, (uint64_t)page);\n\tif (displaced)\n\t\t"
     "page_unmap(displaced);", "ucq_recycled_page " + UCQS,
     "wrong spins-forever memory"),
    ("U21", "UCQ: looks at prod_idx before cons_idx", UCQ_U, "ucq_claim",
     "if (empty_at(ucq, cons))\n\t\t\treturn 0;", "", UCQS,
     "spins-forever wrong stuck spins"),

    # --- CEQ
    ("C1", "CEQ: marked posted after the push", CEQ_K, "ceq_post",
     "if (user_swap32(&u_event->idx_posted, 1, &posted))\n\t\treturn "
     "POST_REFUSED(EVR_FAULT);\n\trace_point(CEQ_MARKED);\n\treturn posted "
     "? POST_COALESCED : ceq_push(u_ceq, &shape, id);",
     "if (user_load32(&u_event->idx_posted, &posted))\n\t\treturn "
     "POST_REFUSED(EVR_FAULT);\n\tif (!posted)\n\t\tceq_push(u_ceq, "
     "&shape, id);\n\tuser_swap32(&u_event->idx_posted, 1, &posted);\n\t"
     "return POST_NEW;", CEQS, "wrong"),
    ("C2", "CEQ: coalesced after the look whether it is posted", CEQ_K,
     "ceq_post", "||\n\t    ceq_coalesce(u_event, shape.operation, "
     "msg->ev_arg2))\n\t\treturn POST_REFUSED(EVR_FAULT);",
     ")\n\t\treturn POST_REFUSED(EVR_FAULT);\n\t"
     "if (user_swap32(&u_event->idx_posted, 1, &posted))\n\t\treturn "
     "POST_REFUSED(EVR_FAULT);\n\tif (posted) {\n\t\tceq_coalesce(u_event,"
     " shape.operation, msg->ev_arg2);\n\t\treturn POST_COALESCED;\n\t}\n\t"
     "ceq_coalesce(u_event, shape.operation, msg->ev_arg2);\n\treturn "
     "ceq_push(u_ceq, &shape, id);", CEQS, "wrong"),
    ("C3", "CEQ: the value is taken before idx_posted is cleared", CEQ_U,
     "take_entry", "if (!atomic_swap32(&event->idx_posted, 0))\n\t\treturn "
     "false;\n\trace_point(CEQ_TAKEN);\n\tvalue = "
     "atomic_swap64(&event->coalesce, 0);",
     "value = atomic_swap64(&event->coalesce, 0);\n\t"
     "if (!atomic_swap32(&event->idx_posted, 0))\n\t\treturn false;",
     CEQS, "wrong"),
    ("C4", "CEQ: coalesced by a load and a store", CEQ_K, "ceq_coalesce",
     "return user_fetch_or64(&u_event->coalesce, arg2, &old);",
     "return user_load64(&u_event->coalesce, &old) || user_store64("
     "&u_event->coalesce, old | arg2);", CEQS, "wrong"),
    ("C5", "CEQ: a full ring raises no flag", CEQ_K, "ceq_say_lost",
     "return user_store_release32(&u_ceq->ring_overflowed, 1) ?\n\t\t"
     "POST_REFUSED(EVR_FAULT) : POST_NEW;", "return POST_NEW;", CEQS,
     "wrong"),
    ("C6", "CEQ: an entry that recovery took already ends the loop", CEQ_U,
     "ceq_get", "return true;\n\t\t\tcontinue;",
     "return true;\n\t\t\treturn false;", CEQS, "wrong"),
    ("C7", "CEQ: no fence between clearing the overflow and scanning", CEQ_U,
     "recover", "full_fence();", "", CEQS, "wrong"),
    ("C8", "CEQ: two recoveries at once", CEQ_U, "recover",
     "uspin_lock_word(&ceq->cons_lock);", "", "ceq_2consumers " + CEQS,
     "wrong race"),
    ("C9", "CEQ: the slot is not emptied", CEQ_U, "ring_pop",
     "write_once(*slot, CEQ_EMPTY);", "", CEQS, "wrong"),
    ("C10", "CEQ: fullness by the index that is taken first", CEQ_K,
     "ceq_claim", "user_load32(&u_ceq->cons_pub, &cons)",
     "user_load32(&u_ceq->cons_pvt, &cons)", CEQS,
     "wrong spins-forever race"),
    ("C11", "CEQ: slots are freed out of order", CEQ_U, "ring_pop",
     "while (read_once(ceq->cons_pub) != at)", "while (0)",
     CEQS, "wrong spins-forever spins"),
    ("C12", "CEQ: the highest id is not raised", CEQ_K, "ceq_raise_max",
     "bool done;", "bool done;\n\n\treturn 0;", CEQS, "wrong"),
    ("C13", "CEQ: two consumers take one entry", CEQ_U, "take_entry",
     "if (!atomic_swap32(&event->idx_posted, 0))\n\t\treturn false;",
     "write_once(event->idx_posted, 0);", CEQS, "wrong"),
    ("C14", "CEQ: the overflow is forgotten after the scan", CEQ_U,
     "recover", "found = scan_locked(ceq, msg);",
     "found = scan_locked(ceq, msg);\n\twrite_once(ceq->ring_overflowed, "
     "0);", CEQS, "wrong"),

    # --- indirection
    ("S8", "throttle: no fence between the mailbox and the look", INDIR,
     "indir_throttled", "full_fence();", "", INDIRS, "wrong"),
    ("S9", "acknowledge: no fence before draining", EVENT, "handle_event_q",
     "full_fence();", "", INDIRS, "wrong"),
    ("S10", "acknowledged only after draining", EVENT, "handle_event_q",
     "write_once(ev_q->ev_alert_pending, 0);", "", INDIRS, "wrong"),
    ("S11", "throttle: looks before it posts", SEND, "deliver",
     "if (!post_evq_msg(d))\n\t\t\treturn;\n\t\tif (d->flags & "
     "EVENT_INDIR)\n\t\t\tsend_indir(d);",
     "if (d->flags & EVENT_INDIR)\n\t\t\tsend_indir(d);\n\t\tif "
     "(!post_evq_msg(d))\n\t\t\treturn;\n\t\tif (d->flags & EVENT_INDIR)"
     "\n\t\t\t;", INDIRS, "wrong"),

    # --- spam
    ("S1", "post: no fence before the caller's look", VCMSG, "post_vc_msg",
     "full_fence();", "", SPAMS, "wrong"),
    ("S2", "spam: no second look at VC_CAN_RCV_MSG", SPAM,
     "try_spam_vcore", "return can_msg_vcore(p, vcoreid);", "return true;",
     SPAMS, "wrong"),
    ("S3", "post: notif_pending before the message", VCMSG, "post_vc_msg",
     "if (!post_ev_msg(", "store_release(&vcpd_of(p, vcoreid)->"
     "notif_pending, 1);\n\tif (flags < 0x10000 && post_ev_msg(p, "
     "get_vcpd_mbox(vcoreid, flags), msg)) {\n\t\tfull_fence();\n\t\t"
     "return true;\n\t}\n\tif (!post_ev_msg(", "post_drain " + SPAMS,
     "wrong"),
    ("S4", "post: without notif_pending", VCMSG, "post_vc_msg",
     "store_release(&vcpd_of(p, vcoreid)->notif_pending, 1);", "",
     "post_drain " + SPAMS, "wrong"),
    ("S5", "spam: no second look at the head of the list", SPAM,
     "spam_list_member", "if (read_once(list->next) == head)", "if (1)",
     SPAMS, "wrong"),
    ("S6", "must run: no second look at the map", SPAM, "try_spam_mapped",
     "return spam_vcore(p, vcoreid, flags, msg) &&\n\t       "
     "vcore_is_mapped(p, vcoreid);",
     "return spam_vcore(p, vcoreid, flags, msg);", SPAMS, "wrong"),
    ("S7", "fallback: not under the process lock", SPAM, "spam_fallback",
     "spin_lock(&p->lock);", "if (0)\n\t\tspin_lock(&p->lock);\n\tif (1) "
     "{\n\t\tvcoreid = vcoreid_of(p, vcore_first_to_look(p, &starts));\n"
     "\t\tspam_vcore(p, vcoreid, flags, msg);\n\t\treturn;\n\t}", SPAMS,
     "wrong panic memory race"),

    ("S12", "spam: an SCP is not looked at again", SPAM, "spam_public_msg",
     "if (!read_once(p->is_mcp))\n\t\t\treturn;", "return;",
     "spam_becomes_mcp", "wrong"),

    # --- yield, wake up
    ("W1", "yield: no fence between leaving the list and the look", YIELD,
     "yield_mcp", "full_fence();", "", SPAMS, "wrong"),
    ("W2", "yield: looks only before it leaves", YIELD, "yield_mcp",
     "if (read_once(vcpd->notif_pending)) {", "if (0) {", SPAMS, "wrong"),
    ("W3", "sleep: looks only at its own vcore", YIELD, "mcp_sleep_locked",
     "if (!read_once(vcpd->notif_pending))\n\t\t\tcontinue;",
     "continue;", SPAMS, "wrong"),
    ("W4", "wake-up: forgotten by the sender", SEND, "deliver",
     "if (d->flags & EVENT_WAKEUP)", "if (0)", SPAMS, "wrong"),
    ("W5", "wake-up: the state is read before the flag is set", SEND,
     "wake_receiver", "write_once(vcpd_of(d->p, looks)->"
     "notif_pending, 1);", "uint32_t state = read_once(d->p->state);\n\n\t"
     "if (state != PROC_WAITING)\n\t\treturn;\n\twrite_once(vcpd_of(d->p, "
     "looks)->notif_pending, 1);", SPAMS, "wrong"),
    ("W18", "wake-up: an SCP does not look at the flag that is set", SEND,
     "wake_receiver", "read_once(d->p->is_mcp) ? d->vcoreid : 0",
     "d->vcoreid", "scp_sleep_other_vcore", "wrong"),
    ("W6", "SCP: no fence after WAITING", YIELD, "scp_sleep_locked",
     "full_fence();", "", SPAMS, "wrong"),
    ("W7", "wake-up: no fence before the state is read", SEND,
     "wake_receiver", "full_fence();", "", SPAMS, "wrong"),
    ("W8", "handle_events(): no fence after clearing notif_pending", EVENT,
     "handle_events", "full_fence();", "", "post_drain " + SPAMS, "wrong"),
    ("W9", "unmask: no fence before the look", VCORE, "unmask",
     "full_fence();", "", "unmask", "wrong"),
    ("W10", "unmask: no look", VCORE, "unmask",
     "if (read_once(vcpd->notif_pending) ||", "if (", "unmask", "wrong"),
    ("W12", "SCP: no look after WAITING", YIELD, "scp_sleep_locked",
     "if (!read_once(vcpd->notif_pending))", "", SPAMS, "wrong"),
    ("W13", "wake-up: not told to the scheduler", YIELD, "proc_wakeup",
     "sched_poke();", "return;", SPAMS, "wrong"),
    ("W14", "handle_events(): drained before notif_pending is cleared",
     EVENT, "handle_events", "} while (read_once(vcpd->notif_pending));",
     "\twrite_once(vcpd->notif_pending, 0);\n\t} while (0);",
     "post_drain " + SPAMS, "wrong"),
    ("W15", "stay: a vcore that stays is on no list", YIELD, "yield_mcp",
     "vcore_stay(p, vcoreid);", "", SPAMS, "wrong stuck memory panic spins endless"),

    ("W16", "sleep: no fence after WAITING", YIELD, "mcp_sleep_locked",
     "full_fence();", "", SPAMS, "wrong"),
    ("W17", "sleep: no look after WAITING", YIELD, "yield_mcp",
     "mcp_sleep_locked(p);", "proc_set_state(p, PROC_WAITING);", SPAMS,
     "wrong"),

    # --- uthreads and cores
    ("Z1", "stay: wants again only as many as there are", VCORE,
     "want_one_more", "came ? vcore_limit() : num_vcores()", "num_vcores()",
     "yield_vs_ready", "wrong"),
    ("Z2", "stay: the kernel is not told", VCORE, "want_one_more",
     "if (wanted >= num_vcores())\n\t\t(void)tell_kernel();", "",
     "yield_vs_ready", "wrong"),
    ("Z3", "yield: no look for ready uthreads", VCORE, "something_came",
     "return !being_nice && !read_once(user_entry) &&\n\t       "
     "sched_get()->has_work();",
     "return false;", "yield_vs_ready", "wrong"),
    ("Z4", "ready: no fence before the look at cores_wanted", UTHREAD,
     "uthread_ask_for_vcores", "full_fence();", "", "yield_vs_ready",
     "wrong"),
    ("Z5", "stay: wants also what is not ready", VCORE, "want_one_more",
     "||\n\t\t    !read_once(vcores[wanted].ready))", ")", "yield_vs_ready",
     "wrong"),

    # --- notify
    ("N1", "notify: nothing if notif_pending is set already", NOTIFY,
     "proc_notify", "write_once(vcpd->notif_pending, 1);",
     "if (read_once(vcpd->notif_pending))\n\t\treturn;\n\t"
     "write_once(vcpd->notif_pending, 1);", "unmask", "wrong"),
    ("N2", "notify: no fence before the looks", NOTIFY, "proc_notify",
     "full_fence();", "", "unmask_quiet unmask", "wrong"),
    ("N3", "notify: interrupts vcore context", NOTIFY, "notify_look",
     "!read_once(vcpd->notif_disabled) &&", "", "unmask", "wrong"),

    # --- kernel messages
    ("K1", "kmsg: pokes only a queue that was not empty", KMSG, "kmsg_send",
     "if (first)\n\t\treturn;", "if (!first)\n\t\treturn;",
     "kmsg_idle kmsg_once", "wrong"),
    ("K2", "kmsg: may be sent again only after it has run", KMSG,
     "kmsg_call", "atomic_swap32(&msg->queued, 0);",
     "msg->fn(msg);\n\tatomic_swap32(&msg->queued, 0);\n\treturn;",
     "kmsg_once", "wrong"),
    ("K3", "kmsg: taken by a load and a store", KMSG, "kmsg_take",
     "msg = atomic_swap_ptr((void **)head, NULL);",
     "msg = read_once(*head);\n\twrite_once(*head, NULL);",
     "kmsg_idle kmsg_once", "wrong race"),
    ("K4", "idle: no look with interrupts off", RESTART, "core_loop",
     "if (kmsg_waiting())\n\t\t\tcontinue;", "", "kmsg_idle kmsg_once",
     "wrong"),
    ("K5", "idle: interrupts come on before the halt", RESTART, "core_loop",
     "irq_wait();", "irq_enable();\n\t\tirq_wait();",
     "kmsg_idle kmsg_once", "wrong"),
    ("K6", "kmsg: pushed without compare-and-swap", KMSG, "kmsg_send",
     "} while (!atomic_cas_ptr((void **)head, first, msg));",
     "\twrite_once(*head, msg);\n\t} while (0);", "kmsg_idle kmsg_once "
     "unmask_2senders", "wrong race"),

    # --- system calls
    ("Y1", "complete: done before the answer", COMPLETE, "syscall_complete",
     "if (copy_to_user(&u_sysc->retval, answer, sizeof(answer)))\n\t\t"
     "return;", "if (user_fetch_or32(&u_sysc->flags, SC_DONE, "
     "&(uint32_t){ 0 }))\n\t\treturn;\n\tif (copy_to_user(&u_sysc->retval, answer, "
     "sizeof(answer)))\n\t\treturn;", CALLS, "wrong race"),
    ("Y2", "complete: not locked while the event is sent", COMPLETE,
     "complete_flagged", "SC_DONE | SC_K_LOCK", "SC_DONE", CALLS,
     "wrong refused"),
    ("Y3", "complete: unlocked before the event is sent", COMPLETE,
     "complete_flagged", "if (before & SC_UEVENT)",
     "user_fetch_and32(&u_sysc->flags, ~SC_K_LOCK, &(uint32_t){ 0 });\n\tif (before "
     "& SC_UEVENT)", CALLS, "wrong refused"),
    ("Y4", "register: the wish before the queue", EVENT, "register_evq",
     "write_once(sc->ev_q, ev_q);", "", CALLS, "wrong refused"),
    ("Y5", "register: although it is done", EVENT, "register_evq",
     "if (flags & SC_DONE)\n\t\t\treturn false;", "", CALLS, "wrong"),
    ("Y6", "register: by a load and a store", EVENT, "register_evq",
     "} while (!atomic_cas32(&sc->flags, flags, flags | SC_UEVENT));",
     "\twrite_once(sc->flags, flags | SC_UEVENT);\n\t} while (0);", CALLS,
     "wrong spins-forever"),
    ("Y7", "done: although the kernel still writes", SYSCALL,
     "syscall_done", "(flags & (SC_DONE | SC_K_LOCK)) == SC_DONE",
     "flags & SC_DONE", CALLS, "wrong refused"),
    ("Y8", "deregister: does not wait for the kernel", EVENT,
     "deregister_evq", "while (load_acquire(&sc->flags) & SC_K_LOCK)",
     "while (0)", CALLS, "refused wrong race"),
    ("Y9", "complete: the wish is read, then done is set", COMPLETE,
     "complete_flagged",
     "if (user_fetch_or32(&u_sysc->flags, SC_DONE | SC_K_LOCK, &before))",
     "if (user_load32(&u_sysc->flags, &before) || user_fetch_or32("
     "&u_sysc->flags, SC_DONE | SC_K_LOCK, &(uint32_t){ 0 }))", CALLS,
     "wrong race"),

    # --- preemption
    ("R1", "preempt: counted as done before the context is saved", PREEMPT,
     "preempt_save", "vcpd = vcpd_of(p, vcoreid);",
     "vcpd = vcpd_of(p, vcoreid);\n\tstore_release(&map->preempts_done, "
     "done + 1);", PREEMPTS, "wrong race"),
    ("R2", "restart: does not wait for the context", PREEMPT,
     "preempt_wait_saved",
     "while ((int32_t)(load_acquire(&map->preempts_done) - sent) < 0 &&",
     "while (0 * sent * map->valid &&", PREEMPTS, "wrong race"),
    ("R3", "restart: waits for all preemptions sent by now", RESTART,
     "restart_vcore", "core->start_sent",
     "read_once(p->procinfo->vcoremap[core->owner_vcoreid].preempts_sent)",
     PREEMPTS, "spins-forever"),
    ("R4", "preempt: not counted as sent", PREEMPT, "preempt_locked",
     "write_once(map->preempts_sent, map->preempts_sent + 1);", "",
     PREEMPTS, "wrong race"),
    ("R5", "preempt: VC_PREEMPTED after the count", PREEMPT, "preempt_save",
     "atomic_fetch_or32(&vcpd->flags, VC_PREEMPTED);",
     "store_release(&map->preempts_done, done + 1);\n\t"
     "atomic_fetch_or32(&vcpd->flags, VC_PREEMPTED);", PREEMPTS,
     "wrong race"),
    ("R6", "change to: also while the core is being taken", MCP,
     "trade_locked",
     "if (map->preempts_sent != read_once(map->preempts_done))\n\t\t"
     "return -EAGAIN;", "", CHANGES, "wrong spins-forever"),
    ("R7", "change to: also a vcore that has a core", MCP, "trade_locked",
     "if (p->procinfo->vcoremap[vcoreid].valid)\n\t\treturn -EBUSY;", "",
     CHANGES, "wrong"),
    ("R8", "change to: the caller's context is not saved", MCP,
     "trade_locked", "context_save(&vcpd->vcore_ctx, core->ctx);", ";",
     CHANGES, "wrong"),
    ("R10", "change to: refuses for ever where the last core is taken", MCP,
     "trade_locked", "if (!p->is_mcp ||", "if (p->state != PROC_RUNNING_M ||",
     CHANGES, "wrong"),
    ("R11", "yield: also while the core is being taken", YIELD, "mcp_stays",
     "if (map->preempts_sent != read_once(map->preempts_done))\n\t\t"
     "return true;", "", "preempt_yield", "wrong spins-forever"),
    ("R9", "restart: does not look for what was sent since the grant", RESTART,
     "restart_vcore", "preempt_started(core);", "", "preempt_stray",
     "wrong spins-forever"),

    # --- stealing
    ("T1", "steal: without the flag", STEAL, "steal_begin",
     "} while (!atomic_cas32(&vcpd->flags, flags,\n\t\t\t       flags | "
     "VC_UTHREAD_STEALING));", "} while (0);", STEALS, "wrong race"),
    ("T2", "steal: no second look at VC_PREEMPTED", STEAL, "steal_uthread",
     "if (read_once(vcpd->flags) & VC_PREEMPTED) {", "if (1) {", STEALS,
     "wrong race"),
    ("T3", "restart: does not wait for the thief", STEAL,
     "vcore_wait_stealing",
     "while (read_once(vcpd->flags) & VC_UTHREAD_STEALING)", "while (0)",
     STEALS, "wrong race"),
    ("T4", "recover: does not see what was lost again meanwhile", STEAL,
     "vcore_recover", "while (!recover_once(vcoreid) && "
     "is_left_alone(vcoreid))\n\t\t;", "recover_once(vcoreid);", STEALS,
     "wrong"),

    # --- quiescence
    ("Q1", "quiesce: does not wait", EVENT, "event_quiesce",
     "while (load_acquire(&vcores[i].epoch) == epoch)", "while (0)",
     QUIESCES, "memory race"),
    ("Q2", "retire: reused without waiting", POOL, "pool_retire",
     "event_quiesce();", "", QUIESCES, "memory race"),
    ("Q3", "handlers: the epoch stays even", EVENT, "drain_begin",
     "write_once(vc->epoch, vc->epoch + 1);", "", QUIESCES,
     "memory race spins-forever wrong"),
]]
