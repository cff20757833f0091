// SPDX-License-Identifier: MIT OR BSL-1.0
// Small datagrams one after the other, 64 to a socket of one's own and then out of it: by a system call each, by
// sendmmsg(2) and recvmmsg(2), and cut by the kernel (UDP_SEGMENT) and joined by it (UDP_GRO). Its argument says which:
// "one", "many" or "segments". CPU of this process; sent and received are timed apart.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

enum { size = 64, burst = 64 };

static char bytes[burst * size];
static char received[burst][size], joined[65536];

static void fail(const char* what)
{
    perror(what);
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void send_one(int fd)
{
    for (int i = 0; i < burst; ++i)
        if (send(fd, bytes + i * size, size, 0) != size)
            fail("send");
}

static void receive_one(int fd)
{
    for (int i = 0; i < burst; ++i)
        if (recv(fd, received[i], size, 0) != size)
            fail("recv");
}

static void prepare(struct mmsghdr* messages, struct iovec* pieces, char* data)
{
    for (int i = 0; i < burst; ++i) {
        pieces[i] = (struct iovec){data + i * size, size};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &pieces[i], .msg_iovlen = 1};
    }
}

static void send_many(int fd)
{
    struct mmsghdr messages[burst];
    struct iovec pieces[burst];
    prepare(messages, pieces, bytes);
    if (sendmmsg(fd, messages, burst, 0) != burst)
        fail("sendmmsg");
}

static void receive_many(int fd)
{
    struct mmsghdr messages[burst];
    struct iovec pieces[burst];
    prepare(messages, pieces, received[0]);
    if (recvmmsg(fd, messages, burst, 0, NULL) != burst)
        fail("recvmmsg");
}

static void send_segments(int fd)
{
    // The kernel cuts it into pieces of `size`.
    if (send(fd, bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        fail("send");
}

static void receive_segments(int fd)
{
    for (ssize_t got = 0; got < (ssize_t)sizeof(bytes);) {
        const ssize_t n = recv(fd, joined, sizeof(joined), 0);
        if (n <= 0)
            fail("recv");
        got += n;
    }
}

int main(int argc, char** argv)
{
    const char* const how = argc > 1 ? argv[1] : "one";
    const int segments = strcmp(how, "segments") == 0, many = strcmp(how, "many") == 0;
    const int to = socket(AF_INET, SOCK_DGRAM, 0), from = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    if (to == -1 || from == -1 || bind(to, (struct sockaddr*)&address, length) == -1 ||
        getsockname(to, (struct sockaddr*)&address, &length) == -1 || connect(from, (struct sockaddr*)&address, length) == -1)
        fail("socket");
    const int each = size, on = 1;
    if (segments && (setsockopt(from, IPPROTO_UDP, UDP_SEGMENT, &each, sizeof(each)) == -1 ||
                     setsockopt(to, IPPROTO_UDP, UDP_GRO, &on, sizeof(on)) == -1))
        fail("setsockopt");

    const char* const given = getenv("BENCHMARK_SECONDS");
    const double seconds = given ? atof(given) : 0.5, begun = now();
    double sending = 0, receiving = 0;
    long n = 0;
    do {
        const double a = now();
        segments ? send_segments(from) : many ? send_many(from) : send_one(from);
        const double b = now();
        segments ? receive_segments(to) : many ? receive_many(to) : receive_one(to);
        const double c = now();
        sending += b - a;
        receiving += c - b;
        n += burst;
    } while (now() - begun < seconds);
    printf("sent %.1f ns\nreceived %.1f ns\n", sending * 1e9 / (double)n, receiving * 1e9 / (double)n);
}
