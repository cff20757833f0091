// SPDX-License-Identifier: MIT OR BSL-1.0
// The floor: a level-triggered epoll loop that answers each read with one write. Prints "port N".
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { buffer_size = 16384, backlog = 4096, batch = 256 };

// What could not be written yet; most connections never have any.
struct connection {
    int fd;
    size_t begin;
    size_t end;
    char buffer[buffer_size];
};

static void fail(const char* what)
{
    perror(what);
    exit(1);
}

static void watch(int epoll, int operation, int fd, uint32_t events, void* data)
{
    struct epoll_event event = {.events = events, .data.ptr = data};
    if (epoll_ctl(epoll, operation, fd, &event) == -1)
        fail("epoll_ctl");
}

static void accept_all(int epoll, int listener)
{
    for (;;) {
        const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd == -1) {
            if (errno == EAGAIN)
                return;
            if (errno == ECONNABORTED || errno == EINTR)
                continue;
            fail("accept4");
        }
        const int on = 1;
        if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == -1)
            fail("setsockopt");
        struct connection* c = malloc(sizeof(*c));
        if (!c)
            fail("malloc");
        c->fd = fd;
        c->begin = c->end = 0;
        watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, c);
    }
}

// Returns whether the connection lives on.
static int flush(int epoll, struct connection* c)
{
    while (c->begin < c->end) {
        const ssize_t n = send(c->fd, c->buffer + c->begin, c->end - c->begin, MSG_NOSIGNAL);
        if (n == -1) {
            if (errno != EAGAIN)
                return 0;
            watch(epoll, EPOLL_CTL_MOD, c->fd, EPOLLOUT, c);
            return 1;
        }
        c->begin += (size_t)n;
    }
    return 1;
}

static int serve(int epoll, struct connection* c, uint32_t events)
{
    if (c->begin < c->end) {
        if (!flush(epoll, c))
            return 0;
        if (c->begin == c->end)
            watch(epoll, EPOLL_CTL_MOD, c->fd, EPOLLIN, c);
        return 1;
    }
    if (!(events & EPOLLIN))
        return 0;
    const ssize_t n = recv(c->fd, c->buffer, sizeof(c->buffer), 0);
    if (n == -1)
        return errno == EAGAIN || errno == EINTR;
    if (n == 0)
        return 0;
    c->begin = 0;
    c->end = (size_t)n;
    return flush(epoll, c);
}

int main(void)
{
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener == -1)
        fail("socket");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    if (bind(listener, (struct sockaddr*)&address, length) == -1)
        fail("bind");
    if (listen(listener, backlog) == -1)
        fail("listen");
    if (getsockname(listener, (struct sockaddr*)&address, &length) == -1)
        fail("getsockname");
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);

    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll == -1)
        fail("epoll_create1");
    watch(epoll, EPOLL_CTL_ADD, listener, EPOLLIN, NULL);
    for (;;) {
        struct epoll_event events[batch];
        const int n = epoll_wait(epoll, events, batch, -1);
        if (n == -1 && errno != EINTR)
            fail("epoll_wait");
        for (int i = 0; i < n; ++i) {
            struct connection* c = events[i].data.ptr;
            if (!c) {
                accept_all(epoll, listener);
            } else if (!serve(epoll, c, events[i].events)) {
                close(c->fd);
                free(c);
            }
        }
    }
}
