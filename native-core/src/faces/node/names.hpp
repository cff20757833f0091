// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

namespace emilua::node {

/// `receive_buffer_size` as `receiveBufferSize`.
std::string camel_case(std::string_view name);

/// What an argument of type `t` has to be, in the words of TypeScript.
std::string expectation(const type& t);

/// Symbolic name of an error's number: EADDRINUSE, EOF, HOST_NOT_FOUND.
std::string code_name(const error_code& ec);

} // namespace emilua::node
