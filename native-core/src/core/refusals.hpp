// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/attempted.hpp"

#include <emilua/description.hpp>
#include <emilua/error.hpp>

/// What both faces say of arguments that they refuse.

namespace emilua {

/// What makes an object of `t`, or of one of its alternatives, of text and
/// nothing else in language `l`; null if nothing does. Its classes have been
/// described.
const member* text_constructor(const type& t, languages l);

/// "; is it 'v6' that is meant?" where `text` is a misspelling of a word that
/// `t`, or one of its alternatives, takes; or nothing.
std::string similar_word(const type& t, std::string_view text);

/// "the socket is closed, …" where that is why a call on `object`, one of
/// `cls`, failed with `ec`, or what else EBADF means; or nothing. `syscall` may
/// be null.
std::string explain_closed(const error_code& ec, const char* syscall,
                           const class_description& cls, const void* object);

/// What to think of an error of the system in a call that tried this, where
/// that says more than the error does; or nothing.
std::string explain_attempt(const error_code& ec, const attempt& tried);

/// Whether what a failure says is expected is what to think of an error of the
/// system, and not what an argument has to be.
bool is_explanation(const error_code& ec, const char* syscall,
                    const std::string& expected) noexcept;

} // namespace emilua
