// SPDX-License-Identifier: MIT OR BSL-1.0
// Which files a guest asks for that its policy does not name.
#pragma once

#include "sandbox/confinement.hpp"
#include "sandbox/refusal_log.hpp"

#include <map>
#include <memory>
#include <vector>

#include <linux/seccomp.h>

namespace emilua::sandbox {

struct explained_call;

/// Only for a log: the kernel makes every call itself afterwards, and reads its
/// arguments again, which may be others by then. What is refused is refused by
/// mounts and Landlock; this tells what they are about to say, as far as it
/// knows. One thread.
class file_explainer {
public:
    file_explainer(const confinement& c, std::shared_ptr<refusal_log> log);

    /// A call that waits. Its caller's memory is read.
    void note(const seccomp_notif& call) const;

private:
    struct request;

    void note(const seccomp_notif& call, const explained_call& what) const;
    void judge(request r) const;
    bool judge_in_own(pid_t tid, const std::string& path) const;
    std::string nameable(const std::string& path) const;
    bool is_own(const std::string& path) const;
    bool is_in_copy(const std::string& path) const;
    bool is_in_temporary(const std::string& path) const;
    bool is_made_in_temporary(const std::string& path) const;
    bool is_on_the_way(const std::string& real) const;
    std::string outside(const std::string& path) const;

    const bool on_namespaces_, has_temporary_, runs_temporary_;
    const std::string replaced_;
    /// Of that folder, where the guest has it elsewhere.
    const std::string copy_;
    /// Without links.
    std::vector<std::string> readable_, writable_, executable_;
    std::multimap<int, const explained_call*> calls_;
    const std::shared_ptr<refusal_log> log_;
};

} // namespace emilua::sandbox
