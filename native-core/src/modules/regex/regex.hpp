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

using subject = std::variant<std::string_view, const_bytes>;

/// Pairs of offsets: where a match begins, and where it ends. Both are -1 for
/// a group that took no part.
using spans = std::vector<std::int64_t>;

/// Of the first match that begins at `start` or later, and its groups; nothing
/// when there is none. `whole`: it has to be everything from `start` on.
std::optional<spans> captures(const regex& re, subject str,
                              std::optional<bool> whole,
                              std::optional<std::size_t> start);

/// Of the matches that are not empty, one after the other, from `start` on and
/// no more than `limit`.
spans occurrences(const regex& re, subject str,
                  std::optional<std::size_t> start,
                  std::optional<std::size_t> limit);

} // namespace emilua::regex

template <> struct emilua::described_in<emilua::regex::regex> {
    static constexpr auto module = "regex";
};
