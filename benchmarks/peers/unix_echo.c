// SPDX-License-Identifier: MIT OR BSL-1.0
// The floor for UNIX sockets: a level-triggered epoll loop that answers each message with one. Its argument says what
// it serves: "stream", "datagram", or "descriptors", which go back with the bytes they came with. Prints "port N"; its
// name is that of N (abstract).
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { buffer_size = 16384, backlog = 4096, batch = 256 };

static char buffer[buffer_size];

static void fail(const char* what)
{
    perror(what);
    exit(1);
}

static void watch(int epoll, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == -1)
        fail("epoll_ctl");
}

// Of closed loops with small messages no answer ever has to wait.
static void serve_stream(int fd)
{
    const ssize_t n = recv(fd, buffer, sizeof(buffer), 0);
    if (n <= 0)
        close(fd);
    else if (send(fd, buffer, (size_t)n, MSG_NOSIGNAL) != n)
        close(fd);
}

static void serve_datagram(int fd)
{
    struct sockaddr_un from;
    socklen_t size = sizeof(from);
    const ssize_t n = recvfrom(fd, buffer, sizeof(buffer), 0, (struct sockaddr*)&from, &size);
    if (n == -1)
        fail("recvfrom");
    // Its client may have gone.
    if (sendto(fd, buffer, (size_t)n, MSG_NOSIGNAL, (struct sockaddr*)&from, size) == -1 && errno != ECONNREFUSED)
        fail("sendto");
}

static void serve_descriptors(int fd)
{
    char control[CMSG_SPACE(sizeof(int))];
    struct iovec data = {buffer, sizeof(buffer)};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
    const ssize_t n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    struct cmsghdr* header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (!header) {
        close(fd);
        return;
    }
    int passed;
    memcpy(&passed, CMSG_DATA(header), sizeof(passed));
    data.iov_len = (size_t)n;
    if (sendmsg(fd, &message, MSG_NOSIGNAL) != n)
        close(fd);
    close(passed);
}

int main(int argc, char** argv)
{
    const char* const kind = argc > 1 ? argv[1] : "";
    void (*const serve)(int) = strcmp(kind, "stream") == 0      ? serve_stream
                               : strcmp(kind, "datagram") == 0 ? serve_datagram
                               : strcmp(kind, "descriptors") == 0 ? serve_descriptors : NULL;
    if (!serve) {
        fputs("usage: unix_echo stream|datagram|descriptors\n", stderr);
        return 2;
    }
    const int type = serve == serve_datagram ? SOCK_DGRAM : SOCK_STREAM;
    const int own = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (own == -1)
        fail("socket");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "emilua-benchmark-%d", getpid());
    if (bind(own, (struct sockaddr*)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) == -1)
        fail("bind");
    if (type == SOCK_STREAM && listen(own, backlog) == -1)
        fail("listen");
    printf("port %d\n", getpid());
    fflush(stdout);

    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll == -1)
        fail("epoll_create1");
    watch(epoll, own);
    for (;;) {
        struct epoll_event events[batch];
        const int n = epoll_wait(epoll, events, batch, -1);
        if (n == -1 && errno != EINTR)
            fail("epoll_wait");
        for (int i = 0; i < n; ++i) {
            const int fd = events[i].data.fd;
            if (fd != own || type == SOCK_DGRAM) {
                serve(fd);
                continue;
            }
            int client;
            while ((client = accept4(own, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) != -1)
                watch(epoll, client);
        }
    }
}
