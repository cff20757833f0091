// SPDX-License-Identifier: MIT OR BSL-1.0
#include "process_cpu.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace emilua::benchmark {

double process_cpu(pid_t pid)
{
    const auto tasks = std::filesystem::path{"/proc"} / std::to_string(pid) / "task";
    double total = 0;
    bool seen = false;
    for (const auto& task : std::filesystem::directory_iterator{tasks}) {
        std::ifstream file{task.path() / "schedstat"};
        double nanoseconds;
        // A thread may end between its being listed and being read.
        if (file >> nanoseconds) {
            total += nanoseconds;
            seen = true;
        }
    }
    if (!seen)
        throw std::runtime_error{"no readable schedstat under " + tasks.string()};
    return total;
}

double resident_kib(pid_t pid)
{
    std::ifstream file{std::filesystem::path{"/proc"} / std::to_string(pid) / "statm"};
    double all, resident;
    if (!(file >> all >> resident))
        throw std::runtime_error{"no readable statm of " + std::to_string(pid)};
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024;
}

} // namespace emilua::benchmark
