// SPDX-License-Identifier: MIT OR BSL-1.0
// What peers that start processes have in common.
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static inline double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline void fail(const char *what) {
    perror(what);
    exit(1);
}

/// How long to measure.
static inline double seconds(void) {
    const char *s = getenv("BENCHMARK_SECONDS");
    return s ? atof(s) : 0.5;
}

/// BENCHMARK_HEAP MiB that were written to; the last byte of them, for who returns that nobody left them out.
static inline const char *heap(void) {
    const size_t size = (size_t)atol(getenv("BENCHMARK_HEAP")) << 20;
    char *all = malloc(size);
    memset(all, 1, size);
    return all + size - 1;
}

static inline pid_t started(const char *program, char *const *arguments, char *const *environment) {
    pid_t pid;
    if ((errno = posix_spawnp(&pid, program, NULL, NULL, arguments, environment)) != 0) fail(program);
    return pid;
}

static inline void ended(pid_t pid) {
    int status;
    if (waitpid(pid, &status, 0) == -1 || status != 0) fail("waitpid");
}

static inline int earlier(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// Because what disturbs a start makes it ten times as long.
static inline double median(double *all, int n) {
    qsort(all, (size_t)n, sizeof(*all), earlier);
    return all[n / 2];
}
