/* sched.h - let others run, by the name that POSIX gives it. */
#pragma once

/* uthread_yield().  0.  Context: uthread. */
int sched_yield(void);
