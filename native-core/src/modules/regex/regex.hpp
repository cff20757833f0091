// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <boost/regex.hpp>

namespace emilua::regex {

enum class grammar { basic, extended, ecma };

struct options {
    std::string pattern;
    grammar rules = grammar::ecma;
    bool ignore_case = false, nosubs = false, optimize = false;
};

/// A compiled pattern. It sees bytes.
class regex {
public:
    /// Throws EINVAL for "options", saying where the pattern is wrong.
    explicit regex(const options& o);

    const boost::regex& get() const noexcept { return *compiled_; }
    /// The numbers of the groups that have a name.
    std::map<std::string, std::size_t> group_names() const;
    std::string to_string() const { return pattern_; }

private:
    std::shared_ptr<const boost::regex> compiled_;
    std::string pattern_;
};

using matches = boost::match_results<const char*>;

/// What the groups of a match took, or all of it where there are none: texts,
/// and nothing for a group that took no part. Good until the next match on this
/// thread.
struct taken {
    const matches* of = nullptr;
    std::size_t first() const { return of->size() == 1 ? 0 : 1; }
    std::size_t size() const { return of->size() - first(); }
    template <class F> void for_each(F f) const {
        for (auto i = first(); i < of->size(); ++i) f((*of)[i]);
    }
};
/// The same as several results.
struct taken_one_by_one : taken {};

std::optional<taken> groups(const regex& re, std::string_view str);

using subject = std::variant<std::string_view, const_bytes>;

/// Pairs of offsets: where a match begins, and where it ends. Both are -1 for
/// a group that took no part.
using spans = std::vector<std::int64_t>;

/// Of the first match that begins at `start` or later, and its groups; nothing
/// when there is none. `whole`: it has to be everything from `start` on.
std::optional<spans> captures(const regex& re, subject str,
                              std::optional<bool> whole,
                              std::optional<std::size_t> start);

/// The same into `out`, integers of 32 bits: how many bytes the text has, and
/// the pairs. Gives how many pairs there are; only the first is written where
/// `out` has no room for them.
std::int32_t captures_into(const regex& re, std::string_view str, bool whole,
                           mutable_bytes out);
/// The same of the matches that are not empty.
std::int32_t occurrences_into(const regex& re, std::string_view str,
                              mutable_bytes out);

/// Of the matches that are not empty, one after the other, from `start` on and
/// no more than `limit`.
spans occurrences(const regex& re, subject str,
                  std::optional<std::size_t> start,
                  std::optional<std::size_t> limit);

} // namespace emilua::regex

template <> struct emilua::described_in<emilua::regex::regex> {
    static constexpr auto module = "regex";
};

namespace emilua {

template <> struct type_traits<regex::taken> : traits_base {
    static constexpr const type& description =
        type_of<std::vector<std::optional<std::string_view>>>();
    static constexpr bool borrows = true;
    static void write(results& out, const regex::taken& t) {
        out.begin_list(t.size());
        write_each(out, t);
        out.end();
    }
    static void write_each(results& out, const regex::taken& t) {
        t.for_each([&](const auto& group) {
            if (group.matched)
                out.string({group.first, group.second});
            else
                out.nil();
        });
    }
};

template <> struct type_traits<regex::taken_one_by_one> : traits_base {
    static constexpr const type& description = type_of<std::string_view>();
    static constexpr bool borrows = true;
    static void write(results& out, const regex::taken& t) {
        type_traits<regex::taken>::write_each(out, t);
    }
};

} // namespace emilua
