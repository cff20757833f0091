// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/call_filter.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include <linux/audit.h>
#include <linux/seccomp.h>

namespace emilua::sandbox {

namespace {

constexpr std::uint32_t all_bits = 0xffffffff;
/// Numbers of the x32 ABI begin here.
constexpr std::uint32_t other_abi = 0x40000000;

constexpr sock_filter load(std::size_t offset) noexcept {
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                    static_cast<std::uint32_t>(offset));
}

constexpr sock_filter end(std::uint32_t action) noexcept {
    return BPF_STMT(BPF_RET | BPF_K, action);
}

constexpr std::uint32_t refusal_with(int error) noexcept {
    return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error);
}

bool is_same(const std::vector<sock_filter>& a,
             const std::vector<sock_filter>& b) noexcept {
    return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
        return x.code == y.code && x.jt == y.jt && x.jf == y.jf && x.k == y.k;
    });
}

} // namespace

void call_filter::allow(int number, argument_conditions when) {
    const auto n = static_cast<std::uint32_t>(number);
    newest_ = std::max(newest_, n);
    calls_[n].allowed.push_back({SECCOMP_RET_ALLOW, std::move(when)});
}

void call_filter::refuse(int number, int error, argument_conditions when) {
    calls_[static_cast<std::uint32_t>(number)].refused.push_back(
        {refusal_with(error), std::move(when)});
}

// Ends, or goes on behind its last instruction.
call_filter::code call_filter::code_of(const rule& r) {
    code c;
    std::vector<std::size_t> out;
    for (const auto& [argument, mask, values] : r.when) {
        // The processors that there are filters for put the lower bits first.
        c.push_back(load(offsetof(seccomp_data, args) +
                         sizeof(std::uint64_t) * argument));
        if (mask != all_bits)
            c.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
        for (std::size_t left = values.size(); const auto v : values)
            c.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, v,
                                 static_cast<std::uint8_t>(--left), 0));
        out.push_back(c.size() - 1);
    }
    c.push_back(end(r.action));
    for (const auto at : out)
        c[at].jf = static_cast<std::uint8_t>(c.size() - 1 - at);
    return c;
}

call_filter::code call_filter::code_of(const rules& r) {
    code c;
    for (const auto* list : {&r.refused, &r.allowed})
        for (const auto& one : *list) {
            const auto more = code_of(one);
            c.insert(c.end(), more.begin(), more.end());
            // What comes after it never applies.
            if (one.when.empty()) return c;
        }
    c.push_back(end(refusal_with(EPERM)));
    return c;
}

std::vector<call_filter::range> call_filter::ranges() const {
    std::vector<range> all;
    const auto add = [&](std::uint32_t first, code what) {
        if (all.empty() || !is_same(all.back().what, what))
            all.push_back({first, std::move(what)});
    };
    for (std::uint32_t n = 0; n <= newest_; ++n) {
        const auto found = calls_.find(n);
        add(n, code_of(found == calls_.end() ? rules{} : found->second));
    }
    // Programs have an older way than a call that does not exist.
    add(newest_ + 1, {end(refusal_with(ENOSYS))});
    if (architecture_ == AUDIT_ARCH_X86_64)
        add(other_abi, {end(SECCOMP_RET_KILL_PROCESS)});
    return all;
}

// The calls below the middle come first, and are jumped over.
call_filter::code call_filter::tree(const range* first, const range* last) {
    if (last - first == 1) return first->what;
    const auto* const middle = first + (last - first) / 2;
    const auto below = tree(first, middle), above = tree(middle, last);
    code c;
    if (below.size() <= 255) {
        c.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, middle->first,
                             static_cast<std::uint8_t>(below.size()), 0));
    } else {
        c.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, middle->first, 0, 1));
        c.push_back(BPF_STMT(BPF_JMP | BPF_JA,
                             static_cast<std::uint32_t>(below.size())));
    }
    c.insert(c.end(), below.begin(), below.end());
    c.insert(c.end(), above.begin(), above.end());
    return c;
}

std::string call_filter::program() const {
    const auto all = ranges();
    code c{load(offsetof(seccomp_data, arch)),
           BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architecture_, 1, 0),
           end(SECCOMP_RET_KILL_PROCESS), load(offsetof(seccomp_data, nr))};
    const auto rest = tree(all.data(), all.data() + all.size());
    c.insert(c.end(), rest.begin(), rest.end());
    return {reinterpret_cast<const char*>(c.data()),
            c.size() * sizeof(sock_filter)};
}

} // namespace emilua::sandbox
