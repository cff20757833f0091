// SPDX-License-Identifier: MIT OR BSL-1.0
#include <emilua/error.hpp>

namespace emilua {
namespace {

class runtime_category final : public error_category {
public:
    const char* name() const noexcept override { return "emilua"; }

    std::string message(int code) const override {
        switch (static_cast<errc>(code)) {
        case errc::fiber_canceled:
            return "Fiber canceled";
        case errc::suspension_forbidden:
            return "Suspension is forbidden here";
        case errc::suspension_already_allowed:
            return "allow_suspend() without a prior forbid_suspend()";
        case errc::not_in_a_fiber:
            return "Only a fiber can do this";
        case errc::not_joinable:
            return "Fiber is not joinable";
        case errc::join_self:
            return "A fiber cannot join itself";
        case errc::bad_coroutine:
            return "No coroutine to yield from";
        case errc::coroutine_busy:
            return "Cannot resume a coroutine that is running";
        case errc::no_cleanup_handler:
            return "No cleanup handler in this scope";
        case errc::cyclic_import:
            return "Cyclic import";
        case errc::module_not_found:
            return "Module not found";
        case errc::root_has_no_parent:
            return "The root module has no parent to import from";
        case errc::leaf_has_no_children:
            return "A file module has no children: use '../' for siblings";
        case errc::import_outside_main_fiber:
            return "Only the main fiber of a module can import";
        case errc::only_master_vm:
            return "Only the master VM can do this";
        case errc::channel_closed:
            return "Channel closed";
        case errc::not_sendable:
            return "Value cannot be sent";
        case errc::mutex_owned:
            return "Mutex is already owned by this fiber";
        case errc::mutex_not_owned:
            return "Mutex is not owned by this fiber";
        case errc::promise_satisfied:
            return "Promise is already satisfied";
        case errc::not_available:
            return "Not available on this system";
        case errc::broken_promise:
            return "Promise was dropped before it was satisfied";
        case errc::cancellation_not_disabled:
            return "restore_cancellation() without a prior "
                   "disable_cancellation()";
        case errc::suspension_inside_callback:
            return "Callbacks of C functions, such as string.gsub and "
                   "table.sort, cannot suspend";
        }
        return "Unknown error " + std::to_string(code);
    }

    boost::system::error_condition
    default_error_condition(int code) const noexcept override {
        namespace e = boost::system::errc;
        switch (static_cast<errc>(code)) {
        case errc::fiber_canceled:
            return e::make_error_condition(e::operation_canceled);
        case errc::suspension_forbidden:
        case errc::suspension_already_allowed:
        case errc::cancellation_not_disabled:
        case errc::suspension_inside_callback:
        case errc::only_master_vm:
        case errc::mutex_not_owned:
        case errc::import_outside_main_fiber:
            return e::make_error_condition(e::operation_not_permitted);
        case errc::join_self:
        case errc::mutex_owned:
            return e::make_error_condition(e::resource_deadlock_would_occur);
        case errc::module_not_found:
            return e::make_error_condition(e::no_such_file_or_directory);
        case errc::channel_closed:
            return e::make_error_condition(e::broken_pipe);
        case errc::not_sendable:
        case errc::not_joinable:
            return e::make_error_condition(e::invalid_argument);
        case errc::not_available:
            return e::make_error_condition(e::function_not_supported);
        default:
            return {code, *this};
        }
    }
};

} // namespace

const error_category& emilua_category() noexcept {
    static const runtime_category instance;
    return instance;
}

} // namespace emilua
