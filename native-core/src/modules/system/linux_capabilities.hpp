// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <sys/capability.h>

#include <memory>

namespace emilua::system {

enum class capability_set { effective, permitted, inheritable };

/// What a process or a file may do, as libcap has it.
class linux_capabilities {
public:
    /// Takes what libcap made; where that is nothing, throws errno as `syscall`
    /// left it, because of `argument`.
    explicit linux_capabilities(cap_t made, const char* syscall = nullptr,
                                const char* argument = nullptr);

    cap_t get() const noexcept { return caps_.get(); }

    linux_capabilities dup() const;
    void clear();
    void clear_flag(capability_set flag);
    bool get_flag(const c_string& cap, capability_set flag) const;
    /// All of `caps`, or throws.
    void set_flag(capability_set flag, const std::vector<c_string>& caps,
                  bool value);
    void fill_flag(capability_set to, const linux_capabilities& ref,
                   capability_set from);
    void fill(capability_set to, capability_set from);
    void set_proc() const;
    double get_nsowner() const;
    void set_nsowner(ranged<0, 4294967295> rootuid);
    std::string to_string() const;

private:
    bool has(cap_value_t cap, capability_set flag) const;

    struct free_caps {
        void operator()(cap_t c) const noexcept { ::cap_free(c); }
    };
    std::unique_ptr<std::remove_pointer_t<cap_t>, free_caps> caps_;
};

/// Adds `linux_capabilities` and the functions around it to the module.
void describe_capabilities(module_builder& m);

} // namespace emilua::system

template <> struct emilua::described_in<emilua::system::linux_capabilities> {
    static constexpr auto module = "system";
};

template <> struct emilua::enum_names<emilua::system::capability_set> {
    using e = system::capability_set;
    static constexpr auto name = "capability_set";
    static constexpr enum_item<e> items[] = {
        {"effective", e::effective, "What is in force."},
        {"permitted", e::permitted, "What can be put in force."},
        {"inheritable", e::inheritable, "What programs can be given."},
    };
};
