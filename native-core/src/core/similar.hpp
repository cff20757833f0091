// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace emilua {

/// Looks for the name that another one is a misspelling of: the one of which
/// the fewest letters have to change.
class similar_name {
public:
    explicit similar_name(std::string_view wrong);
    void consider(std::string_view known);
    /// Empty if none is similar.
    const std::string& best() const noexcept { return best_; }

private:
    std::string_view wrong_;
    std::size_t least_;
    std::string best_;
};

/// What other libraries call an option that is named otherwise here ("cwd"), or
/// "": "working_directory".
std::string_view usual_name_here(std::string_view elsewhere) noexcept;

/// "; is it 'bind' that is meant?", or nothing for "".
std::string is_it_meant(std::string_view name);

} // namespace emilua
