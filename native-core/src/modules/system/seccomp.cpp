// SPDX-License-Identifier: MIT OR BSL-1.0
// Filters are built by libseccomp, which is loaded when the first one is.
#include "modules/system/seccomp.hpp"

#include "core/launcher_steps.hpp"
#include "core/want_of_descriptors.hpp"

#include <emilua/unique_descriptor.hpp>

#include <map>
#include <memory>

#include <dlfcn.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::system {

namespace {

#define LIBSECCOMP_FUNCTION(name) decltype(&::seccomp_##name) name
struct libseccomp {
    LIBSECCOMP_FUNCTION(init);
    LIBSECCOMP_FUNCTION(release);
    LIBSECCOMP_FUNCTION(attr_set);
    LIBSECCOMP_FUNCTION(arch_add);
    LIBSECCOMP_FUNCTION(arch_remove);
    LIBSECCOMP_FUNCTION(syscall_resolve_name);
    LIBSECCOMP_FUNCTION(syscall_resolve_name_arch);
    LIBSECCOMP_FUNCTION(rule_add_array);
    LIBSECCOMP_FUNCTION(export_bpf);

    static const libseccomp& get() {
        static const libseccomp instance = load();
        return instance;
    }

private:
    static libseccomp load() {
        constexpr auto name = "libseccomp.so.2";
        void* const library = ::dlopen(name, RTLD_NOW);
        if (!library) {
            if (const auto ec = want_of_descriptors()) {
                failure f{ec, "dlopen"};
                f.path = name;
                throw f;
            }
            failure f{error_code{ENOPKG, boost::system::system_category()},
                      "dlopen"};
            f.expected = "libseccomp.so.2, which builds filters of system "
                         "calls (Debian: libseccomp2)";
            throw f;
        }
        libseccomp s;
#define FIND_LIBSECCOMP_FUNCTION(name)                                         \
    s.name = reinterpret_cast<decltype(s.name)>(::dlsym(library, "seccomp"     \
                                                                 "_" #name))
        FIND_LIBSECCOMP_FUNCTION(init);
        FIND_LIBSECCOMP_FUNCTION(release);
        FIND_LIBSECCOMP_FUNCTION(attr_set);
        FIND_LIBSECCOMP_FUNCTION(arch_add);
        FIND_LIBSECCOMP_FUNCTION(arch_remove);
        FIND_LIBSECCOMP_FUNCTION(syscall_resolve_name);
        FIND_LIBSECCOMP_FUNCTION(syscall_resolve_name_arch);
        FIND_LIBSECCOMP_FUNCTION(rule_add_array);
        FIND_LIBSECCOMP_FUNCTION(export_bpf);
#undef FIND_LIBSECCOMP_FUNCTION
        return s;
    }
};
#undef LIBSECCOMP_FUNCTION

std::uint32_t number_of(seccomp_action a, int code) noexcept {
    switch (a) {
    case seccomp_action::allow:
        return SCMP_ACT_ALLOW;
    case seccomp_action::errno_:
        return SCMP_ACT_ERRNO(static_cast<unsigned>(code));
    case seccomp_action::log:
        return SCMP_ACT_LOG;
    case seccomp_action::trap:
        return SCMP_ACT_TRAP;
    case seccomp_action::kill_thread:
        return SCMP_ACT_KILL_THREAD;
    case seccomp_action::kill_process:
        break;
    }
    return SCMP_ACT_KILL_PROCESS;
}

std::uint64_t number_of(const seccomp_number& n) {
    return std::visit(
        [](const auto& v) { return static_cast<std::uint64_t>(v.value); }, n);
}

/// Names a part of the only argument.
[[noreturn]] void refuse(const std::vector<path_step>& where,
                         const char* expected) {
    argument_error e;
    e.expected = expected;
    e.path = where;
    e.argument = 0;
    throw e;
}

scmp_arg_cmp comparison_of(const seccomp_condition& c,
                           const std::vector<path_step>& where) {
    using is = seccomp_comparison;
    if (c.mask.has_value() != (c.is == is::masked_equal))
        refuse(where, "a mask with \"masked_equal\", and only there");
    scmp_arg_cmp r{};
    r.arg = static_cast<unsigned>(c.argument.value);
    r.datum_a = number_of(c.value);
    switch (c.is) {
    case is::equal:
        r.op = SCMP_CMP_EQ;
        break;
    case is::not_equal:
        r.op = SCMP_CMP_NE;
        break;
    case is::less:
        r.op = SCMP_CMP_LT;
        break;
    case is::less_or_equal:
        r.op = SCMP_CMP_LE;
        break;
    case is::greater:
        r.op = SCMP_CMP_GT;
        break;
    case is::greater_or_equal:
        r.op = SCMP_CMP_GE;
        break;
    case is::masked_equal:
        r.op = SCMP_CMP_MASKED_EQ;
        r.datum_b = r.datum_a;
        r.datum_a = number_of(*c.mask);
        break;
    }
    return r;
}

/// libseccomp returns an errno, negative.
void check(int result) {
    if (result < 0)
        throw failure{error_code{-result, boost::system::system_category()}};
}

class filter_builder {
public:
    filter_builder(std::uint32_t fallback, std::uint32_t architecture)
        : filter_{library_.init(fallback), library_.release} {
        if (!filter_) throw_errno(nullptr);
        if (architecture != 0 &&
            library_.arch_add(filter_.get(), architecture) == 0)
            check(library_.arch_remove(filter_.get(), SCMP_ARCH_NATIVE));
        // To end a thread alone leaves the rest of the process waiting for it.
        check(library_.attr_set(filter_.get(), SCMP_FLTATR_ACT_BADARCH,
                                SCMP_ACT_KILL_PROCESS));
        // A tree instead of a list, where libseccomp can: the kernel runs a
        // filter once for each call there is when it is set.
        static_cast<void>(
            library_.attr_set(filter_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2));
    }

    /// `list` is the field of the options that the rules are.
    void add(const seccomp_rules& rules, std::uint32_t action,
             const char* list) {
        for (std::size_t i = 0; i < rules.size(); ++i) {
            std::vector<path_step> where{detail::index_step(i),
                                         {path_step::kind::field, list, 0}};
            std::vector<scmp_arg_cmp> conditions;
            const auto* name = std::get_if<c_string>(&rules[i]);
            auto what = action;
            if (!name) {
                const auto& rule = std::get<seccomp_rule>(rules[i]);
                name = &rule.syscall;
                if (rule.code) {
                    if ((action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
                        refuse(where, "a `code` in the list \"errno\" only");
                    what =
                        SCMP_ACT_ERRNO(static_cast<unsigned>(rule.code->value));
                }
                for (const auto& c : rule.when)
                    conditions.push_back(comparison_of(c, where));
            }
            const int number = library_.syscall_resolve_name(name->c_str());
            if (number == __NR_SCMP_ERROR)
                refuse(where, "the name of a system call");
            // libseccomp lets one of them win.
            const std::pair here{std::string_view{list}, conditions.empty()};
            const auto before = lists_.try_emplace(number, here).first->second;
            if (before.first != here.first && (before.second || here.second))
                refuse(where, "each call in one list");
            if (library_.rule_add_array(
                    filter_.get(), what, number,
                    static_cast<unsigned>(conditions.size()),
                    conditions.data()) < 0)
                refuse(where, "at most one condition for an argument, and "
                              "what `default` does not say already");
        }
    }

    std::string program() const {
        const unique_descriptor file{
            ::memfd_create("seccomp filter", MFD_CLOEXEC)};
        if (!file) throw_errno("memfd_create");
        check(library_.export_bpf(filter_.get(), file.get()));
        const auto size = ::lseek(file.get(), 0, SEEK_END);
        std::string r(static_cast<std::size_t>(size), '\0');
        if (::pread(file.get(), r.data(), r.size(), 0) != size)
            throw_errno("pread");
        return r;
    }

private:
    const libseccomp& library_ = libseccomp::get();
    std::unique_ptr<void, decltype(libseccomp::release)> filter_;
    /// The list that a call is in first, and whether without conditions.
    std::map<int, std::pair<std::string_view, bool>> lists_;
};

value::bytes build_filter(const seccomp_options& opts) {
    return {make_seccomp_filter(opts)};
}

void set_mode_filter(const value::bytes& bpf_fprogram) {
    constexpr auto argument = "bpf_fprogram";
    const auto& bytes = bpf_fprogram.data;
    check_seccomp_filter(bytes, argument);
    const sock_fprog program{
        static_cast<unsigned short>(bytes.size() / seccomp_instruction_size),
        const_cast<sock_filter*>(
            reinterpret_cast<const sock_filter*>(bytes.data()))};
    if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                  SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH,
                  &program) == -1)
        throw_errno("seccomp", errno == EINVAL ? argument : nullptr);
}

} // namespace

std::string make_seccomp_filter(const seccomp_options& opts) {
    const int code = static_cast<int>(opts.code.value);
    using a = seccomp_action;
    filter_builder b{number_of(opts.fallback, code), opts.architecture};
    b.add(opts.allow, number_of(a::allow, code), "allow");
    b.add(opts.refuse, number_of(a::errno_, code), "errno");
    b.add(opts.log, number_of(a::log, code), "log");
    b.add(opts.trap, number_of(a::trap, code), "trap");
    b.add(opts.kill_thread, number_of(a::kill_thread, code), "kill_thread");
    b.add(opts.kill_process, number_of(a::kill_process, code), "kill_process");
    return b.program();
}

std::optional<int> system_call_number(const char* name,
                                      std::uint32_t architecture) {
    const auto& library = libseccomp::get();
    const int n = architecture == 0
                      ? library.syscall_resolve_name(name)
                      : library.syscall_resolve_name_arch(architecture, name);
    return n == __NR_SCMP_ERROR ? std::nullopt : std::optional{n};
}

void check_seccomp_filter(const std::string& program, const char* argument) {
    if (program.empty() || program.size() % seccomp_instruction_size != 0 ||
        program.size() / seccomp_instruction_size > BPF_MAXINSNS)
        throw_invalid_argument(argument,
                               "a program of 1 to 4096 instructions of 8 "
                               "bytes");
}

void describe_seccomp(module_builder& m) {
    m.sync("seccomp.filter", fn<&build_filter>,
           {{"opts", "What becomes of which system calls."}},
           "Makes a filter of system calls, for {@ref "
           "seccomp_set_mode_filter} and {@ref spawn}.",
           "Calls of another architecture end the process. Names that only "
           "other architectures have are left out. EINVAL for a name that "
           "nobody knows, a call that is in two lists, and what `default` says "
           "already; ENOPKG where libseccomp is not installed. "
           "seccomp_rule_add(3).");
    m.sync("seccomp_set_mode_filter", fn<&set_mode_filter>,
           {{"bpf_fprogram",
             "The filter: struct sock_filter, one after the other."}},
           "Limits the system calls of this process, for good.",
           "Of all its threads, and of its children. The program sees calls, "
           "not what is done by io_uring. EACCES without {@ref "
           "set_no_new_privs} or CAP_SYS_ADMIN; EINVAL for a program that "
           "the kernel refuses; ESRCH when a thread has a filter of its own. "
           "seccomp(2).")
        .master_only();
}

} // namespace emilua::system
