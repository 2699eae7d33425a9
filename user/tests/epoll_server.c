/* epoll_server - one uthread serves several clients, each over a pair of pipes,
 * by what epoll_wait() says, and every answer comes. */
#include "epoll.h"
#include "test.h"
#include "unistd.h"

#define CLIENTS	3
#define REQUESTS 200

struct client {
	int	to[2];		/* requests */
	int	from[2];	/* answers */
	uint32_t nr_good;
};

static struct client clients[CLIENTS];

static void *client(void *arg)
{
	struct client *c = arg;

	for (uint32_t i = 0; i < REQUESTS; i++) {
		uint32_t answer = 0;

		write(c->to[1], &i, sizeof(i));
		read(c->from[0], &answer, sizeof(answer));
		c->nr_good += answer == ~i;
	}
	close(c->to[1]);
	return NULL;
}

/* One request of @c.  False: there are no more. */
static bool serve(struct client *c)
{
	uint32_t request;

	if (read(c->to[0], &request, sizeof(request)) != sizeof(request))
		return false;
	request = ~request;
	write(c->from[1], &request, sizeof(request));
	return true;
}

/* Until no client is left, or nothing happens any more. */
static void serve_all(struct epoll *ep)
{
	struct epoll_event events[2];
	int left = CLIENTS;

	while (left) {
		int n = epoll_wait(ep, events, 2, TEST_PATIENCE);

		if (n <= 0)
			break;
		for (int i = 0; i < n; i++) {
			struct client *c = events[i].data.ptr;

			if (serve(c))
				continue;
			epoll_ctl(ep, EPOLL_CTL_DEL, c->to[0], NULL);
			left--;
		}
	}
	CHECK_EQ(left, 0, "clients-left");
}

TEST(epoll_server)
{
	struct epoll *ep = epoll_create();
	struct uthread *uths[CLIENTS];

	test_vcores_upto(2);
	for (int i = 0; i < CLIENTS; i++) {
		struct epoll_event event = {
			.events = EPOLLIN,
			.data.ptr = &clients[i],
		};

		REQUIRE(!pipe(clients[i].to) && !pipe(clients[i].from), "pipe");
		REQUIRE(!epoll_ctl(ep, EPOLL_CTL_ADD, clients[i].to[0],
				   &event), "add");
		uths[i] = uthread_create(client, &clients[i]);
	}
	serve_all(ep);
	for (int i = 0; i < CLIENTS; i++) {
		uthread_join(uths[i], NULL);
		CHECK_EQ(clients[i].nr_good, REQUESTS, "answers");
	}
	epoll_destroy(ep);
}
