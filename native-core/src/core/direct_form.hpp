// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/description.hpp>

namespace emilua {

/// What a `prompt` method needs to be called directly, with its arguments in
/// memory that a language shares: how each argument behind the buffer is handed
/// over ("number", "object", "list" of objects, "nothing"), and what the
/// results are: n is a number, o an object, l a list of objects.
struct direct_form {
    /// How many arguments there may be behind the buffer.
    static constexpr std::size_t most_arguments = 3;
    /// Results that are objects fit in here.
    static constexpr std::size_t largest_object = 128;

    std::vector<const char*> arguments;
    /// "n", "no", "non" or "nl".
    const char* results;
};

/// Nothing for one that cannot.
std::optional<direct_form> direct_form_of(const member& m);

} // namespace emilua
