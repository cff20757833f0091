// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/system/linux_capabilities.hpp"

#include "core/all_threads.hpp"

#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace emilua::system {

namespace {

/// Throws what names the argument of that number, from 0, and its element.
cap_value_t number_of(const c_string& name, int argument,
                      std::optional<std::size_t> element = {}) {
    cap_value_t value{};
    if (::cap_from_name(name.c_str(), &value) != -1) return value;
    argument_error e;
    e.expected = "the name of a capability, such as \"cap_chown\"";
    e.argument = argument;
    if (element) e.path.push_back(detail::index_step(*element));
    throw e;
}

/// prctl(2) of all threads: libcap would do it for the calling one.
void control_all_threads(const system_call_arguments& arguments,
                         const char* argument) {
    try {
        system_call_on_all_threads("prctl", SYS_prctl, arguments);
    } catch (failure& f) {
        if (f.code.value() == EINVAL) f.argument = argument;
        throw;
    }
}

cap_flag_t flag_of(capability_set s) noexcept {
    switch (s) {
    case capability_set::permitted:
        return CAP_PERMITTED;
    case capability_set::inheritable:
        return CAP_INHERITABLE;
    case capability_set::effective:
        break;
    }
    return CAP_EFFECTIVE;
}

void check(int result, const char* syscall, const char* argument = nullptr) {
    if (result == -1)
        throw_errno(syscall, errno == EINVAL ? argument : nullptr);
}

} // namespace

linux_capabilities::linux_capabilities(cap_t made, const char* syscall,
                                       const char* argument)
    : caps_{made} {
    if (!made) throw_errno(syscall, argument);
}

linux_capabilities linux_capabilities::dup() const {
    return linux_capabilities{::cap_dup(get())};
}

void linux_capabilities::clear() { check(::cap_clear(get()), nullptr); }

void linux_capabilities::clear_flag(capability_set flag) {
    check(::cap_clear_flag(get(), flag_of(flag)), nullptr);
}

bool linux_capabilities::has(cap_value_t cap, capability_set flag) const {
    cap_flag_value_t v = CAP_CLEAR;
    check(::cap_get_flag(get(), cap, flag_of(flag), &v), nullptr, "cap");
    return v == CAP_SET;
}

bool linux_capabilities::get_flag(const c_string& cap,
                                  capability_set flag) const {
    return has(number_of(cap, 0), flag);
}

void linux_capabilities::set_flag(capability_set flag,
                                  const std::vector<c_string>& caps,
                                  bool value) {
    std::vector<cap_value_t> numbers;
    for (std::size_t i = 0; i < caps.size(); ++i)
        numbers.push_back(number_of(caps[i], 1, i));
    // libcap takes an empty list for a mistake.
    if (numbers.empty()) return;
    check(::cap_set_flag(get(), flag_of(flag), static_cast<int>(numbers.size()),
                         numbers.data(), value ? CAP_SET : CAP_CLEAR),
          nullptr, "caps");
}

void linux_capabilities::fill_flag(capability_set to,
                                   const linux_capabilities& ref,
                                   capability_set from) {
    // It waits for itself where both are the same.
    const auto copy = ref.dup();
    check(::cap_fill_flag(get(), flag_of(to), copy.get(), flag_of(from)),
          nullptr);
}

void linux_capabilities::fill(capability_set to, capability_set from) {
    check(::cap_fill(get(), flag_of(to), flag_of(from)), nullptr);
}

void linux_capabilities::set_proc() const {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
    for (cap_value_t cap = 0; cap < 32 * _LINUX_CAPABILITY_U32S_3; ++cap) {
        auto& d = data[cap / 32];
        const auto bit = 1u << (cap % 32);
        const auto put = [&](capability_set from, std::uint32_t& to) {
            if (has(cap, from)) to |= bit;
        };
        put(capability_set::effective, d.effective);
        put(capability_set::permitted, d.permitted);
        put(capability_set::inheritable, d.inheritable);
    }
    system_call_on_all_threads(
        "capset", SYS_capset,
        {reinterpret_cast<long>(&header), reinterpret_cast<long>(&data)});
}

double linux_capabilities::get_nsowner() const {
    return ::cap_get_nsowner(get());
}

void linux_capabilities::set_nsowner(ranged<0, 4294967295> rootuid) {
    check(::cap_set_nsowner(get(), static_cast<uid_t>(rootuid.value)), nullptr,
          "rootuid");
}

std::string linux_capabilities::to_string() const {
    char* const text = ::cap_to_text(get(), nullptr);
    if (!text) throw_errno(nullptr);
    std::string r{text};
    ::cap_free(text);
    return r;
}

namespace {

linux_capabilities of_process() {
    return linux_capabilities{::cap_get_proc(), "capget"};
}

linux_capabilities none() { return linux_capabilities{::cap_init()}; }

linux_capabilities from_text(const c_string& caps) {
    return linux_capabilities{::cap_from_text(caps.c_str()), nullptr, "caps"};
}

bool is_in_bound(const c_string& cap) {
    const int r = ::cap_get_bound(number_of(cap, 0));
    check(r, "prctl", "cap");
    return r == 1;
}

void drop_from_bound(const c_string& cap) {
    control_all_threads({PR_CAPBSET_DROP, number_of(cap, 0)}, "cap");
}

bool is_ambient(const c_string& cap) {
    const int r = ::cap_get_ambient(number_of(cap, 0));
    check(r, "prctl", "cap");
    return r == 1;
}

void make_ambient(const c_string& cap, bool value) {
    control_all_threads({PR_CAP_AMBIENT,
                         value ? PR_CAP_AMBIENT_RAISE : PR_CAP_AMBIENT_LOWER,
                         number_of(cap, 0)},
                        "cap");
}

void clear_ambient() {
    control_all_threads({PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL}, nullptr);
}

double secure_bits() { return ::cap_get_secbits(); }

void set_secure_bits(ranged<0, 4294967295> bits) {
    control_all_threads({PR_SET_SECUREBITS, static_cast<long>(bits.value)},
                        "bits");
}

struct bit_name {
    const char* name;
    unsigned value;
    const char* doc;
};

constexpr bit_name secure_bit_names[] = {
    {"SECBIT_NOROOT", SECBIT_NOROOT, "User 0 is nobody special to execve(2)."},
    {"SECBIT_NOROOT_LOCKED", SECBIT_NOROOT_LOCKED,
     "SECBIT_NOROOT stays as it is."},
    {"SECBIT_NO_SETUID_FIXUP", SECBIT_NO_SETUID_FIXUP,
     "A change of users changes no capabilities."},
    {"SECBIT_NO_SETUID_FIXUP_LOCKED", SECBIT_NO_SETUID_FIXUP_LOCKED,
     "SECBIT_NO_SETUID_FIXUP stays as it is."},
    {"SECBIT_KEEP_CAPS", SECBIT_KEEP_CAPS,
     "Permitted capabilities outlive a change from user 0 to others; until "
     "execve(2)."},
    {"SECBIT_KEEP_CAPS_LOCKED", SECBIT_KEEP_CAPS_LOCKED,
     "SECBIT_KEEP_CAPS stays as it is."},
    {"SECBIT_NO_CAP_AMBIENT_RAISE", SECBIT_NO_CAP_AMBIENT_RAISE,
     "No capability becomes ambient."},
    {"SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED", SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
     "SECBIT_NO_CAP_AMBIENT_RAISE stays as it is."},
};

void describe_functions(module_builder& m) {
    const parameters cap = {{"cap", "A capability: \"cap_chown\"."}};
    m.sync("cap_get_proc", fn<&of_process>, {},
           "The capabilities of this process.",
           "Those of the calling thread. cap_get_proc(3).");
    m.sync("cap_init", fn<&none>, {}, "No capabilities at all.",
           "cap_init(3).");
    m.sync("cap_from_text", fn<&from_text>,
           {{"caps", "As setcap(8) has it: \"cap_kill,cap_chown=ep\"."}},
           "The capabilities that a text names.",
           "EINVAL for what is none. cap_from_text(3).");
    m.sync("cap_get_bound", fn<&is_in_bound>, cap,
           "Whether a program can gain a capability by execve(2).",
           "cap_get_bound(3).");
    m.sync("cap_drop_bound", fn<&drop_from_bound>, cap,
           "Keeps all programs from gaining a capability by execve(2).",
           "For all threads, and for good. EPERM without CAP_SETPCAP. "
           "cap_drop_bound(3).")
        .master_only();
    m.sync("cap_get_ambient", fn<&is_ambient>, cap,
           "Whether programs have a capability without any of their own.",
           "cap_get_ambient(3).");
    m.sync("cap_set_ambient", fn<&make_ambient>,
           {{"cap", "A capability."},
            {"value", "Whether programs are to have it."}},
           "Lets programs have a capability without any of their own.",
           "For all threads. EPERM unless it is permitted and inheritable. "
           "cap_set_ambient(3).")
        .master_only();
    m.sync("cap_reset_ambient", fn<&clear_ambient>, {},
           "Lets programs have no capabilities but their own.",
           "For all threads. cap_reset_ambient(3).")
        .master_only();
    m.sync("cap_get_secbits", fn<&secure_bits>, {},
           "How this process treats user 0.",
           "A sum of SECBIT_ constants. cap_get_secbits(3).");
    m.sync("cap_set_secbits", fn<&set_secure_bits>,
           {{"bits", "A sum of SECBIT_ constants."}},
           "Sets how this process treats user 0.",
           "For all threads. EPERM without CAP_SETPCAP, and for bits that are "
           "locked. cap_set_secbits(3).")
        .master_only();
    for (const auto& b : secure_bit_names)
        m.constant(b.name, static_cast<double>(b.value), b.doc);
}

} // namespace

void describe_capabilities(module_builder& m) {
    const parameters flag = {{"flag", "Which of the sets."}};
    m.cls<linux_capabilities>("linux_capabilities",
                              "Sets of capabilities: parts of what user 0 may "
                              "do. capabilities(7).")
        .sync("dup", fn<&linux_capabilities::dup>, {}, "A copy.")
        .sync("clear", fn<&linux_capabilities::clear>, {}, "Empties all sets.")
        .sync("clear_flag", fn<&linux_capabilities::clear_flag>, flag,
              "Empties a set.")
        .sync("get_flag", fn<&linux_capabilities::get_flag>,
              {{"cap", "A capability: \"cap_chown\"."},
               {"flag", "Which of the sets."}},
              "Whether a set has a capability.",
              "EINVAL for a capability that does not exist.")
        .sync("set_flag", fn<&linux_capabilities::set_flag>,
              {{"flag", "Which of the sets."},
               {"caps", "Capabilities."},
               {"value", "Whether the set is to have them."}},
              "Puts capabilities into a set, or takes them out.",
              "EINVAL for a capability that does not exist.")
        .sync("fill_flag", fn<&linux_capabilities::fill_flag>,
              {{"to", "The set that changes."},
               {"ref", "Where the content comes from."},
               {"from", "Which set of it."}},
              "Makes a set what a set of another object is.",
              "cap_fill_flag(3).")
        .sync("fill", fn<&linux_capabilities::fill>,
              {{"to", "The set that changes."}, {"from", "Another one."}},
              "Makes a set what another one is.", "cap_fill(3).")
        .sync("set_proc", fn<&linux_capabilities::set_proc>, {},
              "Makes these the capabilities of this process.",
              "Of all its threads. EPERM for more than are permitted now. "
              "cap_set_proc(3).")
        .master_only()
        .sync("get_nsowner", fn<&linux_capabilities::get_nsowner>, {},
              "Whose user namespace the capabilities of a file count in: the "
              "user that is 0 there.",
              "cap_get_nsowner(3).")
        .sync("set_nsowner", fn<&linux_capabilities::set_nsowner>,
              {{"rootuid", "The user that is 0 there."}},
              "Sets whose user namespace the capabilities of a file count in.",
              "cap_set_nsowner(3).")
        .meta(metamethod::tostring, fn<&linux_capabilities::to_string>);
    describe_functions(m);
}

} // namespace emilua::system
