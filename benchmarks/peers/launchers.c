// SPDX-License-Identifier: MIT OR BSL-1.0
// launchers WAY: starts /bin/true one after the other, from a process with BENCHMARK_THREADS threads and BENCHMARK_HEAP
// MiB of heap that it has written to. The ways: posix_spawn(3); `shared`, a clone(2) that uses this process's memory
// until the program begins; `copy`, one that has a copy of it; `server`, a small process made before, which is told over
// a socket what to start. The last three do what our launcher does: signals, descriptors, a pipe or a message for what
// fails, a pidfd.
#define _GNU_SOURCE
#include "frame.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>

extern char **environ;
enum { most = 100000, streams = 3, request_size = 65536 };
static char *const arguments[] = {"true", NULL};
static double calls[most], ends[most];

// --- a child by clone(2) ---------------------------------------------------------------------------------------------

struct image {
    char **environment;
    const int *fds;
    int report;
};

static int child(void *p) {
    const struct image *i = p;
    const unsigned long action[4] = {0}, none = 0;
    for (int n = 1; n <= 64; n++)
        if (n != SIGKILL && n != SIGSTOP) syscall(SYS_rt_sigaction, n, action, NULL, 8);
    const int report = fcntl(i->report, F_DUPFD_CLOEXEC, 10);
    syscall(SYS_close_range, 0U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
    for (int n = 0; n < streams; n++) {
        if (i->fds[n] == n)
            fcntl(n, F_SETFD, 0);
        else
            dup2(i->fds[n], n);
    }
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof(none));
    execve("/bin/true", arguments, i->environment);
    const int error = errno;
    if (write(report, &error, sizeof(error)) == -1) _exit(126);
    _exit(127);
}

static int start(struct image *i, int flags) {
    static char stack[32 * 1024] __attribute__((aligned(16)));
    int report[2], pidfd = -1;
    if (pipe2(report, O_CLOEXEC | O_NONBLOCK) == -1) fail("pipe2");
    i->report = report[1];
    const unsigned long all = ~0UL;
    unsigned long before;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof(all));
    if (clone(child, stack + sizeof(stack), flags | CLONE_VFORK | CLONE_PIDFD, i, &pidfd) == -1) fail("clone");
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof(before));
    close(report[1]);
    int error;
    if (read(report[0], &error, sizeof(error)) > 0) fail("/bin/true");
    close(report[0]);
    return pidfd;
}

static void await(int pidfd) {
    siginfo_t info;
    if (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | __WALL) == -1 || info.si_status != 0) fail("waitid");
    close(pidfd);
}

// --- the server ------------------------------------------------------------------------------------------------------

static void send_with(int socket, const void *bytes, size_t size, const int *fds, size_t n) {
    char control[CMSG_SPACE(8 * sizeof(int))] = {0};
    struct iovec part = {(void *)bytes, size};
    struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
    if (n > 0) {
        m.msg_control = control;
        m.msg_controllen = CMSG_SPACE(n * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(n * sizeof(int));
        memcpy(CMSG_DATA(c), fds, n * sizeof(int));
    }
    if (sendmsg(socket, &m, MSG_NOSIGNAL) == -1) fail("sendmsg");
}

static ssize_t receive_with(int socket, void *bytes, size_t size, int *fds, size_t n) {
    char control[CMSG_SPACE(8 * sizeof(int))];
    struct iovec part = {bytes, size};
    struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
    const ssize_t got = recvmsg(socket, &m, MSG_CMSG_CLOEXEC);
    const struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    if (c) memcpy(fds, CMSG_DATA(c), n * sizeof(int));
    return got;
}

/// Starts what it is told, gives its pidfd, and writes its status to the fourth descriptor of the request.
static void serve(int socket) {
    static char request[request_size];
    int running = -1, status = -1;
    for (;;) {
        struct pollfd ready[] = {{socket, POLLIN, 0}, {running, POLLIN, 0}};
        if (poll(ready, 2, -1) == -1) fail("poll");
        if (ready[1].revents) {
            siginfo_t info;
            if (waitid(P_PIDFD, (id_t)running, &info, WEXITED | __WALL) == -1) fail("waitid");
            if (write(status, &info.si_status, sizeof(int)) == -1) fail("write");
            close(running);
            close(status);
            running = -1;
        }
        if (!ready[0].revents) continue;
        int fds[streams + 1];
        const ssize_t n = receive_with(socket, request, sizeof(request), fds, streams + 1);
        if (n <= 0) return;
        char *environment[1024];
        size_t variables = 0;
        for (char *at = request; at < request + n && variables < 1023; at += strlen(at) + 1) environment[variables++] = at;
        environment[variables] = NULL;
        struct image image = {environment, fds, -1};
        running = start(&image, CLONE_VM);
        status = fds[streams];
        for (int i = 0; i < streams; i++) close(fds[i]);
        send_with(socket, "", 1, &running, 1);
    }
}

static int server(void) {
    int both[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, both) == -1) fail("socketpair");
    const pid_t pid = fork();
    if (pid == -1) fail("fork");
    if (pid != 0) {
        close(both[1]);
        return both[0];
    }
    dup2(both[1], 3);
    execl("/proc/self/exe", "launchers", "serve", NULL);
    fail("execl");
    return -1;
}

/// The descriptor that tells how the child ended.
static int ask(int socket) {
    static char request[request_size];
    size_t size = 0;
    for (char **v = environ; *v; v++) {
        const size_t n = strlen(*v) + 1;
        memcpy(request + size, *v, n);
        size += n;
    }
    int status[2], pidfd;
    if (pipe2(status, O_CLOEXEC) == -1) fail("pipe2");
    const int fds[] = {0, 1, 2, status[1]};
    send_with(socket, request, size, fds, 4);
    close(status[1]);
    char answer;
    if (receive_with(socket, &answer, 1, &pidfd, 1) != 1) fail("recvmsg");
    close(pidfd);
    return status[0];
}

// --- the measure -----------------------------------------------------------------------------------------------------

static void *rest(void *p) {
    for (;;) pause();
    return p;
}

int main(int argc, char **argv) {
    const char *way = argc > 1 ? argv[1] : "";
    if (strcmp(way, "serve") == 0) {
        serve(3);
        return 0;
    }
    const int socket = strcmp(way, "server") == 0 ? server() : -1;
    const char *last = heap();
    for (int n = atoi(getenv("BENCHMARK_THREADS")); n > 1; n--) {
        pthread_t t;
        if ((errno = pthread_create(&t, NULL, rest, NULL)) != 0) fail("pthread_create");
    }
    const double least = seconds(), begin = now();
    const int own[] = {0, 1, 2};
    int n = 0;
    do {
        const double before = now();
        if (strcmp(way, "posix_spawn") == 0) {
            const pid_t pid = started("/bin/true", arguments, environ);
            calls[n] = now() - before;
            ended(pid);
        } else if (socket != -1) {
            const int end = ask(socket);
            calls[n] = now() - before;
            int status;
            if (read(end, &status, sizeof(status)) != sizeof(status) || status != 0) fail("read");
            close(end);
        } else {
            struct image image = {environ, own, -1};
            const int pidfd = start(&image, strcmp(way, "shared") == 0 ? CLONE_VM : 0);
            calls[n] = now() - before;
            await(pidfd);
        }
        ends[n++] = now() - before;
    } while (n < most && now() - begin < least);
    printf("launch_call %.1f us\nlaunch_end %.1f us\n", median(calls, n) * 1e6, median(ends, n) * 1e6);
    return *last != 1;
}
