// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/control_group.hpp"

#include <atomic>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

/// Whether `list` has `word`, between commas.
bool has(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (list.substr(0, comma) == word) return true;
        if (comma == list.npos) return false;
        list.remove_prefix(comma + 1);
    }
    return false;
}

/// The path of this process in the hierarchy of a controller of version 1, or
/// in that of version 2.
std::string own_path(bool second_version) {
    std::ifstream f{"/proc/self/cgroup"};
    for (std::string line; std::getline(f, line);) {
        const auto first = line.find(':'), second = line.find(':', first + 1);
        if (second == line.npos) continue;
        const auto controllers =
            std::string_view{line}.substr(first + 1, second - first - 1);
        if (second_version ? controllers.empty() : has(controllers, "pids"))
            return line.substr(second + 1);
    }
    return "/";
}

/// Folders in which a group that counts processes can be made.
std::vector<std::string> candidates() {
    std::vector<std::string> r;
    std::ifstream f{"/proc/self/mountinfo"};
    for (std::string line; std::getline(f, line);) {
        std::istringstream words{line};
        std::string skipped, root, at, word, type, source, options;
        words >> skipped >> skipped >> skipped >> root >> at;
        while (words >> word && word != "-")
            ;
        words >> type >> source >> options;
        const bool second = type == "cgroup2";
        if (!second && (type != "cgroup" || !has(options, "pids"))) continue;
        auto path = own_path(second);
        // What is mounted may be a part of the hierarchy.
        if (root != "/" && path.starts_with(root)) path.erase(0, root.size());
        r.push_back(path.empty() || path == "/" ? at : at + path);
    }
    return r;
}

bool write_number(const std::string& path, std::uint64_t n) {
    const unique_descriptor f{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    const auto text = std::to_string(n);
    return f && ::write(f.get(), text.data(), text.size()) ==
                    static_cast<ssize_t>(text.size());
}

/// The number behind `name` in a file of names and numbers; 0 without it.
std::uint64_t event_count(const std::string& path, std::string_view name) {
    std::ifstream f{path};
    std::string word;
    std::uint64_t n = 0;
    while (f >> word >> n)
        if (word == name) return n;
    return 0;
}

std::string next_name() {
    static std::atomic<unsigned> count = 0;
    std::string r{"/emilua-"};
    r += std::to_string(::getpid());
    r += '-';
    return r += std::to_string(count++);
}

} // namespace

control_group::control_group(std::uint64_t processes) {
    int error = ENOENT;
    for (const auto& above : candidates()) {
        const auto folder = above + next_name();
        if (::mkdir(folder.c_str(), 0700) == -1) {
            error = errno;
            continue;
        }
        entrance_ = unique_descriptor{
            ::open((folder + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC)};
        if (entrance_ && write_number(folder + "/pids.max", processes)) {
            folder_ = folder;
            return;
        }
        error = errno;
        entrance_.reset();
        ::rmdir(folder.c_str());
    }
    throw failure{error_code{error, boost::system::system_category()}, "mkdir"};
}

// The system's root is not counted by RLIMIT_NPROC; nor is, alone, whoever
// shares his user with other processes.
control_group control_group::for_limits(const confinement& c) {
    if (c.most.processes == 0 ||
        (c.on == foundation::namespaces && ::getuid() != 0))
        return {};
    return control_group{c.most.processes + init_processes};
}

group_refusals control_group::clear(int pidfd) noexcept {
    if (!exists()) return {};
    pollfd p{pidfd, POLLIN, 0};
    while (::poll(&p, 1, 1000) == -1 && errno == EINTR)
        ;
    // Files of both versions.
    const auto& f = folder_;
    const group_refusals r{
        event_count(f + "/memory.events", "oom_kill") +
                event_count(f + "/memory.oom_control", "oom_kill") >
            0,
        event_count(f + "/pids.events", "max") > 0};
    *this = {};
    return r;
}

control_group::~control_group() {
    if (!folder_.empty()) ::rmdir(folder_.c_str());
}

} // namespace emilua::sandbox
