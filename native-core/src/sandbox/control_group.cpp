// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/control_group.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

/// Who is killed in one go: each takes a descriptor.
constexpr std::size_t most_at_once = 64;

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

/// A line of /proc/self/cgroup.
struct membership {
    /// "" is version 2.
    std::string controllers;
    std::string path;
};

std::vector<membership> memberships(std::istream& groups) {
    std::vector<membership> r;
    for (std::string line; std::getline(groups, line);) {
        const auto first = line.find(':'), second = line.find(':', first + 1);
        if (second == line.npos) continue;
        r.push_back({line.substr(first + 1, second - first - 1),
                     line.substr(second + 1)});
    }
    return r;
}

/// Whether who runs as the system's root may make groups there, too: systemd
/// says so. For others the permissions do.
bool is_delegated(const std::string& folder) {
    char text[2];
    return ::geteuid() != 0 || (::getxattr(folder.c_str(), "user.delegate",
                                           text, sizeof(text)) == 1 &&
                                text[0] == '1');
}

/// Those of a hierarchy that is mounted at `at`, from the group `path` of it
/// on, as seen from there.
void add_places(std::vector<group_place>& to, const std::string& at,
                std::string path, const group_place& like) {
    if (path == "/") path.clear();
    auto place = like;
    place.folder = at + path;
    to.push_back(place);
    if (!like.second_version) return;
    while (!path.empty()) {
        path.erase(path.rfind('/'));
        place.folder = at + path;
        if (!is_delegated(place.folder)) return;
        to.push_back(place);
    }
}

bool write_text(const std::string& path, std::string_view text) {
    const unique_descriptor f{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    return f && ::write(f.get(), text.data(), text.size()) ==
                    static_cast<ssize_t>(text.size());
}

bool write_number(const std::string& path, std::uint64_t n) {
    return write_text(path, std::to_string(n));
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

/// Groups below one of version 2 have the controllers that it gives them. What
/// it cannot give is missing then.
void enable(const std::string& folder, const group_limits& limits) {
    const auto control = folder + "/cgroup.subtree_control";
    std::ifstream f{control};
    bool memory = limits.memory == 0, processes = limits.processes == 0;
    for (std::string word; f >> word;) {
        memory = memory || word == "memory";
        processes = processes || word == "pids";
    }
    std::string missing;
    if (!memory) missing = "+memory";
    if (!processes) missing += missing.empty() ? "+pids" : " +pids";
    if (!missing.empty()) write_text(control, missing);
}

std::string next_name() {
    static std::atomic<unsigned> count = 0;
    std::string r{"/emilua-"};
    r += std::to_string(::getpid());
    r += '-';
    return r += std::to_string(count++);
}

/// Calls `f` with each group that is a sandbox's, and the process that made it.
template <class F>
void for_each_group(const std::vector<group_place>& places, F f) {
    std::error_code ec;
    for (const auto& place : places)
        for (const auto& e :
             std::filesystem::directory_iterator{place.folder, ec}) {
            pid_t pid = 0;
            if (std::sscanf(e.path().filename().c_str(), "emilua-%d-", &pid) ==
                1)
                f(e.path().native(), pid);
        }
}

[[noreturn]] void refuse(int error) {
    throw failure{error_code{error, boost::system::system_category()}, "mkdir"};
}

int error_of(const group_limits& limits) {
    try {
        const control_group g{limits};
        return 0;
    } catch (const failure& f) {
        return f.code.value();
    }
}

} // namespace

std::vector<group_place> group_places(std::istream& groups,
                                      std::istream& mounts) {
    const auto own = memberships(groups);
    std::vector<group_place> r;
    for (std::string line; std::getline(mounts, line);) {
        std::istringstream words{line};
        std::string skipped, root, at, word, type, source, options;
        words >> skipped >> skipped >> skipped >> root >> at;
        while (words >> word && word != "-")
            ;
        words >> type >> source >> options;
        group_place place;
        place.second_version = type == "cgroup2";
        if (!place.second_version && type != "cgroup") continue;
        for (const auto& m : own) {
            if (place.second_version != m.controllers.empty()) continue;
            place.memory =
                place.second_version ||
                (has(options, "memory") && has(m.controllers, "memory"));
            place.processes =
                place.second_version ||
                (has(options, "pids") && has(m.controllers, "pids"));
            if (!place.memory && !place.processes) continue;
            // What is mounted may be a part of the hierarchy.
            auto path = m.path;
            if (root != "/" && path.starts_with(root))
                path.erase(0, root.size());
            add_places(r, at, std::move(path), place);
        }
    }
    return r;
}

std::vector<group_place> group_places() {
    std::ifstream groups{"/proc/self/cgroup"}, mounts{"/proc/self/mountinfo"};
    return group_places(groups, mounts);
}

control_group::part::part(std::string f, bool second)
    : folder{std::move(f)}, second_version{second} {
    if (::mkdir(folder.c_str(), 0700) == -1) {
        const int error = errno;
        folder.clear();
        refuse(error);
    }
    // Of version 1, a thread that moves itself alone is waited for by nobody.
    const char* const file = second_version ? "/cgroup.procs" : "/tasks";
    entrance = unique_descriptor{
        ::open((folder + file).c_str(), O_WRONLY | O_CLOEXEC)};
    if (entrance) return;
    const int error = errno;
    ::rmdir(std::exchange(folder, {}).c_str());
    refuse(error);
}

control_group::part::~part() {
    if (!folder.empty()) ::rmdir(folder.c_str());
}

/// Whether nobody was in it any more.
bool control_group::part::remove() noexcept {
    if (::rmdir(folder.c_str()) == -1 && errno == EBUSY) return false;
    folder.clear();
    return true;
}

void control_group::part::kill() const noexcept {
    if (second_version && write_text(folder + "/cgroup.kill", "1")) return;
    const auto path = folder + "/cgroup.procs";
    std::map<pid_t, unique_descriptor> processes;
    std::ifstream first{path};
    for (pid_t pid = 0; processes.size() < most_at_once && first >> pid;)
        processes.emplace(pid,
                          static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    // The number may be another one's by now, but not that of who was opened
    // and still is in the group.
    std::ifstream second{path};
    for (pid_t pid = 0; second >> pid;)
        if (const auto p = processes.find(pid); p != processes.end())
            ::syscall(SYS_pidfd_send_signal, p->second.get(), SIGKILL, nullptr,
                      0);
}

/// 0, or the errno of what it cannot be held to.
int control_group::hold(const part& p, const group_limits& limits) {
    const auto& f = p.folder;
    if (limits.processes != 0 &&
        !write_number(f + "/pids.max", limits.processes))
        return errno;
    if (limits.memory == 0) return 0;
    // What is swapped out counts, where the kernel knows it.
    const auto optional = [](bool written) {
        return written || errno == ENOENT;
    };
    if (p.second_version)
        return write_number(f + "/memory.max", limits.memory) &&
                       optional(write_number(f + "/memory.swap.max", 0))
                   ? 0
                   : errno;
    return write_number(f + "/memory.limit_in_bytes", limits.memory) &&
                   optional(write_number(f + "/memory.memsw.limit_in_bytes",
                                         limits.memory))
               ? 0
               : errno;
}

control_group::control_group(const group_limits& limits,
                             const std::vector<group_place>& places) {
    auto left = limits;
    int error = ENOENT;
    for (const auto& place : places) {
        if (!left.any()) break;
        const group_limits here{place.memory ? left.memory : 0,
                                place.processes ? left.processes : 0};
        if (!here.any()) continue;
        try {
            if (place.second_version) enable(place.folder, here);
            part p{place.folder + next_name(), place.second_version};
            if (const int failed = hold(p, here); failed != 0) {
                error = failed;
                continue;
            }
            parts_.push_back(std::move(p));
        } catch (const failure& f) {
            error = f.code.value();
            continue;
        }
        if (here.memory != 0) left.memory = 0;
        if (here.processes != 0) left.processes = 0;
    }
    if (left.any()) refuse(error);
    limits_memory_ = limits.memory != 0;
}

// The system's root is not counted by RLIMIT_NPROC; nor is, alone, whoever
// shares his user with other processes.
control_group control_group::for_limits(const confinement& c) {
    const bool counts = c.most.processes != 0 &&
                        (c.on == foundation::process || ::getuid() == 0);
    const auto scope = c.most.counted;
    const group_limits limits{scope == memory_scope::process
                                  ? 0
                                  : std::max(c.most.memory, c.most.data),
                              counts ? c.most.processes + init_processes : 0};
    if (!limits.any()) return {};
    static std::once_flag once;
    std::call_once(once, [] { remove_left_groups(group_places()); });
    if (limits.memory == 0 || scope == memory_scope::sandbox)
        return control_group{limits};
    try {
        if (probe_groups().memory == 0) return control_group{limits};
    } catch (const failure&) {
        // Without it, then.
    }
    if (limits.processes == 0) return {};
    return control_group{{0, limits.processes}};
}

void remove_left_groups(const std::vector<group_place>& places) {
    constexpr std::time_t minute = 60;
    for_each_group(places, [](const std::string& folder, pid_t pid) {
        struct stat st;
        if (::kill(pid, 0) == -1 && errno == ESRCH &&
            ::stat(folder.c_str(), &st) == 0 &&
            st.st_mtime <= std::time(nullptr) - minute)
            // One that has processes stays.
            ::rmdir(folder.c_str());
    });
}

void remove_groups_of(pid_t pid, const std::vector<group_place>& places) {
    for_each_group(places, [=](const std::string& folder, pid_t by) {
        if (by == pid) ::rmdir(folder.c_str());
    });
}

std::vector<int> control_group::entrances() const {
    std::vector<int> r;
    for (const auto& p : parts_) r.push_back(p.entrance.get());
    return r;
}

void control_group::close_entrances() noexcept {
    for (auto& p : parts_) p.entrance.reset();
}

std::optional<std::uint64_t> control_group::memory() const {
    for (const auto& p : parts_) {
        std::ifstream f{p.folder + (p.second_version
                                        ? "/memory.current"
                                        : "/memory.usage_in_bytes")};
        if (std::uint64_t n = 0; f >> n) return n;
    }
    return std::nullopt;
}

group_refusals control_group::clear(int pidfd) noexcept {
    if (!exists()) return {};
    using clock = std::chrono::steady_clock;
    const auto deadline = clock::now() + std::chrono::seconds{1};
    pollfd ended{pidfd, POLLIN, 0};
    while (::poll(&ended, 1, 1000) == -1 && errno == EINTR)
        ;
    group_refusals r;
    for (const auto& p : parts_) {
        const auto events =
            p.second_version ? "/memory.events" : "/memory.oom_control";
        if (event_count(p.folder + events, "oom_kill") > 0) r.memory = true;
        if (event_count(p.folder + "/pids.events", "max") > 0)
            r.processes = true;
    }
    // Those whom the kernel killed for their memory give it back first, and an
    // init that was killed has not ended the others.
    for (auto& p : parts_)
        while (!p.remove() && clock::now() < deadline) {
            p.kill();
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    parts_.clear();
    return r;
}

const group_abilities& probe_groups() {
    static const group_abilities a{error_of({.memory = std::uint64_t{1} << 40}),
                                   error_of({.processes = 1})};
    return a;
}

} // namespace emilua::sandbox
