// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/regex/regex.hpp"

#include <array>
#include <cstring>

namespace emilua::regex {
namespace {

using flags = boost::regex::flag_type;

flags flags_of(const options& o) noexcept {
    flags f = 0;
    switch (o.rules) {
    case grammar::basic:
        f = boost::regex::basic;
        break;
    case grammar::extended:
        f = boost::regex::extended;
        break;
    case grammar::ecma:
        f = boost::regex::ECMAScript;
        break;
    }
    if (o.ignore_case) f |= boost::regex::icase;
    if (o.nosubs) f |= boost::regex::nosubs;
    if (o.optimize) f |= boost::regex::optimize;
    return f;
}

/// Patterns are mostly literals, compiled again wherever they stand in a loop.
class recent_patterns {
public:
    std::shared_ptr<const boost::regex> get(const std::string& pattern,
                                            flags f) {
        {
            const std::lock_guard lock{mutex_};
            for (auto& e : entries_) {
                if (e.compiled && e.f == f && e.pattern == pattern) {
                    e.used = ++clock_;
                    return e.compiled;
                }
            }
        }
        auto made = std::make_shared<const boost::regex>(pattern, f);
        const std::lock_guard lock{mutex_};
        auto& oldest =
            *std::min_element(entries_.begin(), entries_.end(),
                              [](auto& a, auto& b) { return a.used < b.used; });
        oldest = {pattern, f, made, ++clock_};
        return made;
    }

private:
    struct entry {
        std::string pattern;
        flags f = 0;
        std::shared_ptr<const boost::regex> compiled;
        std::uint64_t used = 0;
    };
    std::mutex mutex_;
    std::array<entry, 32> entries_;
    std::uint64_t clock_ = 0;
};

std::shared_ptr<const boost::regex> compile(const options& o) {
    static recent_patterns recent;
    try {
        return recent.get(o.pattern, flags_of(o));
    } catch (const boost::regex_error& e) {
        // Names between backquotes would be spelled anew.
        constexpr std::size_t longest = 60;
        std::string expected = "a regular expression";
        if (o.pattern.size() <= longest &&
            o.pattern.find('`') == o.pattern.npos)
            expected += ", not \"" + o.pattern + '"';
        if (e.position() >= 0)
            expected +=
                ": wrong at character " + std::to_string(e.position() + 1);
        throw_invalid_argument("options.pattern", expected);
    }
}

std::string_view text_of(const subject& s) {
    if (auto* text = std::get_if<std::string_view>(&s)) return *text;
    const auto b = std::get<const_bytes>(s).now();
    return {static_cast<const char*>(b.data()), b.size()};
}

std::size_t offset(std::string_view text, std::optional<std::size_t> start) {
    if (start.value_or(0) > text.size())
        throw_invalid_argument("start", "an offset within the text");
    return start.value_or(0);
}

/// What is before `at` is looked back at, and is no beginning.
boost::match_flag_type flags_at(const char* base, const char* at) {
    return at == base ? boost::match_default
                      : boost::match_prev_avail | boost::match_not_bob;
}

/// Its memory is used again: that of a short match costs more than the match.
matches& matches_of_thread() {
    thread_local matches m;
    return m;
}

/// Boost gives up on what would take for ever.
[[noreturn]] void throw_too_complex() {
    failure f{error_code{EOVERFLOW, boost::system::system_category()}, nullptr,
              "re"};
    f.expected = "a pattern that can be tried on this text in fewer steps";
    throw f;
}

bool search(const char* first, const char* last, const char* base, matches& m,
            const regex& re, boost::match_flag_type flags) {
    try {
        return boost::regex_search(first, last, m, re.get(), flags, base);
    } catch (const std::runtime_error&) {
        throw_too_complex();
    }
}

bool match(const char* first, const char* last, matches& m, const regex& re,
           boost::match_flag_type flags) {
    try {
        return boost::regex_match(first, last, m, re.get(), flags);
    } catch (const std::runtime_error&) {
        throw_too_complex();
    }
}

/// Calls `f` with each match in `text` that is not empty, from `at` on, until
/// it returns false.
template <class F>
void for_each_occurrence(const regex& re, std::string_view text, const char* at,
                         F f) {
    const char* const base = text.data();
    const char* const last = base + text.size();
    auto& m = matches_of_thread();
    while (at != last) {
        const auto flags = flags_at(base, at) | boost::match_not_null;
        if (!search(at, last, base, m, re, flags) || !f(m[0])) return;
        at = m[0].second;
    }
}

/// Integers of a buffer, as many as there is room for.
class integers {
public:
    explicit integers(const mutable_bytes& b) : at_{b.now()} {}

    void put(std::ptrdiff_t v) {
        const auto i = static_cast<std::int32_t>(v);
        if (at_.size() < sizeof(i)) return;
        std::memcpy(at_.data(), &i, sizeof(i));
        at_ += sizeof(i);
    }
    void put(const char* base, const matches::value_type& m) {
        put(m.matched ? m.first - base : -1);
        put(m.matched ? m.second - base : -1);
    }

private:
    boost::asio::mutable_buffer at_;
};

} // namespace

regex::regex(const options& o) : compiled_{compile(o)}, pattern_{o.pattern} {}

std::map<std::string, std::size_t> regex::group_names() const {
    std::map<std::string, std::size_t> names;
    const auto known = compiled_->get_named_subs();
    // Boost keeps only hashes of the names.
    const std::string_view p = pattern_;
    for (std::size_t at = p.find("(?"); at != p.npos; at = p.find("(?", at)) {
        at += 2;
        const auto opening = p.substr(at, 1);
        const char closing = opening == "<" ? '>' : opening == "'" ? '\'' : 0;
        if (!closing) continue;
        const auto end = p.find(closing, at + 1);
        if (end == p.npos) break;
        const auto name = p.substr(at + 1, end - at - 1);
        const int id = known->get_id(name.data(), name.data() + name.size());
        if (id > 0) names.emplace(name, static_cast<std::size_t>(id));
    }
    return names;
}

std::optional<taken> groups(const regex& re, std::string_view str) {
    auto& m = matches_of_thread();
    const char* const last = str.data() + str.size();
    if (!match(str.data(), last, m, re, boost::match_default))
        return std::nullopt;
    return taken{&m};
}

std::optional<spans> captures(const regex& re, subject str,
                              std::optional<bool> whole,
                              std::optional<std::size_t> start) {
    const auto text = text_of(str);
    const char* base = text.data();
    const char* last = base + text.size();
    const char* at = base + offset(text, start);
    auto& m = matches_of_thread();
    const auto flags = flags_at(base, at);
    const bool found = whole.value_or(false)
                           ? match(at, last, m, re, flags)
                           : search(at, last, base, m, re, flags);
    if (!found) return std::nullopt;
    spans r;
    r.reserve(m.size() * 2);
    for (std::size_t i = 0; i < m.size(); ++i) {
        r.push_back(m[i].matched ? m[i].first - base : -1);
        r.push_back(m[i].matched ? m[i].second - base : -1);
    }
    return r;
}

std::int32_t captures_into(const regex& re, std::string_view str, bool whole,
                           mutable_bytes out) {
    const char* const base = str.data();
    const char* const last = base + str.size();
    auto& m = matches_of_thread();
    constexpr auto flags = boost::match_default;
    if (whole ? !match(base, last, m, re, flags)
              : !search(base, last, base, m, re, flags))
        return 0;
    integers to{out};
    to.put(static_cast<std::ptrdiff_t>(str.size()));
    for (std::size_t i = 0; i < m.size(); ++i) to.put(base, m[i]);
    return static_cast<std::int32_t>(m.size());
}

std::int32_t occurrences_into(const regex& re, std::string_view str,
                              mutable_bytes out) {
    integers to{out};
    to.put(static_cast<std::ptrdiff_t>(str.size()));
    std::int32_t n = 0;
    for_each_occurrence(re, str, str.data(), [&](const auto& m) {
        to.put(str.data(), m);
        return ++n < INT32_MAX;
    });
    return n;
}

spans occurrences(const regex& re, subject str,
                  std::optional<std::size_t> start,
                  std::optional<std::size_t> limit) {
    const auto text = text_of(str);
    const char* base = text.data();
    const char* at = base + offset(text, start);
    spans r;
    auto left = limit.value_or(SIZE_MAX);
    if (left == 0) return r;
    for_each_occurrence(re, text, at, [&](const auto& m) {
        r.push_back(m.first - base);
        r.push_back(m.second - base);
        return --left != 0;
    });
    return r;
}

} // namespace emilua::regex
