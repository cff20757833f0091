// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/user_category.hpp"

#include "core/error_names.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <mutex>

namespace emilua {
namespace {

/// "pt_BR.UTF-8" as a language tag: "pt-BR". Nothing for the C locale.
std::string wanted_language() {
    std::string_view locale;
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* v = std::getenv(name);
        if (!v || !*v) continue;
        locale = v;
        break;
    }
    std::string tag{locale.substr(0, locale.find_first_of(".@"))};
    if (tag == "C" || tag == "POSIX") return {};
    std::ranges::replace(tag, '_', '-');
    return tag;
}

bool same_letters(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view file_name_of(std::string_view path) {
    path.remove_prefix(path.rfind('/') + 1);
    return path.substr(0, path.find('.'));
}

bool is_built_in(std::string_view name) {
    namespace asio = boost::asio::error;
    for (const error_category* c :
         {&boost::system::system_category(), &boost::system::generic_category(),
          &emilua_category(), &asio::get_misc_category(),
          &asio::get_netdb_category(), &asio::get_addrinfo_category()})
        if (name == c->name()) return true;
    return name.empty() || name == "exception";
}

struct defined {
    std::mutex mutex;
    /// By path.
    std::map<std::string, user_category, std::less<>> all;

    static defined& categories() {
        // Never destroyed: errors may outlive main.
        static auto& instance = *new defined;
        return instance;
    }
};

} // namespace

const user_error* user_category::find(int code) const noexcept {
    const auto e = std::ranges::find(errors_, code, &user_error::code);
    return e == errors_.end() ? nullptr : &*e;
}

const user_error* user_category::find(std::string_view alias) const noexcept {
    for (const auto& e : errors_)
        if (std::ranges::find(e.aliases, alias) != e.aliases.end()) return &e;
    return nullptr;
}

std::string user_category::message(int code) const {
    const auto* e = find(code);
    if (!e) return "Unknown error " + std::to_string(code);
    auto language = wanted_language();
    for (;;) {
        for (const auto& [tag, text] : e->messages)
            if (same_letters(tag, language)) return text;
        if (language.empty()) break;
        const auto dash = language.rfind('-');
        language.resize(dash == language.npos ? 0 : dash);
    }
    if (!e->messages.empty()) return e->messages.front().second;
    return e->aliases.empty() ? "Error " + std::to_string(code)
                              : e->aliases.front();
}

boost::system::error_condition
user_category::default_error_condition(int code) const noexcept {
    const auto* e = find(code);
    if (!e || e->condition == 0) return {code, *this};
    return {e->condition, boost::system::generic_category()};
}

const user_category& define_category(const std::string& path,
                                     std::string_view content) {
    auto& d = defined::categories();
    const std::lock_guard lock{d.mutex};
    const auto known = d.all.find(path);
    if (known != d.all.end()) return known->second;
    auto errors = parse_turtle(path, content);
    std::string name{file_name_of(path)};
    const bool taken =
        is_built_in(name) || std::ranges::any_of(d.all, [&](const auto& c) {
            return c.second.name() == name;
        });
    if (taken) name = path;
    return d.all.try_emplace(path, std::move(name), std::move(errors))
        .first->second;
}

const user_category* find_user_category(std::string_view name) noexcept {
    auto& d = defined::categories();
    const std::lock_guard lock{d.mutex};
    for (const auto& [path, c] : d.all)
        if (name == c.name()) return &c;
    return nullptr;
}

const user_category* as_user_category(const error_category& c) noexcept {
    return dynamic_cast<const user_category*>(&c);
}

} // namespace emilua
