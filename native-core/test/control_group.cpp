// SPDX-License-Identifier: MIT OR BSL-1.0
// Where the control group of a sandbox is made and what is written to it, for
// both versions: in a hierarchy of files, which this system need not have.
#include "sandbox/control_group.hpp"
#include "test_vm.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using namespace emilua::sandbox;

fs::path root;
/// Groups that systemd says are somebody's.
std::set<std::string> delegated;
/// How often a group is not gone yet.
int busy = 0;

std::string content(const fs::path& file) {
    if (!fs::is_regular_file(file)) return {};
    std::ifstream f{file};
    return {std::istreambuf_iterator<char>{f}, {}};
}

void put(const fs::path& file, const std::string& text = {}) {
    std::ofstream{file} << text;
}

/// What the kernel puts into a group that is made.
void fill(const fs::path& folder) {
    const auto given = content(folder.parent_path() / "cgroup.subtree_control");
    const auto has = [&](const char* controller) {
        return given.find(controller) != given.npos;
    };
    const bool second =
        folder.string().starts_with((root / "unified").string());
    put(folder / "cgroup.procs");
    if (!second) put(folder / "tasks");
    if (second) put(folder / "cgroup.subtree_control");
    if (second && has("memory"))
        for (const char* f : {"memory.max", "memory.swap.max", "memory.current",
                              "memory.events"})
            put(folder / f);
    if (second ? has("pids")
               : folder.string().starts_with((root / "pids").string()))
        for (const char* f : {"pids.max", "pids.events"}) put(folder / f);
    if (folder.string().starts_with((root / "memory").string()))
        for (const char* f :
             {"memory.limit_in_bytes", "memory.memsw.limit_in_bytes",
              "memory.usage_in_bytes", "memory.oom_control"})
            put(folder / f);
}

bool is_ours(const char* path) {
    return !root.empty() && std::string_view{path}.starts_with(root.native());
}

} // namespace

// Instead of those of libc.
extern "C" int mkdir(const char* path, mode_t mode) noexcept {
    const long r = ::syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (r == 0 && is_ours(path)) fill(path);
    return static_cast<int>(r);
}

extern "C" int rmdir(const char* path) noexcept {
    if (is_ours(path)) {
        if (busy > 0) {
            --busy;
            errno = EBUSY;
            return -1;
        }
        // A group has files and goes all the same, but not what is in it.
        for (const auto& f : fs::directory_iterator{path})
            if (f.is_regular_file() || f.is_symlink()) fs::remove(f);
    }
    return static_cast<int>(
        ::syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}

extern "C" ssize_t getxattr(const char* path, const char* name, void* to,
                            size_t) noexcept {
    CHECK(std::string_view{name} == "user.delegate");
    if (!delegated.contains(path)) {
        errno = ENODATA;
        return -1;
    }
    *static_cast<char*>(to) = '1';
    return 1;
}

namespace {

std::vector<group_place> places(const std::string& groups,
                                const std::string& mounts) {
    std::istringstream g{groups}, m{mounts};
    return group_places(g, m);
}

/// A line of mountinfo.
std::string mounted(const std::string& at, const std::string& type,
                    const std::string& options = "rw",
                    const std::string& from = "/") {
    return "31 23 0:28 " + from + ' ' + at + " rw,relatime shared:1 - " + type +
           ' ' + type + ' ' + options + '\n';
}

/// The groups below a folder.
std::vector<std::string> groups_in(const fs::path& folder) {
    std::vector<std::string> r;
    for (const auto& e : fs::directory_iterator{folder})
        if (e.is_directory() &&
            e.path().filename().string().starts_with("emilua-"))
            r.push_back(e.path());
    return r;
}

group_refusals cleared(control_group& g) {
    int ends[2];
    CHECK(::pipe(ends) == 0);
    ::close(ends[1]);
    const auto r = g.clear(ends[0]);
    ::close(ends[0]);
    return r;
}

bool fails(const group_limits& l, const std::vector<group_place>& at) {
    try {
        const control_group g{l, at};
        return false;
    } catch (const emilua::failure& f) {
        CHECK(f.code.value() != 0);
        return true;
    }
}

void finds_places() {
    // Two hierarchies of version 1, and one of version 2 that has neither.
    const auto mixed = places("8:pids:/a\n4:memory:/b\n0::/\n",
                              mounted("/c/memory", "cgroup", "rw,memory") +
                                  mounted("/c/cpu", "cgroup", "rw,cpu") +
                                  mounted("/c/pids", "cgroup", "rw,pids") +
                                  mounted("/c/unified", "cgroup2"));
    CHECK(
        (mixed == std::vector<group_place>{{"/c/memory/b", false, true, false},
                                           {"/c/pids/a", false, false, true},
                                           {"/c/unified", true, true, true}}));
    const auto one = places("4:pids,memory:/\n",
                            mounted("/c/both", "cgroup", "memory,pids"));
    CHECK((one == std::vector<group_place>{{"/c/both", false, true, true}}));
    // A part of the hierarchy, as containers see it.
    const auto part =
        places("4:memory:/docker/x\n",
               mounted("/c/memory", "cgroup", "memory", "/docker/x"));
    CHECK(
        (part == std::vector<group_place>{{"/c/memory", false, true, false}}));
    CHECK(places("nonsense\n", "nonsense\n").empty());

    const std::string own = "0::/user/app/one.scope\n";
    const auto mount = mounted("/c", "cgroup2");
    delegated = {"/c/user/app", "/c/user"};
    const auto above = places(own, mount);
    CHECK(above.front().folder == "/c/user/app/one.scope");
    CHECK(above.back().folder ==
          (::geteuid() == 0 ? "/c/user" : std::string{"/c"}));
    delegated.clear();
    if (::geteuid() == 0) CHECK(places(own, mount).size() == 1);
}

void first_version_has_a_group_in_each_hierarchy() {
    fs::create_directories(root / "memory/own");
    fs::create_directories(root / "pids");
    const std::vector<group_place> at{{root / "memory/own", false, true, false},
                                      {root / "pids", false, false, true}};
    {
        control_group g{{.memory = 1 << 20, .processes = 7}, at};
        CHECK(g.exists() && g.limits_memory());
        const auto memory = groups_in(root / "memory/own"),
                   pids = groups_in(root / "pids");
        CHECK(memory.size() == 1 && pids.size() == 1);
        CHECK(content(fs::path{memory[0]} / "memory.limit_in_bytes") ==
              "1048576");
        CHECK(content(fs::path{memory[0]} / "memory.memsw.limit_in_bytes") ==
              "1048576");
        CHECK(content(fs::path{pids[0]} / "pids.max") == "7");
        // Each is joined.
        CHECK(g.entrances().size() == 2);
        for (const int fd : g.entrances()) CHECK(::write(fd, "0", 1) == 1);
        CHECK(content(fs::path{memory[0]} / "tasks") == "0");
        CHECK(content(fs::path{pids[0]} / "tasks") == "0");
        CHECK(!g.memory());
        put(fs::path{memory[0]} / "memory.usage_in_bytes", "4096\n");
        CHECK(g.memory() == 4096U);
        put(fs::path{memory[0]} / "memory.oom_control",
            "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        put(fs::path{pids[0]} / "pids.events", "max 0\n");
        const auto r = cleared(g);
        CHECK(r.memory && !r.processes && !g.exists());
    }
    {
        // Only what is asked for.
        control_group g{{.processes = 3}, at};
        CHECK(!g.limits_memory() && groups_in(root / "memory/own").empty());
        put(fs::path{groups_in(root / "pids").at(0)} / "pids.events",
            "max 4\n");
        const auto moved = std::make_unique<control_group>(std::move(g));
        CHECK(cleared(*moved).processes);
    }
    // Of what cannot be had nothing stays.
    CHECK(fails({.memory = 1, .processes = 1}, {at[1]}));
    CHECK(fails({.memory = 1, .processes = 1}, {}));
    CHECK(groups_in(root / "pids").empty());
    CHECK(groups_in(root / "memory/own").empty());
}

pid_t sleeper() {
    const pid_t pid = ::fork();
    if (pid == 0)
        for (;;) ::pause();
    CHECK(pid > 0);
    return pid;
}

bool was_killed(pid_t pid) {
    ::kill(pid, SIGTERM);
    int status = 0;
    CHECK(::waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
    return WTERMSIG(status) == SIGKILL;
}

/// Clears a group whose list of processes is `file`, which is not empty when
/// its init has ended.
void clear_group_with(const fs::path& file) {
    control_group g{{.processes = 3}, {{root / "pids", false, false, true}}};
    const fs::path procs =
        fs::path{groups_in(root / "pids").at(0)} / "cgroup.procs";
    fs::remove(procs);
    fs::create_symlink(file, procs);
    busy = 1;
    cleared(g);
    CHECK(busy == 0 && !g.exists());
}

void whom_an_init_leaves_is_killed() {
    const pid_t left = sleeper();
    put(root / "left", std::to_string(left) + '\n');
    clear_group_with(root / "left");
    CHECK(was_killed(left));
    // Who has the number of one that has left the group since is not: what is
    // read from a pipe is gone.
    const pid_t other = sleeper();
    int ends[2];
    CHECK(::pipe(ends) == 0);
    const auto text = std::to_string(other) + '\n';
    CHECK(::write(ends[1], text.data(), text.size()) ==
          static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    clear_group_with("/proc/self/fd/" + std::to_string(ends[0]));
    ::close(ends[0]);
    CHECK(!was_killed(other));
}

void second_version_has_one_group() {
    const auto own = root / "unified/app/own";
    fs::create_directories(own);
    // A group that has processes gives nothing to those below.
    fs::remove(own / "cgroup.subtree_control");
    fs::create_directory(own / "cgroup.subtree_control");
    put(own.parent_path() / "cgroup.subtree_control");
    const group_place at_own{own, true, true, true},
        above{own.parent_path(), true, true, true};
    CHECK(fails({.memory = 1, .processes = 1}, {at_own}));
    CHECK(groups_in(own).empty());
    {
        control_group g{{.memory = 1 << 20, .processes = 7}, {at_own, above}};
        CHECK(groups_in(own).empty());
        const auto made = groups_in(own.parent_path());
        CHECK(made.size() == 1);
        const fs::path folder{made[0]};
        CHECK(content(own.parent_path() / "cgroup.subtree_control") ==
              "+memory +pids");
        CHECK(content(folder / "memory.max") == "1048576");
        CHECK(content(folder / "memory.swap.max") == "0");
        CHECK(content(folder / "pids.max") == "7");
        CHECK(g.entrances().size() == 1);
        CHECK(::write(g.entrances()[0], "0", 1) == 1);
        CHECK(content(folder / "cgroup.procs") == "0");
        put(folder / "memory.current", "8192\n");
        CHECK(g.memory() == 8192U);
        put(folder / "memory.events",
            "low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n");
        put(folder / "pids.events", "max 1\n");
        const auto r = cleared(g);
        CHECK(r.memory && r.processes);
        CHECK(!fs::exists(folder));
    }
    {
        // What is given already is not asked for once more.
        put(own.parent_path() / "cgroup.subtree_control", "cpu pids");
        const control_group g{{.processes = 7}, {above}};
        CHECK(content(own.parent_path() / "cgroup.subtree_control") ==
              "cpu pids");
    }
    CHECK(groups_in(own.parent_path()).empty());
}

void both_versions_share() {
    fs::create_directories(root / "unified");
    put(root / "unified/cgroup.subtree_control", "pids");
    const control_group g{{.memory = 1 << 20, .processes = 2},
                          {{root / "memory", false, true, false},
                           {root / "unified", true, true, true}}};
    CHECK(g.limits_memory() && g.entrances().size() == 2);
    CHECK(groups_in(root / "memory").size() == 1);
    CHECK(content(fs::path{groups_in(root / "unified").at(0)} / "pids.max") ==
          "2");
}

void what_was_left_goes() {
    const auto at = root / "pids";
    const auto name = [&](int pid) {
        return at / ("emilua-" + std::to_string(pid) + "-0");
    };
    // Nobody has numbers as large.
    constexpr int nobody = 1 << 30;
    const auto others = at / "somebody-else";
    for (const auto& folder :
         {name(::getpid()), name(nobody), name(nobody + 1), others}) {
        CHECK(::mkdir(folder.c_str(), 0700) == 0);
        if (folder != name(nobody + 1))
            fs::last_write_time(folder, fs::file_time_type::clock::now() -
                                            std::chrono::hours{1});
    }
    remove_left_groups({{at, false, false, true}, {root / "none"}});
    CHECK(!fs::exists(name(nobody)));
    // Of somebody who runs, of one who may have only begun, and of others.
    CHECK(fs::exists(name(::getpid())) && fs::exists(name(nobody + 1)));
    CHECK(fs::exists(others));
    remove_groups_of(nobody + 1, {{at, false, false, true}, {root / "none"}});
    CHECK(!fs::exists(name(nobody + 1)));
    CHECK(fs::exists(name(::getpid())) && fs::exists(others));
}

} // namespace

int main() {
    char name[] = "/tmp/emilua-groups-XXXXXX";
    CHECK(::mkdtemp(name) != nullptr);
    root = name;
    finds_places();
    first_version_has_a_group_in_each_hierarchy();
    whom_an_init_leaves_is_killed();
    second_version_has_one_group();
    both_versions_share();
    what_was_left_goes();
    const auto all = std::exchange(root, {});
    fs::remove_all(all);
    return emilua::test::failures != 0;
}
