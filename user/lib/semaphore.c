/* semaphore.c - POSIX semaphores of one process. */
#include "semaphore.h"

#include "atomic.h"
#include "clock.h"
#include "errno.h"

/* 0, or -1 with errno @err. */
static int result(int err)
{
	if (!err)
		return 0;
	errno = err;
	return -1;
}

int sem_init(sem_t *s, int shared, unsigned int count)
{
	usem_init(s, count);
	return result(shared ? ENOSYS : 0);
}

int sem_destroy(sem_t *s)
{
	return result(s->waiters.head ? EBUSY : 0);
}

int sem_wait(sem_t *s)
{
	usem_down(s);
	return 0;
}

int sem_timedwait(sem_t *s, const struct timespec *until)
{
	uint64_t ns;

	if (usem_trydown(s))
		return 0;
	if (clock_from_timespec(until, &ns))
		return result(EINVAL);
	return result(-usem_down_until(s, ns));
}

int sem_trywait(sem_t *s)
{
	return result(usem_trydown(s) ? 0 : EAGAIN);
}

int sem_post(sem_t *s)
{
	usem_up(s);
	return 0;
}

int sem_getvalue(sem_t *s, int *count)
{
	*count = (int)read_once(s->count);
	return 0;
}
