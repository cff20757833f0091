// SPDX-License-Identifier: MIT OR BSL-1.0
// Bare states of LuaJIT with their libraries. With BENCHMARK_PARKED it opens as many, says so and stays, for its memory
// to be read from outside; otherwise it prints what one costs from its creation to its end.
#define _GNU_SOURCE
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static lua_State* make(void)
{
    lua_State* L = luaL_newstate();
    if (!L) exit(1);
    luaL_openlibs(L);
    return L;
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void park(int count)
{
    for (int i = 0; i < count; ++i) lua_gc(make(), LUA_GCCOLLECT, 0);
    printf("parked %d\n", count);
    fflush(stdout);
    for (;;) pause();
}

int main(void)
{
    const char* parked = getenv("BENCHMARK_PARKED");
    if (parked) park(atoi(parked));
    const char* seconds = getenv("BENCHMARK_SECONDS");
    const double least = seconds ? atof(seconds) : 0.5;
    for (long n = 64;; n *= 2) {
        const double begin = cpu_seconds();
        for (long i = 0; i < n; ++i) lua_close(make());
        const double elapsed = cpu_seconds() - begin;
        if (elapsed >= least) {
            printf("vm_time %.3f ns\n", elapsed / (double)n * 1e9);
            return 0;
        }
    }
}
