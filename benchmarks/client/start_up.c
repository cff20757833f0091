// SPDX-License-Identifier: MIT OR BSL-1.0
// Runs a program several times, its output discarded, and prints medians: the time from spawn to exit,
// the CPU time and the peak memory. Kept small and in C: a child's peak memory counts what its parent had at the spawn.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { max_runs = 1000 };

static int ascending(const void* left, const void* right)
{
    const double a = *(const double*)left;
    const double b = *(const double*)right;
    return (a > b) - (a < b);
}

static double milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char** argv)
{
    extern char** environ;
    static double times[max_runs];
    static double cpu[max_runs];
    static double memory[max_runs];
    const int runs = argc > 2 ? atoi(argv[1]) : 0;
    if (runs < 1 || runs > max_runs) {
        fprintf(stderr, "usage: start_up RUNS PROGRAM [ARGUMENTS]\n");
        return 2;
    }

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    for (int i = 0; i < runs; ++i) {
        const double begin = milliseconds();
        pid_t pid;
        const int error = posix_spawnp(&pid, argv[2], &actions, NULL, argv + 2, environ);
        if (error) {
            fprintf(stderr, "start_up: %s: %s\n", argv[2], strerror(error));
            return 1;
        }
        int status;
        struct rusage usage;
        while (wait4(pid, &status, 0, &usage) == -1)
            if (errno != EINTR) {
                perror("start_up: wait4");
                return 1;
            }
        times[i] = milliseconds() - begin;
        cpu[i] = seconds(usage.ru_utime) * 1e3 + seconds(usage.ru_stime) * 1e3;
        memory[i] = (double)usage.ru_maxrss / 1024;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            fprintf(stderr, "start_up: %s failed\n", argv[2]);
            return 1;
        }
    }
    posix_spawn_file_actions_destroy(&actions);

    qsort(times, (size_t)runs, sizeof(double), ascending);
    qsort(cpu, (size_t)runs, sizeof(double), ascending);
    qsort(memory, (size_t)runs, sizeof(double), ascending);
    printf("start_up_time %.3f ms\n", times[runs / 2]);
    printf("start_up_cpu %.3f ms\n", cpu[runs / 2]);
    printf("start_up_memory %.2f MiB\n", memory[runs / 2]);
    return 0;
}
