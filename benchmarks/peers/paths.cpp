// SPDX-License-Identifier: MIT OR BSL-1.0
// The same with std::filesystem::path.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace {

double now() {
    timespec t;
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

template <class F> void rate(const char* name, F f) {
    const char* text = std::getenv("BENCHMARK_SECONDS");
    const double least = text ? std::atof(text) : 0.5;
    for (long n = 64;; n *= 2) {
        const double begin = now();
        for (long i = 0; i < n; ++i) f();
        const double elapsed = now() - begin;
        if (elapsed < least) continue;
        std::printf("%s %.0f /s\n", name, static_cast<double>(n) / elapsed);
        return;
    }
}

} // namespace

int main() {
    const std::filesystem::path base{"/srv/site/pages"};
    const auto p = base / "a/../b.txt";
    std::size_t sink = 0;
    rate("path_join", [&] { sink += (base / "a/../b.txt").native().size(); });
    rate("path_normal", [&] { sink += p.lexically_normal().native().size(); });
    rate("path_parts", [&] {
        sink += p.parent_path().native().size() + p.extension().native().size();
    });
    rate("path_relative",
         [&] { sink += p.lexically_relative(base).native().size(); });
    return sink == 0;
}
