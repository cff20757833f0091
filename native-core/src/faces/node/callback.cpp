// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/callback.hpp"

#include "faces/node/names.hpp"
#include "faces/node/reader.hpp"
#include "faces/node/results.hpp"

namespace emilua::node {
namespace {

class returned_value final : public js_reader<reader> {
public:
    explicit returned_value(environment& owner) : js_reader{owner} {}
    using js_reader::at;
};

} // namespace

js_function::js_function(environment& owner, napi_value function,
                         const parameter* given_as)
    : owner_{owner}, given_as_{given_as} {
    check(napi_create_reference(owner.env(), function, 1, &function_));
}

js_function::~js_function() { napi_delete_reference(owner_.env(), function_); }

napi_value js_function::call(void (*write)(results&, void*), void* data) {
    const auto env = owner_.env();
    node_results arguments{owner_, nullptr, false};
    write(arguments, data);
    const auto values = arguments.values();
    napi_value function, r;
    check(napi_get_reference_value(env, function_, &function));
    if (napi_call_function(env, undefined(env), function, values.size(),
                           values.data(), &r) != napi_ok)
        throw javascript_error{take_exception(env, {})};
    return r;
}

void js_function::invoke(void (*write)(results&, void*),
                         void (*read)(reader&, place, void*), void* data) {
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
        returned_value from{owner_};
        read(from, returned_value::at(r), data);
    } catch (const argument_error& e) {
        const auto* wanted = e.wanted;
        if (!wanted && given_as_) wanted = given_as_->what->element;
        wrong.expected = "a function that returns ";
        if (!e.expected.empty())
            wrong.expected += e.expected;
        else
            wrong.expected += wanted ? expectation(*wanted) : "another value";
        throw wrong;
    }
}

} // namespace emilua::node
