// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <linux/filter.h>

namespace emilua::sandbox {

/// The lower 32 bits of an argument, of which `mask` is looked at: one of the
/// values.
struct argument_condition {
    std::size_t argument;
    std::uint32_t mask;
    std::vector<std::uint32_t> values;
};
using argument_conditions = std::vector<argument_condition>;

/// A filter of system calls, that refuses what it was not told to allow. One
/// small program: the kernel translates it, and runs it for every call that
/// there is, when it is set, which is when somebody waits.
class call_filter {
public:
    /// AUDIT_ARCH_…; calls of another one end the process.
    explicit call_filter(std::uint32_t architecture)
        : architecture_{architecture} {}

    /// Where all conditions hold, or those of another time.
    void allow(int number, argument_conditions when = {});
    /// The same, with `error`, and whatever is allowed.
    void refuse(int number, int error, argument_conditions when = {});

    /// struct sock_filter, one after the other. What is not allowed is EPERM,
    /// and ENOSYS for calls that are newer than all that are.
    std::string program() const;

private:
    struct rule {
        std::uint32_t action;
        argument_conditions when;
    };
    /// The first rule that applies says what becomes of a call.
    struct rules {
        std::vector<rule> refused, allowed;
    };
    using code = std::vector<sock_filter>;
    /// What becomes of the calls from `first` on, until those of the next one.
    struct range {
        std::uint32_t first;
        code what;
    };

    static code code_of(const rule& r);
    static code code_of(const rules& r);
    std::vector<range> ranges() const;
    static code tree(const range* first, const range* last);

    const std::uint32_t architecture_;
    std::map<std::uint32_t, rules> calls_;
    std::uint32_t newest_ = 0;
};

} // namespace emilua::sandbox
