// SPDX-License-Identifier: MIT OR BSL-1.0
// What a test sees of other processes.
#pragma once

#include "test_vm.hpp"

#include <emilua/unique_descriptor.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::test {

/// Of a process that was reaped meanwhile, nothing: iterators over what cannot
/// be read throw.
inline std::string read(const std::filesystem::path& p) {
    std::ifstream f{p};
    std::ostringstream text;
    text << f.rdbuf();
    return text.str();
}

inline std::filesystem::path of(pid_t pid, const char* what) {
    return std::filesystem::path{"/proc"} / std::to_string(pid) / what;
}

inline std::set<pid_t> children_of(pid_t pid) {
    std::ifstream f{of(pid, "task") / std::to_string(pid) / "children"};
    std::set<pid_t> r;
    for (pid_t one; f >> one;) r.insert(one);
    return r;
}

/// The processes that this one has started and not reaped.
inline std::set<pid_t> own_children() { return children_of(::getpid()); }

inline unique_descriptor pidfd_of(pid_t pid) {
    return unique_descriptor{
        static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
}

inline void wait_for_end(int pidfd) {
    pollfd p{pidfd, POLLIN, 0};
    CHECK(::poll(&p, 1, 20'000) == 1);
}

/// What they are, in order; nothing where that is not to be seen.
inline std::vector<std::string> descriptors_of(pid_t pid) {
    std::vector<std::string> r;
    std::error_code gone;
    for (const auto& e :
         std::filesystem::directory_iterator{of(pid, "fd"), gone})
        r.push_back(std::filesystem::read_symlink(e.path(), gone));
    std::ranges::sort(r);
    return r;
}

/// What a guest was told is in no process but its own.
inline bool has_in_memory(pid_t pid, const std::string& text) {
    std::ifstream maps{of(pid, "maps")};
    const unique_descriptor memory{
        ::open(of(pid, "mem").c_str(), O_RDONLY | O_CLOEXEC)};
    CHECK(memory.get() != -1);
    std::string bytes;
    for (std::string line; std::getline(maps, line);) {
        std::uint64_t from = 0, to = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx r", &from, &to) != 2) continue;
        // The shadow of a sanitizer.
        if (to - from > std::uint64_t{64} * 1024 * 1024) continue;
        bytes.resize(to - from);
        const auto n = ::pread(memory.get(), bytes.data(), bytes.size(),
                               static_cast<off_t>(from));
        if (n > 0 && bytes.substr(0, static_cast<std::size_t>(n)).find(text) !=
                         std::string::npos)
            return true;
    }
    return false;
}

} // namespace emilua::test
