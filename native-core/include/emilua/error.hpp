// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/config.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <system_error>

namespace emilua {

using error_code = boost::system::error_code;
using error_category = boost::system::error_category;

/// A failed call: the system's own code and category, the system call that
/// said so, and the argument at fault where there is one.
///
/// Functions that do not suspend throw it; the faces turn it into the
/// language's own error. `argument` and `syscall` point to static storage.
class failure : public std::exception {
public:
    explicit failure(error_code code, const char* syscall = nullptr,
                     const char* argument = nullptr) noexcept
        : code{code}, syscall{syscall}, argument{argument} {}

    const char* what() const noexcept override { return "emilua::failure"; }

    error_code code;
    const char* syscall;
    const char* argument;
    /// Explains a bad argument to a person ("an integer from 0 to 65535"), an
    /// error that is not the system's, or what to make of one of `syscall`'s
    /// other than EINVAL; empty when its message says it all.
    std::string expected;
    /// What the call was about, where none of its arguments says so: a folder
    /// that an iterator came to.
    std::optional<std::string> path{};
};

/// EINVAL for the argument called `name` in the description.
[[noreturn]] inline void throw_invalid_argument(const char* name,
                                                std::string expected = {}) {
    failure f{error_code{EINVAL, boost::system::system_category()}, nullptr,
              name};
    f.expected = std::move(expected);
    throw f;
}

/// Throws `errno` as `syscall` left it.
[[noreturn]] inline void throw_errno(const char* syscall,
                                     const char* argument = nullptr) {
    throw failure{error_code{errno, boost::system::system_category()}, syscall,
                  argument};
}

inline void throw_if(const error_code& ec, const char* syscall,
                     const char* argument = nullptr) {
    if (ec) throw failure{ec, syscall, argument};
}

namespace detail {

/// Of exceptions that stand for no error code: every text has a category.
class exception_category final : public error_category {
public:
    explicit exception_category(const std::string& text) : text_{text} {}
    const char* name() const noexcept override { return "exception"; }
    std::string message(int) const override { return text_; }
    boost::system::error_condition
    default_error_condition(int code) const noexcept override {
        return {code, boost::system::generic_category()};
    }

    /// Lives for ever, as every category.
    static const exception_category& of(const std::string& text) {
        static auto& known =
            *new std::map<std::string, exception_category, std::less<>>;
        static std::mutex mutex;
        const std::lock_guard lock{mutex};
        return known.try_emplace(text, text).first->second;
    }

private:
    std::string text_;
};

} // namespace detail

/// ENOTRECOVERABLE of category "exception", whose message is `text`.
inline error_code unexpected_error(const std::string& text) {
    return {ENOTRECOVERABLE, detail::exception_category::of(text)};
}

/// What `e`, which is no `failure`, comes to: the code of a system error,
/// ENOMEM, or else `unexpected_error` of its `what()`.
inline error_code error_of(const std::exception& e) {
    if (auto* s = dynamic_cast<const boost::system::system_error*>(&e))
        return s->code();
    if (auto* s = dynamic_cast<const std::system_error*>(&e);
        s && (s->code().category() == std::system_category() ||
              s->code().category() == std::generic_category()))
        return {s->code().value(), boost::system::system_category()};
    if (dynamic_cast<const std::bad_alloc*>(&e))
        return {ENOMEM, boost::system::system_category()};
    return unexpected_error(e.what());
}

/// Errors of the runtime itself, category "emilua".
enum class errc {
    fiber_canceled = 1,
    suspension_forbidden,
    suspension_already_allowed,
    not_in_a_fiber,
    not_joinable,
    join_self,
    bad_coroutine,
    no_cleanup_handler,
    cyclic_import,
    module_not_found,
    root_has_no_parent,
    leaf_has_no_children,
    import_outside_main_fiber,
    only_master_vm,
    channel_closed,
    not_sendable,
    mutex_owned,
    mutex_not_owned,
    promise_satisfied,
    not_available,
    broken_promise,
    cancellation_not_disabled,
    suspension_inside_callback,
};

const error_category& emilua_category() noexcept;
inline error_code make_error_code(errc e) noexcept {
    return {static_cast<int>(e), emilua_category()};
}

} // namespace emilua

template <>
struct boost::system::is_error_code_enum<emilua::errc> : std::true_type {};
