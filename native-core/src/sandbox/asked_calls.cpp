// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/system_calls.hpp"

#include "modules/system/seccomp.hpp"
#include "sandbox/explained_calls.hpp"

#include <cstddef>

#include <linux/filter.h>
#include <linux/seccomp.h>

namespace emilua::sandbox {

std::string asked_calls_filter(const confinement& c,
                               std::uint32_t architecture) {
    std::vector<sock_filter> code{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
    const auto ask = [&](const char* name) {
        const auto number = system::system_call_number(name, architecture);
        if (!number || *number < 0) return;
        code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                static_cast<std::uint32_t>(*number), 0, 1));
        code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF));
    };
    if (c.asks_to_connect) ask("connect");
    if (c.explains)
        for (const auto& e : explained_calls) ask(e.call);
    if (code.size() == 1) return {};
    code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    return {reinterpret_cast<const char*>(code.data()),
            code.size() * sizeof(sock_filter)};
}

} // namespace emilua::sandbox
