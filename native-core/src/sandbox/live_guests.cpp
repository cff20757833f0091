// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/live_guests.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <mutex>
#include <sstream>

#include <unistd.h>

namespace emilua::sandbox {

namespace {

struct entry {
    std::weak_ptr<guest_owner> owner;
    live_guest guest;
};

std::mutex mutex;
std::vector<entry> entries;

/// What stat(5) has of one process.
struct usage {
    std::uint64_t ticks = 0, pages = 0;
};

std::optional<usage> usage_of(const std::string& process) {
    std::ifstream f{process + "/stat"};
    std::string text;
    std::getline(f, text);
    // The name, before, is anything.
    const auto end = text.rfind(')');
    if (end == text.npos) return std::nullopt;
    std::istringstream words{text.substr(end + 1)};
    std::string skipped;
    constexpr int before_times = 11, between = 5;
    for (int n = 0; n < before_times; ++n) words >> skipped;
    usage u;
    for (int n = 0; n < 4; ++n) {
        std::uint64_t time = 0;
        words >> time;
        u.ticks += time;
    }
    for (int n = 0; n < between; ++n) words >> skipped;
    std::uint64_t size = 0;
    words >> size >> u.pages;
    return u;
}

/// Adds those of a process and all below it. False where /proc hides one that
/// is there.
bool add_usage(pid_t pid, usage& to) {
    const auto process = "/proc/" + std::to_string(pid);
    const auto own = usage_of(process);
    if (!own) return ::kill(pid, 0) == -1 && errno == ESRCH;
    to.ticks += own->ticks;
    to.pages += own->pages;
    std::ifstream children{process + "/task/" + std::to_string(pid) +
                           "/children"};
    for (pid_t child = 0; children >> child;)
        if (!add_usage(child, to)) return false;
    return true;
}

} // namespace

guest_label label_for(const confinement& c, const control_group& group,
                      std::string runs, bool is_actor) {
    guest_label l{std::move(runs), is_actor, c.on};
    l.processor = c.most.processor;
    if (c.most.memory != 0 || c.most.data != 0)
        l.counted = group.limits_memory() ? memory_scope::sandbox
                                          : memory_scope::process;
    return l;
}

void add_live_guest(const std::shared_ptr<guest_owner>& owner, pid_t pid,
                    guest_label label) {
    using seconds = std::chrono::duration<double>;
    const seconds now{std::chrono::system_clock::now().time_since_epoch()};
    const std::lock_guard lock{mutex};
    std::erase_if(entries, [](const entry& e) { return e.owner.expired(); });
    entries.push_back({owner, {pid, std::move(label), now.count()}});
}

std::vector<live_guest> live_guests() {
    std::vector<entry> all;
    {
        const std::lock_guard lock{mutex};
        all = entries;
    }
    std::vector<live_guest> r;
    for (auto& e : all) {
        if (e.owner.expired()) continue;
        usage u;
        const bool seen = add_usage(e.guest.pid, u);
        const auto owner = e.owner.lock();
        std::optional<std::uint64_t> counted;
        // What was read may be of another one that has its number by now.
        if (!owner || !owner->look_at(counted)) continue;
        auto& g = e.guest;
        static const auto page = static_cast<std::uint64_t>(::getpagesize());
        static const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
        g.memory = counted;
        if (seen) {
            g.processor_time = static_cast<double>(u.ticks) / ticks;
            if (!counted) g.memory = u.pages * page;
        }
        r.push_back(std::move(g));
    }
    return r;
}

void kill_live_guest(pid_t pid, int signo) {
    // Several, where all but one have ended.
    std::vector<std::shared_ptr<guest_owner>> owners;
    {
        const std::lock_guard lock{mutex};
        for (const auto& e : entries)
            if (e.guest.pid == pid) owners.push_back(e.owner.lock());
    }
    for (const auto& owner : owners)
        if (owner && owner->kill_guest(signo)) return;
    throw failure{error_code{ESRCH, boost::system::system_category()},
                  "pidfd_send_signal", "pid"};
}

} // namespace emilua::sandbox
