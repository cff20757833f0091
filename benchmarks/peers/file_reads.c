// SPDX-License-Identifier: MIT OR BSL-1.0
// Reads of one file, as fast as they get: one after the other with read(2), as dd does, and 64 in flight with
// io_uring. file_reads FILE
#include <fcntl.h>
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { in_flight = 64, block = 4096, piece = 65536 };

static int fd;
static unsigned blocks;
static unsigned seed = 1;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static unsigned long long somewhere(void) {
    seed = seed * 1664525u + 1013904223u;
    return (unsigned long long)((seed >> 8) % blocks) * block;
}

static void fail(const char* what) {
    perror(what);
    exit(1);
}

static void in_order(long n) {
    static char buffer[piece];
    for (long i = 0; i < n; ++i) {
        const ssize_t got = read(fd, buffer, sizeof(buffer));
        if (got < 0) fail("read");
        if (got == 0) lseek(fd, 0, SEEK_SET);
    }
}

static struct io_uring ring;
static char buffers[in_flight][block];

static void ask(unsigned i) {
    struct io_uring_sqe* entry = io_uring_get_sqe(&ring);
    io_uring_prep_read(entry, fd, buffers[i], block, somewhere());
    entry->user_data = i;
}

static void anywhere(long n) {
    long asked = 0, answered = 0;
    for (; asked < in_flight && asked < n; ++asked) ask((unsigned)asked);
    while (answered < n) {
        if (io_uring_submit_and_wait(&ring, 1) < 0) fail("io_uring_enter");
        struct io_uring_cqe* entry;
        unsigned head, seen = 0;
        io_uring_for_each_cqe(&ring, head, entry) {
            if (entry->res != block) fail("io_uring");
            ++seen;
            ++answered;
            if (asked < n) {
                ++asked;
                ask((unsigned)entry->user_data);
            }
        }
        io_uring_cq_advance(&ring, seen);
    }
}

static void rate(const char* name, void (*body)(long)) {
    const char* text = getenv("BENCHMARK_SECONDS");
    const double least = text ? atof(text) : 0.5;
    for (long n = 64;; n *= 2) {
        const double begin = now();
        body(n);
        const double elapsed = now() - begin;
        if (elapsed < least) continue;
        printf("%s %.0f /s\n", name, (double)n / elapsed);
        return;
    }
}

int main(int argc, char** argv) {
    struct stat s;
    if (argc != 2 || (fd = open(argv[1], O_RDONLY)) < 0 || fstat(fd, &s) != 0) fail("open");
    blocks = (unsigned)(s.st_size / block);
    rate("sequential_64k", in_order);
    if (io_uring_queue_init(in_flight, &ring, 0) != 0) fail("io_uring_setup");
    rate("random_4k", anywhere);
    return 0;
}
