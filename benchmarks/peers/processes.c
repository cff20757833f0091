// SPDX-License-Identifier: MIT OR BSL-1.0
// Processes from their start to their end, each alone: /bin/true, and /bin/true by unshare(1) in six namespaces. Packets
// of 200 bytes to another process and back over a SOCK_SEQPACKET socket. `server`: copies of a fork server until the first
// packet from them comes, and `ready`: copies that were made before the clock starts.
#define _GNU_SOURCE
#include "frame.h"

#include <signal.h>
#include <sys/socket.h>

enum { most = 100000 };
static double times[most];

static void start(const char *name, char **arguments) {
    const double begin = now(), least = seconds();
    char *nothing[] = {NULL};
    int n = 0;
    do {
        const double t = now();
        ended(started(arguments[0], arguments, nothing));
        times[n++] = now() - t;
    } while (n < most && now() - begin < least);
    printf("%s %.1f us\n", name, median(times, n) * 1e6);
}

static void round_trips(void) {
    int ends[2];
    char packet[200] = "";
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == -1) fail("socketpair");
    const pid_t pid = fork();
    if (pid == -1) fail("fork");
    if (pid == 0) {
        close(ends[0]);
        while (recv(ends[1], packet, sizeof(packet), 0) > 0)
            if (send(ends[1], packet, sizeof(packet), MSG_NOSIGNAL) == -1) break;
        _exit(0);
    }
    close(ends[1]);
    const double begin = now(), least = seconds();
    long n = 0;
    do {
        if (send(ends[0], packet, sizeof(packet), 0) == -1) fail("send");
        if (recv(ends[0], packet, sizeof(packet), 0) == -1) fail("recv");
        n++;
    } while (now() - begin < least);
    printf("round_trips %.0f /s\n", (double)n / (now() - begin));
    close(ends[0]);
    waitpid(pid, NULL, 0);
}

// --- a fork server -----------------------------------------------------------

static void send_end(int to, int end) {
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr aligned;
    } along = {.bytes = ""};
    struct iovec word = {"", 1};
    struct msghdr m = {.msg_iov = &word, .msg_iovlen = 1, .msg_control = &along, .msg_controllen = sizeof(along)};
    struct cmsghdr *const c = CMSG_FIRSTHDR(&m);
    *c = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(c), &end, sizeof(end));
    if (sendmsg(to, &m, 0) == -1) fail("sendmsg");
}

static int received_end(int from) {
    char along[CMSG_SPACE(sizeof(int))], byte;
    struct iovec word = {&byte, 1};
    struct msghdr m = {.msg_iov = &word, .msg_iovlen = 1, .msg_control = along, .msg_controllen = sizeof(along)};
    int end;
    if (recvmsg(from, &m, 0) <= 0) _exit(0);
    memcpy(&end, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(end));
    return end;
}

// One thread, which copies itself for each socket that comes; the copy answers the first packet there.
static int started_server(void) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1) fail("socketpair");
    const pid_t pid = fork();
    if (pid == -1) fail("fork");
    if (pid != 0) {
        close(ends[1]);
        return ends[0];
    }
    close(ends[0]);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        const int end = received_end(ends[1]);
        if (fork() == 0) {
            char packet[200];
            if (recv(end, packet, sizeof(packet), 0) > 0) send(end, packet, sizeof(packet), MSG_NOSIGNAL);
            _exit(0);
        }
        close(end);
    }
}

static int asked(int server) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1) fail("socketpair");
    send_end(server, ends[1]);
    close(ends[1]);
    return ends[0];
}

static void first_packets(int ahead) {
    const int server = started_server();
    char packet[200] = "";
    const double begin = now(), least = seconds();
    int n = 0, next = -1;
    if (ahead) next = asked(server);
    do {
        const double t = now();
        const int one = ahead ? next : asked(server);
        if (send(one, packet, sizeof(packet), MSG_NOSIGNAL) == -1) fail("send");
        if (ahead) next = asked(server);
        if (recv(one, packet, sizeof(packet), 0) <= 0) fail("recv");
        times[n++] = now() - t;
        // Its end.
        while (recv(one, packet, sizeof(packet), 0) > 0) continue;
        close(one);
    } while (n < most && now() - begin < least);
    printf("bare %.1f us\n", median(times, n) * 1e6);
}

int main(int argc, char **argv) {
    if (argc > 1) {
        first_packets(strcmp(argv[1], "ready") == 0);
        return 0;
    }
    start("bare", (char *[]){"true", NULL});
    start("isolated", (char *[]){"unshare", "--user", "--pid", "--fork", "--mount", "--uts", "--ipc", "--net", "true",
                                 NULL});
    round_trips();
}
