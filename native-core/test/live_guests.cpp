// SPDX-License-Identifier: MIT OR BSL-1.0
// What is told of guests that /proc hides from who started them.
#include "own_namespaces.hpp"

#include "sandbox/live_guests.hpp"
#include "sandbox/probe.hpp"

#include <csignal>
#include <memory>

#include <grp.h>
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace {

using namespace emilua;
using namespace emilua::sandbox;

class owner final : public guest_owner {
public:
    bool kill_guest(int) override { return true; }
    bool look_at(std::optional<std::uint64_t>& memory) const override {
        memory = counted;
        return true;
    }

    std::optional<std::uint64_t> counted{};
};

/// A process that others of its user may look at, or not.
pid_t start(bool is_visible) {
    int ready[2];
    CHECK(::pipe(ready) == 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::prctl(PR_SET_DUMPABLE, is_visible);
        CHECK(::write(ready[1], "", 1) == 1);
        for (;;) ::pause();
    }
    char c;
    CHECK(::read(ready[0], &c, 1) == 1);
    ::close(ready[0]);
    ::close(ready[1]);
    return pid;
}

live_guest told_of(pid_t pid, std::optional<std::uint64_t> counted) {
    const auto o = std::make_shared<owner>();
    o->counted = counted;
    add_live_guest(o, pid, {"guest"});
    const auto all = live_guests();
    CHECK(all.size() == 1);
    return all.at(0);
}

/// Who may trace everybody sees everybody.
void give_up_capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2]{};
    CHECK(::syscall(SYS_capset, &header, none) == 0);
}

void look_at_guests(const char* options) {
    CHECK(::mount("proc", "/proc", "proc", 0, options) == 0);
    give_up_capabilities();
    // Who has changed his rights is hidden himself, to begin with.
    ::prctl(PR_SET_DUMPABLE, 1);
    const pid_t visible = start(true), hidden = start(false);
    const auto seen = told_of(visible, {});
    CHECK(seen.memory.value_or(0) > 0 && seen.processor_time);
    const auto unseen = told_of(hidden, {});
    CHECK(!unseen.memory && !unseen.processor_time);
    const auto counted = told_of(hidden, 4096);
    CHECK(counted.memory == 4096U && !counted.processor_time);
    // It has ended, which is nothing that is hidden.
    for (const pid_t pid : {visible, hidden}) {
        ::kill(pid, SIGKILL);
        CHECK(::waitpid(pid, nullptr, 0) == pid);
    }
    CHECK(told_of(hidden, {}).memory == 0U);
}

/// Root's group sees everybody.
void be_nobody() {
    constexpr unsigned nobody = 65534;
    CHECK(::setgroups(0, nullptr) == 0);
    CHECK(::setresgid(nobody, nobody, nobody) == 0);
    CHECK(::setresuid(nobody, nobody, nobody) == 0);
    ::prctl(PR_SET_DUMPABLE, 1);
}

void test_hidden(const char* options) {
    test::in_own_namespaces(CLONE_NEWNS | CLONE_NEWPID, [=] {
        const pid_t first = ::fork();
        if (first == 0) {
            look_at_guests(options);
            ::_exit(test::failures != 0);
        }
        int status = -1;
        CHECK(::waitpid(first, &status, 0) == first && status == 0);
    });
}

} // namespace

int main() {
    if (!probe().has_namespaces()) {
        CHECK(!std::getenv("EMILUA_MUST_SANDBOX"));
        return test::failures != 0;
    }
#if defined(__SANITIZE_THREAD__)
    // Who has two threads, as that sanitizer makes it, cannot move elsewhere.
    return test::failures != 0;
#endif
    if (::geteuid() == 0) be_nobody();
    test_hidden("hidepid=1");
    test_hidden("hidepid=2");
    return test::failures != 0;
}
