// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/callback.hpp"

#include "faces/node/names.hpp"
#include "faces/node/reader.hpp"
#include "faces/node/results.hpp"

#include <boost/asio/error.hpp>

namespace emilua::node {
namespace {

class returned_value final : public js_reader<reader> {
public:
    returned_value(environment& owner, const std::shared_ptr<void>& scope)
        : js_reader{owner} {
        extra().scope = scope;
        // The type of a function inside of something is not known here.
        text_.secret(true);
    }
    using js_reader::at;
};

} // namespace

js_function::js_function(environment& owner, napi_value function,
                         const parameter* given_as, std::weak_ptr<void> scope)
    : owner_{owner}, given_as_{given_as}, scope_{std::move(scope)} {
    check(napi_create_reference(owner.env(), function, 1, &function_));
}

js_function::~js_function() { napi_delete_reference(owner_.env(), function_); }

napi_value js_function::call(void (*write)(results&, void*), void* data) {
    const auto env = owner_.env();
    node_results arguments{owner_, nullptr, node_results::objects::instances};
    write(arguments, data);
    const auto values = arguments.values();
    napi_value function, r;
    check(napi_get_reference_value(env, function_, &function));
    if (napi_call_function(env, undefined(env), function, values.size(),
                           values.data(), &r) != napi_ok)
        throw javascript_error{take_exception(env, {})};
    return r;
}

void js_function::refuse(const char* expected) const {
    failure f{error_code{EPERM, boost::system::system_category()}, nullptr,
              given_as_ ? given_as_->name : nullptr};
    f.expected = expected;
    throw f;
}

void js_function::invoke(void (*write)(results&, void*),
                         void (*read)(reader&, place, void*), void* data) {
    if (!owner_.is_on_turn()) refuse("a call on the turn of its VM");
    if (owner_.doomed) throw failure{boost::asio::error::operation_aborted};
    const auto scope = scope_.lock();
    if (!scope) refuse("a call while the operation lasts that it was given to");
    try {
        call_and_read(write, read, data, scope);
    } catch (const javascript_error& e) {
        // Whoever stores the exception does so beyond this turn.
        const auto env = owner_.env();
        auto* const thrown = take_exception(env, e);
        throw javascript_error{thrown,
                               std::make_shared<kept_value>(env, thrown)};
    }
}

void js_function::call_and_read(void (*write)(results&, void*),
                                void (*read)(reader&, place, void*), void* data,
                                const std::shared_ptr<void>& scope) {
    using boost::system::system_category;
    const auto r = call(write, data);
    bool is_promise = false;
    check(napi_is_promise(owner_.env(), r, &is_promise));
    failure wrong{error_code{EINVAL, system_category()}, nullptr,
                  given_as_ ? given_as_->name : nullptr};
    if (is_promise) {
        wrong.expected = "a function that may not suspend, not one that "
                         "returns a promise";
        throw wrong;
    }
    try {
        returned_value from{owner_, scope};
        read(from, returned_value::at(r), data);
    } catch (const argument_error& e) {
        const auto* wanted = e.wanted;
        const auto* function = given_as_ ? given_as_->what : nullptr;
        if (function && function->kind == type_kind::optional)
            function = function->element;
        if (!wanted && function) wanted = function->element;
        wrong.expected = "a function that returns ";
        if (!e.expected.empty())
            wrong.expected += e.expected;
        else
            wrong.expected += wanted ? expectation(*wanted) : "another value";
        throw wrong;
    }
}

} // namespace emilua::node
