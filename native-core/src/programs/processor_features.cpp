// SPDX-License-Identifier: MIT OR BSL-1.0
// LuaJIT asks for each VM which instructions the processor has. It is always
// the same ones, and under a hypervisor to ask takes microseconds.
#include <algorithm>
#include <array>
#include <cstdint>

// Calls of `lj_vm_cpuid` go to `__wrap_lj_vm_cpuid` (`--wrap` of the linker).
extern "C" {
int __real_lj_vm_cpuid(std::uint32_t leaf, std::uint32_t result[4]);
int __wrap_lj_vm_cpuid(std::uint32_t leaf, std::uint32_t result[4]);
}

namespace {

struct answer {
    std::uint32_t leaf;
    std::array<std::uint32_t, 4> registers{};
    int given = 0;
};

answer asked(std::uint32_t leaf) {
    answer a{leaf};
    a.given = __real_lj_vm_cpuid(leaf, a.registers.data());
    return a;
}

} // namespace

int __wrap_lj_vm_cpuid(std::uint32_t leaf, std::uint32_t result[4]) {
    static const std::array answers{asked(0), asked(1), asked(7)};
    const auto a = std::ranges::find(answers, leaf, &answer::leaf);
    if (a == answers.end()) return __real_lj_vm_cpuid(leaf, result);
    std::ranges::copy(a->registers, result);
    return a->given;
}
