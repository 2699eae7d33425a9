/*
 * preempt.c - cores that are taken away: what a vcore was doing goes on in one
 * place, once, and from where it stopped.
 */
#include "stage.h"
#include "stage_user.h"

#include "abi/errno.h"
#include "core/kmsg.h"
#include "proc/cores.h"
#include "proc/mcp.h"
#include "proc/preempt.h"
#include "proc/sched.h"
#include "proc/upcall.h"
#include "proc/yield.h"
#include "sync/atomic.h"

/* user/lib */
void vcore_main(uint32_t vcoreid);
void vcore_recover(uint32_t vcoreid);
void enable_notifs(void);

/* --- P13: a context that is saved, and loaded elsewhere ------------------- */

/* How often each vcore runs just now, and how far it has come: that number is
 * its register contents. */
static uint32_t running[2], progress[2];
static uint32_t asked, leaves;

static void user_begins(struct core *core)
{
	uint32_t v = core->owner_vcoreid;
	uint64_t at = core->ctx->kind == CONTEXT_FRESH ?
		vcpd_of(&proc, v)->uthread_ctx.rip : core->ctx->rip;

	xp_require(!running[v]++, "vcore %u runs on two cores", v);
	xp_require(at == progress[v], "vcore %u had come to %u and goes on "
		   "at %lu", v, progress[v], at);
}

/* Into the kernel, with new register contents. */
static void user_ends(struct core *core)
{
	uint32_t v = core->owner_vcoreid;

	running[v]--;
	core->ctx = &core->room;
	core->room.kind = 0;
	core->room.rip = ++progress[v];
}

static void user_core(void *arg)
{
	struct core *core = this_core();

	if (stage_entered()) {
		user_begins(core);
		if (asked && !core->owner_vcoreid) {
			asked = 0;
			user_ends(core);
			xp_require(proc_change_to_vcore(1, false) != -EINVAL,
				   "change_to: no such vcore, or no MCP");
			core_loop();
		}
		if (leaves && !core->owner_vcoreid) {
			leaves = 0;
			user_ends(core);
			proc_yield(false);
			core_loop();
		}
		stage_wait_for_message();
		user_ends(core);
	}
	core_loop();
}

/* Vcore 0 on core 1; core 2 is free. */
static void p13_setup(uint32_t masked)
{
	stage_short();
	stage_core_is(user_core);
	stage_mcp(2, 1, EV_MBOX_BITMAP, NULL);
	vcpd_of(&proc, 0)->notif_disabled = masked;
	xp_ghost(running, sizeof(running));
	xp_ghost(progress, sizeof(progress));
	xp_ghost(&asked, sizeof(asked));
	xp_ghost(&leaves, sizeof(leaves));
}

static void take_and_give(void *arg)
{
	preempt_vcore(&proc, 0);
	sched_poke();
}

static void take_and_give_twice(void *arg)
{
	take_and_give(arg);
	take_and_give(arg);
}

static void check_lists(void)
{
	uint32_t online = 0;

	for (struct list *l = proc.online_vcs.next; l != &proc.online_vcs;
	     l = l->next) {
		uint32_t v = vcoreid_of(&proc, list_entry(l, struct vcore,
							  link));

		online++;
		xp_require(proc.procinfo->vcoremap[v].valid, "vcore %u is on "
			   "the list of those online, and has no core", v);
		xp_require(running[v] == 1, "vcore %u has a core and runs on "
			   "%u", v, running[v]);
	}
	xp_require(online == proc.procinfo->num_vcores, "%u vcores are online "
		   "and %u are counted", online, proc.procinfo->num_vcores);
	for (uint32_t v = 0; v < 2; v++) {
		struct vcore_map *map = &proc.procinfo->vcoremap[v];

		xp_require(running[v] == map->valid, "vcore %u runs on %u "
			   "cores, and its map says %u", v, running[v],
			   map->valid);
		xp_require(map->preempts_sent == map->preempts_done,
			   "vcore %u: %u preemptions sent, %u done", v,
			   map->preempts_sent, map->preempts_done);
	}
}

static void p13_check(void)
{
	check_lists();
	xp_require(running[0] + running[1] == 1, "%u vcores run, one is "
		   "wanted", running[0] + running[1]);
}

static void uthread_setup(void)
{
	p13_setup(0);
	stage_sender("scheduler", take_and_give, NULL);
}

XP_TEST(preempt_uthread, .group = "preempt", .pairs = "P13",
	.proves = "a vcore that is given another core at once finds its "
		  "uthread whole, and runs once",
	.setup = uthread_setup, .check = p13_check);

static void vcore_setup(void)
{
	p13_setup(1);
	stage_sender("scheduler", take_and_give, NULL);
}

XP_TEST(preempt_vcore_context, .group = "preempt", .pairs = "P13",
	.proves = "the same if it was in vcore context",
	.setup = vcore_setup, .check = p13_check);

static void twice_setup(void)
{
	p13_setup(1);
	stage_sender("scheduler", take_and_give_twice, NULL);
}

XP_TEST(preempt_twice, .group = "preempt", .pairs = "P13",
	.proves = "nor does a core wait for a preemption that it has to "
		  "answer itself",
	.setup = twice_setup, .check = p13_check);

/* Nothing is wanted of it, but if it is taken it must run to say so. */
static void yield_setup(void)
{
	p13_setup(1);
	proc.procdata->cores_wanted = 0;
	leaves = 1;
	stage_sender("scheduler", take_and_give, NULL);
}

XP_TEST(preempt_yield, .group = "preempt", .pairs = "P13",
	.proves = "a vcore that yields while its core is taken stays, and "
		  "does not leave the core that it has by then",
	.setup = yield_setup, .check = check_lists);

/* Core 2 was taken from a process that died before it had read of it. */
static void stray_setup(void)
{
	p13_setup(1);
	kmsg_send(2, &core_of(2)->preempt);
	stage_sender("scheduler", take_and_give_twice, NULL);
}

XP_TEST(preempt_stray, .group = "preempt", .pairs = "P13",
	.proves = "a preemption whose message is queued already, from before "
		  "the core was given, is answered",
	.setup = stray_setup, .check = p13_check);

static void give_and_take(void *arg)
{
	sched_poke();
	take_and_give(arg);
}

/* --- all in one stroke ---------------------------------------------------- */

static void give(void *arg)
{
	sched_poke();
}

static void hear(struct event_msg *msg, unsigned int ev_type, void *data)
{
	handled |= 1U << ev_type;
}

/* Both vcores were lost in bulk; there is one core for them, and who gets it
 * yields at once. */
static void bulk_setup(void)
{
	stage_short();
	stage_mcp(2, 0, EV_MBOX_BITMAP, stage_yield);
	proc.state = PROC_RUNNABLE_M;
	for (uint32_t v = 0; v < 2; v++) {
		list_remove(&proc.vcores[v].link);
		list_append(&proc.bulk_preempted_vcs, &proc.vcores[v].link);
		vcpd_of(&proc, v)->flags = VC_PREEMPTED;
	}
	proc.procdata->kernel_evts[EV_VCORE_PREEMPT] =
		stage_evq(EVENT_SPAM_PUBLIC | EVENT_WAKEUP, 0, 0);
	register_ev_handler(EV_VCORE_PREEMPT, hear, NULL);
	stage_sender("scheduler", give, NULL);
}

static void bulk_check(void)
{
	xp_require(list_empty(&proc.bulk_preempted_vcs), "a vcore is still to "
		   "come back with others");
	stage_expect(1U << EV_VCORE_PREEMPT);
}

XP_TEST(preempt_bulk, .group = "preempt",
	.proves = "those that do not come back with the others are told of, "
		  "though the last of these leaves",
	.setup = bulk_setup, .check = bulk_check);

/* --- change_to ------------------------------------------------------------ */

static void change(void (*scheduler)(void *arg))
{
	struct vcpd *vcpd;

	p13_setup(1);
	proc.procdata->cores_wanted = 2;
	asked = 1;
	vcpd = vcpd_of(&proc, 1);
	vcpd->flags = VC_PREEMPTED;
	vcpd->notif_disabled = 1;
	stage_sender("scheduler", scheduler, NULL);
}

static void change_setup(void)
{
	change(take_and_give);
}

static void change_setup_given(void)
{
	change(give_and_take);
}

XP_TEST(change_to_vcore, .group = "preempt", .pairs = "P13",
	.proves = "a core that becomes another vcore while it is taken: each "
		  "vcore runs once",
	.setup = change_setup, .check = check_lists);

XP_TEST(change_to_given, .group = "preempt", .pairs = "P13",
	.proves = "nor twice, if that vcore is just given a core",
	.setup = change_setup_given, .check = check_lists);

/* --- stealing ------------------------------------------------------------- */

static uint32_t ran, stolen;

static void thief(void *arg)
{
	vcore_recover(1);
}

/* Vcore 1 is given a core; where it goes on, the kernel says. */
static void victim(void *arg)
{
	struct core *core = this_core();

	if (!stage_entered()) {
		core->owner_vcoreid = 1;
		core->owner = &proc;
		upcall_restart_vcore(core, &proc, 0);
	}
	if (core->ctx->kind == CONTEXT_FRESH)
		vcore_main(1);
	stage_resume_vcore_context();
}

/* Vcore 1 was preempted; a thief, and @other who is vcore @vcoreid. */
static void steal_setup(uint32_t masked, uint32_t vcoreid, const char *name,
			void (*other)(void *arg))
{
	struct vcpd *vcpd;

	stage_short();
	stage_mcp(2, 0, EV_MBOX_BITMAP, NULL);
	vcpd = vcpd_of(&proc, 1);
	vcpd->flags = VC_PREEMPTED | VC_CAN_RCV_MSG;
	vcpd->notif_disabled = masked;
	stage_uthread_of(1, &ran, &stolen);
	xp_ghost(&ran, sizeof(ran));
	xp_ghost(&stolen, sizeof(stolen));
	stage_acts_as(3, 0, true);
	stage_acts_as(4, vcoreid, true);
	stage_sender("thief", thief, NULL);
	stage_sender(name, other, NULL);
}

static void steal_setup_uthread(void)
{
	steal_setup(0, 1, "victim", victim);
}

static void steal_setup_masked(void)
{
	steal_setup(1, 1, "victim", victim);
}

static void steal_check(void)
{
	xp_require(ran + stolen == 1, "the uthread was continued by its vcore "
		   "%u times and taken by another %u times", ran, stolen);
}

XP_TEST(steal_uthread, .group = "preempt",
	.proves = "a uthread is not both stolen and continued: its vcore "
		  "starts anew",
	.setup = steal_setup_uthread, .check = steal_check);

XP_TEST(steal_masked, .group = "preempt",
	.proves = "nor if its vcore goes on where it was masked",
	.setup = steal_setup_masked, .check = steal_check);

/* Vcore 1 is given a core and loses it before it comes to anything, and vcore 2
 * is told. */
static void second_thief(void *arg)
{
	struct vcpd *vcpd = vcpd_of(&proc, 1);

	atomic_fetch_and32(&vcpd->flags, ~(uint32_t)VC_PREEMPTED);
	atomic_fetch_or32(&vcpd->flags, VC_PREEMPTED);
	vcore_recover(1);
}

static void steal_setup_again(void)
{
	steal_setup(0, 2, "second thief", second_thief);
	stage_ignore_context();
}

static void again_check(void)
{
	xp_require(stolen == 1, "the uthread was taken by others %u times",
		   stolen);
}

XP_TEST(steal_again, .group = "preempt",
	.proves = "a vcore that is lost again while a thief is leaving is "
		  "recovered by the one or the other",
	.setup = steal_setup_again, .check = again_check);
