// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <array>

/// How a description is spelled in TypeScript.

namespace emilua::node {

/// `receive_buffer_size` as `receiveBufferSize`.
std::string camel_case(std::string_view name);

/// A text for a person in which each name between backquotes is in camelCase.
std::string in_camel_case(std::string text);

/// `camel_case` without an allocation, for a name of a description.
class camel_cased {
public:
    explicit camel_cased(std::string_view name);
    const char* c_str() const noexcept { return text_.data(); }
    std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    std::array<char, 64> text_;
    std::size_t size_ = 0;
};

/// What an argument of type `t` has to be, in the words of TypeScript.
std::string expectation(const type& t);

/// The argument of `m` at fault, and the part of it: `options.extraFds[2]`.
std::string place_of(const argument_error& e, const member& m,
                     unsigned argument);

} // namespace emilua::node
