// SPDX-License-Identifier: MIT OR BSL-1.0
// spawn true: posix_spawn(3) of /bin/true and waitpid(2), one after the other and 8 in flight, with BENCHMARK_HEAP MiB
// of heap. spawn cat: writes to `cat` and reads what it writes. With FOR_NODE it is an addon whose `run` does the first.
#define _GNU_SOURCE
#include "frame.h"

#include <fcntl.h>
#include <poll.h>

extern char **environ;
static void rate(const char *name, int in_flight) {
    char *arguments[] = {"true", NULL};
    const double begin = now(), least = seconds();
    long n = 0;
    int running = 0;
    do {
        while (running < in_flight) {
            started("/bin/true", arguments, environ);
            running++;
        }
        int status;
        if (waitpid(-1, &status, 0) == -1 || status != 0) fail("waitpid");
        running--;
        n++;
    } while (now() - begin < least);
    for (; running > 0; running--, n++)
        if (waitpid(-1, NULL, 0) == -1) fail("waitpid");
    printf("%s %.0f /s\n", name, (double)n / (now() - begin));
}

static void through_cat(void) {
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)) fail("pipe2");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    char *arguments[] = {"cat", NULL};
    pid_t pid;
    if ((errno = posix_spawn(&pid, "/bin/cat", &actions, NULL, arguments, environ)) != 0) fail("posix_spawn");
    close(in[0]);
    close(out[1]);
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    static char block[65536], buffer[65536];
    const double begin = now(), least = seconds();
    double size = 0;
    struct pollfd ends[] = {{out[0], POLLIN, 0}, {in[1], POLLOUT, 0}};
    for (int writing = 1;;) {
        if (poll(ends, writing ? 2 : 1, -1) == -1) fail("poll");
        if (writing && ends[1].revents) {
            if (write(in[1], block, sizeof(block)) == -1 && errno != EAGAIN) fail("write");
            if (now() - begin >= least) {
                close(in[1]);
                writing = 0;
            }
        }
        if (!ends[0].revents) continue;
        const ssize_t n = read(out[0], buffer, sizeof(buffer));
        if (n == 0) break;
        if (n > 0) size += (double)n;
    }
    printf("cat %.0f MB/s\n", size / (now() - begin) / 1e6);
    waitpid(pid, NULL, 0);
}

#ifdef FOR_NODE
#include <node_api.h>

static napi_value run(napi_env env, napi_callback_info info) {
    (void)env, (void)info, (void)through_cat;
    rate("spawn_1", 1);
    rate("spawn_8", 8);
    fflush(stdout);
    return NULL;
}

NAPI_MODULE_INIT() {
    napi_value f;
    napi_create_function(env, "run", NAPI_AUTO_LENGTH, run, NULL, &f);
    napi_set_named_property(env, exports, "run", f);
    return exports;
}
#else
int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "cat") == 0) {
        through_cat();
        return 0;
    }
    const char *last = heap();
    rate("spawn_1", 1);
    rate("spawn_8", 8);
    return *last != 1;
}
#endif
