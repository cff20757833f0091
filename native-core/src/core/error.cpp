// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/error_names.hpp"

#include <algorithm>

namespace emilua {
namespace {

constexpr runtime_error runtime_errors[] = {
    {errc::fiber_canceled, "fiber_canceled", "Fiber canceled", ECANCELED},
    {errc::suspension_forbidden, "suspension_forbidden",
     "Suspension is forbidden here", EPERM},
    {errc::suspension_already_allowed, "suspension_already_allowed",
     "allow_suspend() without a prior forbid_suspend()", EPERM},
    {errc::not_in_a_fiber, "not_in_a_fiber", "Only a fiber can do this", 0},
    {errc::not_joinable, "not_joinable", "Fiber is not joinable", EINVAL},
    {errc::join_self, "join_self", "A fiber cannot join itself", EDEADLK},
    {errc::bad_coroutine, "bad_coroutine", "No coroutine to yield from", 0},
    {errc::no_cleanup_handler, "no_cleanup_handler",
     "No cleanup handler in this scope", 0},
    {errc::cyclic_import, "cyclic_import", "Cyclic import", 0},
    {errc::module_not_found, "module_not_found", "Module not found", ENOENT},
    {errc::root_has_no_parent, "root_has_no_parent",
     "The root module has no parent to import from", 0},
    {errc::leaf_has_no_children, "leaf_has_no_children",
     "A file module has no children: use '../' for siblings", 0},
    {errc::import_outside_main_fiber, "import_outside_main_fiber",
     "Only the main fiber of a module can import", EPERM},
    {errc::only_master_vm, "only_master_vm", "Only the master VM can do this",
     EPERM},
    {errc::channel_closed, "channel_closed", "Channel closed", EPIPE},
    {errc::not_sendable, "not_sendable", "Value cannot be sent", EINVAL},
    {errc::mutex_owned, "mutex_owned", "Mutex is already owned by this fiber",
     EDEADLK},
    {errc::mutex_not_owned, "mutex_not_owned",
     "Mutex is not owned by this fiber", EPERM},
    {errc::promise_satisfied, "promise_satisfied",
     "Promise is already satisfied", 0},
    {errc::not_available, "not_available", "Not available on this system",
     ENOSYS},
    {errc::broken_promise, "broken_promise",
     "Promise was dropped before it was satisfied", 0},
    {errc::cancellation_not_disabled, "cancellation_not_disabled",
     "restore_cancellation() without a prior disable_cancellation()", EPERM},
    {errc::suspension_inside_callback, "suspension_inside_callback",
     "Callbacks of C functions, such as string.gsub and table.sort, and "
     "finalizers cannot suspend",
     EPERM},
};

class runtime_category final : public naming_category {
public:
    const char* name() const noexcept override { return "emilua"; }

    std::string code_name(int code) const override {
        const auto* e = find_runtime_error(code);
        std::string s{e ? e->name : "unknown"};
        for (char& c : s)
            if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        return s;
    }

    std::string message(int code) const override {
        const auto* e = find_runtime_error(code);
        return e ? e->text : "Unknown error " + std::to_string(code);
    }

    boost::system::error_condition
    default_error_condition(int code) const noexcept override {
        const auto* e = find_runtime_error(code);
        if (!e || e->condition == 0) return {code, *this};
        return {e->condition, boost::system::generic_category()};
    }
};

} // namespace

const error_names& runtime_error_names() {
    static const error_names names = [] {
        error_names r{"emilua", {}};
        for (const auto& e : runtime_errors)
            r.items.push_back({e.name.data(), e.code});
        return r;
    }();
    return names;
}

const runtime_error* find_runtime_error(int code) noexcept {
    const auto* e = std::ranges::find(runtime_errors, static_cast<errc>(code),
                                      &runtime_error::code);
    return e == std::end(runtime_errors) ? nullptr : e;
}

const runtime_error* find_runtime_error(std::string_view name) noexcept {
    const auto* e =
        std::ranges::find(runtime_errors, name, &runtime_error::name);
    return e == std::end(runtime_errors) ? nullptr : e;
}

const error_category& emilua_category() noexcept {
    static const runtime_category instance;
    return instance;
}

} // namespace emilua
