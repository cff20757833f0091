// SPDX-License-Identifier: MIT OR BSL-1.0
// Processes from their start to their end, each alone: /bin/true, and /bin/true by unshare(1) in six namespaces. Packets
// of 200 bytes to another process and back over a SOCK_SEQPACKET socket.
#define _GNU_SOURCE
#include "frame.h"

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

int main(void) {
    start("bare", (char *[]){"true", NULL});
    start("isolated", (char *[]){"unshare", "--user", "--pid", "--fork", "--mount", "--uts", "--ipc", "--net", "true",
                                 NULL});
    round_trips();
}
