// SPDX-License-Identifier: MIT OR BSL-1.0
// The floor for UDP: answers each datagram with it. Its argument says how many one system call takes: "one", recvfrom(2)
// and sendto(2), or "many", recvmmsg(2) and sendmmsg(2), for what that gives. Prints "port N".
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { buffer_size = 16384, most = 64 };

static char buffers[most][buffer_size];
static struct sockaddr_in peers[most];
static struct iovec pieces[most];
static struct mmsghdr messages[most];

static void fail(const char* what)
{
    perror(what);
    exit(1);
}

static void serve_one(int fd)
{
    for (;;) {
        socklen_t size = sizeof(peers[0]);
        const ssize_t n = recvfrom(fd, buffers[0], buffer_size, 0, (struct sockaddr*)&peers[0], &size);
        if (n == -1 && errno == EAGAIN)
            return;
        if (n == -1)
            fail("recvfrom");
        // Its client may have gone.
        if (sendto(fd, buffers[0], (size_t)n, 0, (struct sockaddr*)&peers[0], size) == -1 && errno != ECONNREFUSED)
            fail("sendto");
    }
}

static void serve_many(int fd)
{
    for (;;) {
        for (int i = 0; i < most; ++i) {
            pieces[i] = (struct iovec){buffers[i], buffer_size};
            messages[i].msg_hdr = (struct msghdr){
                .msg_name = &peers[i], .msg_namelen = sizeof(peers[i]), .msg_iov = &pieces[i], .msg_iovlen = 1};
        }
        const int n = recvmmsg(fd, messages, most, MSG_DONTWAIT, NULL);
        if (n == -1 && errno == EAGAIN)
            return;
        if (n == -1)
            fail("recvmmsg");
        for (int i = 0; i < n; ++i)
            pieces[i].iov_len = messages[i].msg_len;
        for (int sent = 0; sent < n;) {
            const int some = sendmmsg(fd, messages + sent, (unsigned)(n - sent), 0);
            if (some == -1 && errno != ECONNREFUSED)
                fail("sendmmsg");
            sent += some == -1 ? 1 : some;
        }
        if (n < most)
            return;
    }
}

int main(int argc, char** argv)
{
    const char* const how = argc > 1 ? argv[1] : "one";
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd == -1)
        fail("socket");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    if (bind(fd, (struct sockaddr*)&address, size) == -1)
        fail("bind");
    if (getsockname(fd, (struct sockaddr*)&address, &size) == -1)
        fail("getsockname");
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);

    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    if (epoll == -1 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == -1)
        fail("epoll");
    for (;;) {
        if (epoll_wait(epoll, &event, 1, -1) == -1 && errno != EINTR)
            fail("epoll_wait");
        if (strcmp(how, "many") == 0)
            serve_many(fd);
        else
            serve_one(fd);
    }
}
