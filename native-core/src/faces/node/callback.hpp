// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/environment.hpp"

#include <emilua/describe.hpp>

namespace emilua::node {

/// A function of JavaScript that C++ calls, on the thread of JavaScript.
class js_function final : public program_function {
public:
    /// `given_as`: the parameter, if the function is not inside of one.
    js_function(environment& owner, napi_value function,
                const parameter* given_as, std::weak_ptr<void> scope);
    ~js_function() override;
    js_function(const js_function&) = delete;
    js_function& operator=(const js_function&) = delete;

    void invoke(void (*write)(results&, void*),
                void (*read)(reader&, place, void*), void* data) override;

private:
    [[noreturn]] void refuse(const char* expected) const;
    void call_and_read(void (*write)(results&, void*),
                       void (*read)(reader&, place, void*), void* data,
                       const std::shared_ptr<void>& scope);
    napi_value call(void (*write)(results&, void*), void* data);

    environment& owner_;
    const parameter* given_as_;
    /// Ends with the call or the operation it was given to.
    std::weak_ptr<void> scope_;
    napi_ref function_;
};

} // namespace emilua::node
