// SPDX-License-Identifier: MIT OR BSL-1.0
// Processes from their start to their end, each alone: /bin/true, and /bin/true by unshare(1) in six namespaces. Packets
// of 200 bytes to another process and back over a SOCK_SEQPACKET socket.
#define _GNU_SOURCE
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { most = 100000 };
static double least;
static double times[most];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int earlier(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// The median, because what disturbs a start makes it ten times as long.
static void start(const char *name, char **arguments) {
    const double begin = now();
    int n = 0;
    do {
        const double t = now();
        pid_t pid;
        int status;
        char *nothing[] = {NULL};
        if ((errno = posix_spawnp(&pid, arguments[0], NULL, NULL, arguments, nothing)) != 0) fail("posix_spawnp");
        if (waitpid(pid, &status, 0) == -1 || status != 0) fail(arguments[0]);
        times[n++] = now() - t;
    } while (n < most && now() - begin < least);
    qsort(times, (size_t)n, sizeof(times[0]), earlier);
    printf("%s %.1f us\n", name, times[n / 2] * 1e6);
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
    const double begin = now();
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
    const char *seconds = getenv("BENCHMARK_SECONDS");
    least = seconds ? atof(seconds) : 0.5;
    start("bare", (char *[]){"true", NULL});
    start("isolated", (char *[]){"unshare", "--user", "--pid", "--fork", "--mount", "--uts", "--ipc", "--net", "true",
                                 NULL});
    round_trips();
}
