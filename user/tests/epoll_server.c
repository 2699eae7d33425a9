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
static uint32_t clients_left = CLIENTS;
static uint32_t nr_served;

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

/* What @event says. */
static void serve_one(struct epoll *ep, const struct epoll_event *event)
{
	struct client *c = event->data.ptr;

	if (!serve(c)) {
		epoll_ctl(ep, EPOLL_CTL_DEL, c->to[0], NULL);
		write_once(clients_left, clients_left - 1);
	}
	write_once(nr_served, nr_served + 1);
}

/* Until no client is left.  No time is over before main has lost patience. */
static void *serve_all(void *arg)
{
	struct epoll_event events[2];
	struct epoll *ep = arg;

	while (clients_left) {
		int n = epoll_wait(ep, events, 2, 1000 * TEST_PATIENCE);

		if (n <= 0)
			break;
		for (int i = 0; i < n; i++)
			serve_one(ep, &events[i]);
	}
	return NULL;
}

/* Is another request served? */
static bool gets_on(void)
{
	uint32_t so_far = read_once(nr_served);

	return WAIT(read_once(nr_served) != so_far || usleep(1000));
}

TEST(epoll_server)
{
	struct epoll *ep = epoll_create();
	struct uthread *uths[CLIENTS], *server;

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
	server = uthread_create(serve_all, ep);
	while (read_once(clients_left) && gets_on())
		;
	/* Those who are left would never be joined. */
	if (!CHECK_EQ(read_once(clients_left), 0, "clients-left"))
		test_give_up();
	uthread_join(server, NULL);
	for (int i = 0; i < CLIENTS; i++) {
		uthread_join(uths[i], NULL);
		CHECK_EQ(clients[i].nr_good, REQUESTS, "answers");
	}
	epoll_destroy(ep);
}
