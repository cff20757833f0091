// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/refusals.hpp"

#include "core/process.hpp"
#include "core/similar.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cctype>

namespace emilua {

namespace {

const member* constructor_of(const class_description& cls, languages l) {
    for (const auto& m : cls.members) {
        const auto& p = m.parameters;
        if (m.kind != member_kind::constructor || !has(m.offered, l) ||
            p.size() != 1)
            continue;
        const auto* t = p[0].what;
        if (t->kind == type_kind::optional) t = t->element;
        if (t->kind == type_kind::string) return &m;
    }
    return nullptr;
}

} // namespace

const member* text_constructor(const type& t, languages l) {
    if (t.kind == type_kind::object) return constructor_of(*t.cls, l);
    if (t.kind == type_kind::optional) return text_constructor(*t.element, l);
    if (t.kind != type_kind::one_of) return nullptr;
    for (const auto* a : t.alternatives)
        if (const auto* m = text_constructor(*a, l)) return m;
    return nullptr;
}

namespace {

void consider_words(const type& t, similar_name& name) {
    if (t.enumeration && t.kind == type_kind::enumeration)
        for (const auto& i : t.enumeration->items) name.consider(i.name);
    if (t.kind == type_kind::optional) consider_words(*t.element, name);
    if (t.kind == type_kind::one_of)
        for (const auto* a : t.alternatives) consider_words(*a, name);
}

bool is_url(std::string_view path) {
    const auto colon = path.find("://");
    return colon > 1 && colon != path.npos &&
           std::ranges::all_of(path.substr(0, colon), [](unsigned char c) {
               return std::isalnum(c) || c == '+' || c == '-' || c == '.';
           });
}

/// "serial port"
std::string spoken_name(const class_description& cls) {
    const std::string_view name = cls.name;
    std::string s{name.substr(name.rfind('.') + 1)};
    std::ranges::replace(s, '_', ' ');
    return s;
}

bool is_system_error(const error_code& ec, int number) {
    return ec == error_code{number, boost::system::system_category()};
}

} // namespace

std::string similar_word(const type& t, std::string_view text) {
    // Of "v4" and "v6" each is similar to each.
    constexpr std::size_t shortest = 4;
    if (text.size() < shortest) return {};
    if (const auto usual = usual_name_here(text); !usual.empty()) {
        similar_name same{usual};
        consider_words(t, same);
        if (same.best() == usual) return is_it_meant(usual);
    }
    similar_name name{text};
    consider_words(t, name);
    return is_it_meant(name.best());
}

std::string explain_attempt(const error_code& ec, const attempt& tried) {
    const bool absent = is_system_error(ec, ENOENT);
    for (const auto* path : {&tried.path, &tried.destination}) {
        if (!absent || !*path) continue;
        if (is_url(**path)) return "'" + **path + "' is a URL, and no path";
        if (path->value().starts_with("~/"))
            return "shells alone know what '~' is: the variable HOME has it";
    }
    if (tried.path && process::is_confined() &&
        (absent || is_system_error(ec, EACCES)))
        return "this is in a sandbox, and its policy may not name the path";
    return {};
}

std::string explain_closed(const error_code& ec, const char* syscall,
                           const class_description& cls, const void* object) {
    std::string s;
    const std::string_view call = syscall ? syscall : "";
    if (ec == boost::asio::error::already_open)
        return "close the " + spoken_name(cls) + " first, or make another one";
    if (is_system_error(ec, EISDIR) && call.find("read") != call.npos)
        return "a directory iterator gives what is in it";
    const bool canceled = is_system_error(ec, ECANCELED);
    if (!(canceled || is_system_error(ec, EBADF)) || !cls.is_open) return s;
    if (cls.is_open(object)) {
        if (canceled) return s;
        if (call.find("read") != call.npos) return "it is not open for reading";
        if (call.find("write") != call.npos)
            return "it is not open for writing";
        return s;
    }
    s = "the " + spoken_name(cls);
    return s += canceled ? " was closed meanwhile"
                         : " is not open: closed, maybe by another fiber, "
                           "given away, or never opened";
}

bool is_explanation(const error_code& ec, const char* syscall,
                    const std::string& expected) noexcept {
    return syscall && !expected.empty() && ec.value() != EINVAL &&
           ec.category() == boost::system::system_category();
}

} // namespace emilua
