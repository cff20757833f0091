// SPDX-License-Identifier: MIT OR BSL-1.0
// The floor: system calls in a loop. Prints the CPU time of each.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { size = 65536 };

static int zero, null;
static char buffer[size];

static void call_getpid(void) { (void)getpid(); }
static void read_1(void) { (void)!read(zero, buffer, 1); }
static void read_64k(void) { (void)!read(zero, buffer, size); }
static void write_1(void) { (void)!write(null, buffer, 1); }
static void write_64k(void) { (void)!write(null, buffer, size); }

static void call_stat(void)
{
    struct stat st;
    (void)stat("/", &st);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void cost(const char* name, void (*body)(void), double least)
{
    for (long n = 64;; n *= 2) {
        const double begin = now();
        for (long i = 0; i < n; ++i)
            body();
        const double elapsed = now() - begin;
        if (elapsed >= least) {
            printf("%s %.3f ns\n", name, elapsed / (double)n * 1e9);
            return;
        }
    }
}

int main(void)
{
    const char* seconds = getenv("BENCHMARK_SECONDS");
    const double least = seconds ? atof(seconds) : 0.5;
    zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    cost("getpid", call_getpid, least);
    cost("read_1", read_1, least);
    cost("read_64k", read_64k, least);
    cost("write_1", write_1, least);
    cost("write_64k", write_64k, least);
    cost("stat", call_stat, least);
}
