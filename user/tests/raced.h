/*
 * raced.h - tests that lose a race on purpose, in a machine with race points.
 *
 * A script (race.h) holds one side between its write and its look until the
 * other has done its own.  Kernel and library that look again pass; without
 * one of the looks the message is lost in every run.
 *
 * Vcore 0 runs the test's main; it is at the head of the online list.
 */
#pragma once

#include "crowd.h"
#include "race.h"

static inline void raced_arm(const char *script)
{
	if (CHECK_EQ(race_script(script), 0, "race-points"))
		return;
	printf("this machine has no race points: make qemu RACE=1\n");
	test_give_up();
}

/* All @n rules of the script came about. */
static inline void raced_all(uint32_t n)
{
	CHECK_EQ(race_end(), (1U << n) - 1, "rules-kept");
}

static void (*raced_sender)(void);
static uint32_t raced_begun;

static inline void *raced_sender_uthread(void *arg)
{
	write_once(raced_begun, 1);
	raced_sender();
	return NULL;
}

/* Run @sender() on vcore 1 while vcore 0 has nothing to do. */
static inline void raced_send_from_1(void (*sender)(void))
{
	struct uthread *uth;

	raced_sender = sender;
	uth = uthread_create(raced_sender_uthread, NULL);
	REQUIRE(WAIT(read_once(raced_begun)), "sender-runs");
	uthread_join(uth, NULL);
}
