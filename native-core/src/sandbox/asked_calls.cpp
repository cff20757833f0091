// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/system_calls.hpp"

#include "modules/system/seccomp.hpp"
#include "sandbox/explained_calls.hpp"

#include <cstddef>
#include <initializer_list>

#include <linux/filter.h>
#include <linux/seccomp.h>

namespace emilua::sandbox {

std::string asked_calls_filter(const confinement& c,
                               std::uint32_t architecture) {
    std::vector<sock_filter> code{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
    const auto when = [&](const char* name,
                          std::initializer_list<sock_filter> then) {
        const auto number = system::system_call_number(name, architecture);
        if (!number || *number < 0) return;
        code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                static_cast<std::uint32_t>(*number), 0,
                                static_cast<std::uint8_t>(then.size())));
        code.insert(code.end(), then);
    };
    constexpr sock_filter to_ask =
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    const auto ask = [&](const char* name) { when(name, {to_ask}); };
    if (c.asks_to_connect || (c.explains && !c.shares_network)) {
        ask("connect");
        // Where it names an address, whose size is the last argument.
        constexpr auto size = offsetof(seccomp_data, args) + 5 * 8;
        when("sendto", {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, size),
                        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), to_ask,
                        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)});
    }
    if (c.explains)
        for (const auto& e : explained_calls) ask(e.call);
    if (code.size() == 1) return {};
    code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    return {reinterpret_cast<const char*>(code.data()),
            code.size() * sizeof(sock_filter)};
}

} // namespace emilua::sandbox
