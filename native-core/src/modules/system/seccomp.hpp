// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

namespace emilua::system {

/// What becomes of a system call.
enum class seccomp_action {
    allow,
    errno_,
    log,
    trap,
    kill_thread,
    kill_process
};

enum class seccomp_comparison {
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    masked_equal
};

using seccomp_number =
    std::variant<ranged<0, 9007199254740991>, wide<std::uint64_t>>;

/// What an argument of a system call has to be.
struct seccomp_condition {
    ranged<0, 5> argument{};
    seccomp_comparison is{};
    seccomp_number value{};
    std::optional<seccomp_number> mask{};
};

/// A system call, by its name, whose arguments are so.
struct seccomp_rule {
    c_string syscall{};
    std::vector<seccomp_condition> when{};
    /// The errno of a refused one, if not that of all.
    std::optional<ranged<1, 4095>> code{};
};

using seccomp_rules = std::vector<std::variant<c_string, seccomp_rule>>;

/// `opts` of seccomp.filter.
struct seccomp_options {
    seccomp_action fallback{};
    seccomp_rules allow{};
    seccomp_rules refuse{};
    seccomp_rules log{};
    seccomp_rules trap{};
    seccomp_rules kill_thread{};
    seccomp_rules kill_process{};
    ranged<1, 4095> code{EPERM};
    /// For which processor, as libseccomp has them; 0 is this one. Not for
    /// programs.
    std::uint32_t architecture = 0;
};

/// Throws EINVAL, because of `argument`, for what cannot be a program of struct
/// sock_filter.
void check_seccomp_filter(const std::string& program, const char* argument);

/// A program of struct sock_filter. Throws `argument_error`, and `failure`:
/// ENOPKG without libseccomp.
std::string make_seccomp_filter(const seccomp_options& opts);

/// The number of a system call on a processor (0 is this one), negative for one
/// of other processors; nothing if libseccomp does not know the name.
std::optional<int> system_call_number(const char* name,
                                      std::uint32_t architecture = 0);

/// Adds `seccomp.filter` and `seccomp_set_mode_filter` to the module.
void describe_seccomp(module_builder& m);

} // namespace emilua::system

template <> struct emilua::enum_names<emilua::system::seccomp_action> {
    using e = system::seccomp_action;
    static constexpr auto name = "seccomp_action";
    static constexpr enum_item<e> items[] = {
        {"allow", e::allow, "It is made."},
        {"errno", e::errno_, "It fails with `code` and is not made."},
        {"log", e::log, "It is made, and the system's log has it."},
        {"trap", e::trap, "It is not made, and the thread gets SIGSYS."},
        {"kill_thread", e::kill_thread, "The thread ends."},
        {"kill_process", e::kill_process, "The process ends by SIGSYS."},
    };
};

template <> struct emilua::enum_names<emilua::system::seccomp_comparison> {
    using e = system::seccomp_comparison;
    static constexpr auto name = "seccomp_comparison";
    static constexpr enum_item<e> items[] = {
        {"equal", e::equal, "It is the value."},
        {"not_equal", e::not_equal, "It is not the value."},
        {"less", e::less, "It is less."},
        {"less_or_equal", e::less_or_equal, "It is not greater."},
        {"greater", e::greater, "It is greater."},
        {"greater_or_equal", e::greater_or_equal, "It is not less."},
        {"masked_equal", e::masked_equal,
         "Those bits of it that `mask` has are the value."},
    };
};

template <> struct emilua::fields_of<emilua::system::seccomp_condition> {
    using c = system::seccomp_condition;
    static constexpr auto name = "seccomp_condition";
    static constexpr field_description items[] = {
        field<&c::argument>("argument", "Which one, from 0 to 5."),
        field<&c::is>("is", "How it compares, as an unsigned number."),
        field<&c::value>("value", "To what."),
        field<&c::mask>("mask", "For \"masked_equal\": which bits count."),
    };
};

template <> struct emilua::fields_of<emilua::system::seccomp_rule> {
    using r = system::seccomp_rule;
    static constexpr auto name = "seccomp_rule";
    static constexpr field_description items[] = {
        field<&r::syscall>("syscall", "The name of a system call."),
        field<&r::when>("when", "What its arguments have to be, all of it.",
                        presence::optional),
        field<&r::code>("code", "In the list `errno`: the errno of this call."),
    };
};

template <> struct emilua::fields_of<emilua::system::seccomp_options> {
    using o = system::seccomp_options;
    static constexpr auto name = "seccomp_options";
    static constexpr field_description items[] = {
        field<&o::fallback>("default", "What becomes of all other calls."),
        field<&o::allow>("allow", "Calls that are made.", presence::optional),
        field<&o::refuse>("errno", "Calls that fail with `code`.",
                          presence::optional),
        field<&o::log>("log", "Calls that are made and logged.",
                       presence::optional),
        field<&o::trap>("trap", "Calls instead of which there is a SIGSYS.",
                        presence::optional),
        field<&o::kill_thread>("kill_thread", "Calls that end the thread.",
                               presence::optional),
        field<&o::kill_process>("kill_process", "Calls that end the process.",
                                presence::optional),
        field<&o::code>("code",
                        "The errno of calls that fail; EPERM if left out.",
                        presence::optional),
    };
};
