/*
 * Keeps the descriptors of a FUSE mount while its server is dead: a mount lives as long as somebody
 * has one. The next server asks for them and goes on. Does nothing else, so that it never needs to
 * be started again itself.
 *
 *   fuse-holder SOCKET     listens there, goes into the background, exits 0; or says why not
 *
 * A client connects, sends one message and gets one (unix(7), SOCK_SEQPACKET):
 *
 *   k STATE, descriptors   keep these: bytes of no meaning to us, at most MAX_STATE   ->  k
 *   t                      take them                             ->  t STATE, descriptors
 *   e                      end; the descriptors are closed       ->  nothing but the end of
 *                                                                the line, when SOCKET is gone
 *
 * Whoever is neither our own user nor root is not answered. It ends by itself when the mount is
 * gone.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { MAX_STATE = 81920, MAX_DESCRIPTORS = 64, LOOK_MS = 1000, PATIENCE_S = 5 };

static char message[1 + MAX_STATE]; /* 'k' and then the state, as it came */
static ssize_t length;              /* 0: nothing is kept yet */
static int descriptors[MAX_DESCRIPTORS];
static size_t count;

/*
 * A connection that is gone shows as an error. We look now and then instead of waiting for it:
 * every request would wake up who waits here.
 */
static int mount_is_gone(void)
{
	struct pollfd look = { .fd = descriptors[0] };

	return count > 0 && poll(&look, 1, 0) == 1 && (look.revents & POLLERR);
}

static int is_ours(int client)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	return getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       (peer.uid == geteuid() || peer.uid == 0);
}

/* Sends or receives a message and, if there are any, descriptors. */
static ssize_t transfer(int client, int sends, char *bytes, size_t size, int *passed, size_t *many)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof descriptors)];
	} control = { 0 };
	struct iovec body = { .iov_base = bytes, .iov_len = size };
	struct msghdr m = { .msg_iov = &body, .msg_iovlen = 1 };
	size_t rights = *many * sizeof *passed;
	ssize_t done;

	m.msg_control = rights ? control.room : NULL;
	m.msg_controllen = rights ? CMSG_SPACE(rights) : 0;
	if (sends) {
		control.header.cmsg_len = CMSG_LEN(rights);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(&control.header), passed, rights);
		return sendmsg(client, &m, MSG_NOSIGNAL);
	}
	*many = 0;
	done = recvmsg(client, &m, MSG_CMSG_CLOEXEC);
	if (done > 0 && m.msg_controllen >= CMSG_LEN(0) &&
	    control.header.cmsg_type == SCM_RIGHTS) {
		rights = control.header.cmsg_len - CMSG_LEN(0);
		*many = rights / sizeof *passed;
		memcpy(passed, CMSG_DATA(&control.header), rights);
	}
	return (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) ? -1 : done;
}

/* Answers one client; returns whether to end, as when its server died before it gave us anything. */
static int answer(int client)
{
	static char came[sizeof message];
	int passed[MAX_DESCRIPTORS];
	size_t many = MAX_DESCRIPTORS, none = 0;
	ssize_t size = transfer(client, 0, came, sizeof came, passed, &many);
	int keeps = size > 0 && came[0] == 'k' && many > 0 && count == 0;

	if (keeps) {
		memcpy(message, came, size);
		memcpy(descriptors, passed, many * sizeof *passed);
		length = size;
		count = many;
		message[0] = 't';
		transfer(client, 1, came, 1, passed, &none);
		return 0;
	}
	while (many > 0)
		close(passed[--many]);
	if (size == 1 && came[0] == 't' && count > 0 && !mount_is_gone())
		transfer(client, 1, message, length, descriptors, &count);
	return (size == 1 && came[0] == 'e') || count == 0 || mount_is_gone();
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (listener < 0 || strlen(path) >= sizeof address.sun_path)
		fail(path);
	strcpy(address.sun_path, path);
	umask(0177);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
	    listen(listener, 8) < 0)
		fail(path);
	return listener;
}

int main(int argc, char **argv)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int listener, ends = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: fuse-holder SOCKET\n");
		return 2;
	}
	listener = listen_at(argv[1]);
	/* A session of its own: Ctrl-C in the server's terminal is not for us. */
	if (daemon(0, 0) < 0)
		fail("daemon");
	while (!ends && !mount_is_gone()) {
		struct pollfd wait = { .fd = listener, .events = POLLIN };
		int client;

		if (poll(&wait, 1, LOOK_MS) < 1)
			continue;
		client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (client < 0)
			continue;
		setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
		ends = is_ours(client) && answer(client);
		if (ends)
			unlink(argv[1]); /* before the client goes on and starts another */
		close(client);
	}
	if (!ends)
		unlink(argv[1]);
	return 0;
}
