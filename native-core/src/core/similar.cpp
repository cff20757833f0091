// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/similar.hpp"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

namespace emilua {
namespace {

bool same_letter(unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
}

// How many letters have to change, or to change places with the next one, to
// make one word of the other. Small and capital letters are the same.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> last(b.size() + 1), row(last), next(last);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 0; i < a.size(); ++i) {
        next[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto a_i = static_cast<unsigned char>(a[i]);
            const auto b_j = static_cast<unsigned char>(b[j]);
            next[j + 1] = std::min(
                {row[j] + !same_letter(a_i, b_j), row[j + 1] + 1, next[j] + 1});
            if (i > 0 && j > 0 &&
                same_letter(a_i, static_cast<unsigned char>(b[j - 1])) &&
                same_letter(static_cast<unsigned char>(a[i - 1]), b_j))
                next[j + 1] = std::min(next[j + 1], last[j - 1] + 1);
        }
        last.swap(row);
        row.swap(next);
    }
    return row[b.size()];
}

} // namespace

// A quarter of the letters, at least one. Of two letters one may be missing:
// where one is another, each name would be similar to each.
similar_name::similar_name(std::string_view wrong)
    : wrong_{wrong}, least_{wrong.size() < 2
                                ? 0
                                : std::max<std::size_t>(1, wrong.size() / 4) +
                                      1} {}

void similar_name::consider(std::string_view known) {
    // An abbreviation is as good as one wrong letter.
    const bool begun = wrong_.size() >= 3 && known.starts_with(wrong_);
    if (wrong_.empty() || known.empty() ||
        (!begun && known.size() > wrong_.size() + 3) ||
        (wrong_.size() == 2 && known.size() == 2))
        return;
    const auto d = begun ? 1 : distance(wrong_, known);
    if (d < least_ || (d == least_ && !best_.empty() && known < best_)) {
        least_ = d;
        best_ = known;
    }
}

std::string_view usual_name_here(std::string_view elsewhere) noexcept {
    constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"argv", "arguments"},
        {"args", "arguments"},
        {"command", "program"},
        {"cmd", "program"},
        {"cwd", "working_directory"},
        {"detached", "start_new_session"},
        {"env", "environment"},
        {"executable", "program"},
        {"inherit", "share"},
        {"file", "program"},
        {"memory_limit", "memory"},
        {"null", "ignore"},
        {"readonly", "read"},
        {"ro", "read"},
        {"rw", "write"},
        {"timeout", "seconds"},
    };
    for (const auto& [theirs, ours] : names)
        if (theirs == elsewhere) return ours;
    return {};
}

std::string is_it_meant(std::string_view name) {
    std::string s;
    if (name.empty()) return s;
    s = "; is it '";
    s += name;
    return s += "' that is meant?";
}

} // namespace emilua
