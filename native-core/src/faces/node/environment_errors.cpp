// SPDX-License-Identifier: MIT OR BSL-1.0
// What failed, as an error of JavaScript: what was tried, and what was expected
// instead of what was given.
#include "faces/node/environment.hpp"

#include "core/error_names.hpp"
#include "core/refusals.hpp"
#include "core/user_category.hpp"
#include "faces/node/file_url.hpp"
#include "faces/node/names.hpp"

#include <boost/asio/error.hpp>

namespace emilua::node {

std::optional<std::string> environment::text_of(napi_value v) {
    napi_valuetype kind;
    check(napi_typeof(env_, v, &kind));
    if (kind == napi_object) {
        std::span<std::byte> bytes;
        if (const auto [cls, core] = core_of(v); cls && cls->is_value())
            return text_of(core);
        if (read_bytes(env_, v, bytes) == bytes_state::there)
            return std::string{reinterpret_cast<const char*>(bytes.data()),
                               bytes.size()};
        const auto url = text_of_url(env_, v);
        return url ? path_of_file_url(*url) : std::nullopt;
    }
    if (kind == napi_number)
        check(napi_coerce_to_string(env_, v, &v));
    else if (kind != napi_string)
        return {};
    return read_string(env_, v);
}

napi_value environment::tried_as_object(const attempt& a) {
    napi_value object, port;
    check(napi_create_object(env_, &object));
    for (const auto& [name, text] : {std::pair{"address", &a.address},
                                     {"hostname", &a.host},
                                     {"service", &a.service}})
        if (!text->empty())
            check(napi_set_named_property(env_, object, name,
                                          to_js(env_, *text)));
    for (const auto& [name, text] :
         {std::pair{"path", &a.path}, {"dest", &a.destination}})
        if (*text)
            check(napi_set_named_property(env_, object, name,
                                          to_js(env_, **text)));
    if (a.port) {
        check(napi_create_int32(env_, *a.port, &port));
        check(napi_set_named_property(env_, object, "port", port));
    }
    return object;
}

napi_value environment::make_error(const error_code& any, const char* syscall,
                                   std::string_view argument,
                                   const std::string& expected,
                                   const attempt& tried, given_value given) {
    const error_code ec{any.value(), own_category(any.category())};
    if (is_explanation(ec, syscall, expected)) {
        given.v = nullptr;
        given.hint = in_camel_case(expected);
        return make_error_saying(ec, syscall, argument, ec.message(), tried,
                                 given);
    }
    if (expected.empty()) given.v = nullptr;
    if (given.hint.empty() && !tried.empty())
        given.hint = explain_attempt(ec, tried);
    // Of a slice that has errors of its own.
    const bool explained = !expected.empty() && argument.empty() &&
                           dynamic_cast<const naming_category*>(&ec.category());
    return make_error_saying(
        ec, syscall, argument,
        explained                     ? expected
        : !expected.empty()           ? "Expected " + in_camel_case(expected)
        : any == errc::only_master_vm ? "Only the main thread can do this"
                                      : ec.message(),
        tried, given);
}

napi_value
environment::make_error_saying(const error_code& ec, const char* syscall,
                               std::string_view argument, std::string_view text,
                               const attempt& tried, given_value given) {
    if (!find_category(ec.category().name()))
        categories_.push_back(&ec.category());
    const auto nothing = undefined(env_);
    std::array<napi_value, 10> args{
        to_js(env_, ec.category().name()),
        nullptr,
        to_js(env_, code_name(ec)),
        to_js(env_, text),
        syscall ? to_js(env_, syscall) : nothing,
        argument.empty() ? nothing : to_js(env_, argument),
        tried.empty() ? nothing : tried_as_object(tried),
        nothing,
        nothing,
        nothing};
    check(napi_create_int32(env_, ec.value(), &args[1]));
    if (given.v) {
        check(napi_create_array_with_length(env_, 1, &args[7]));
        check(napi_set_element(env_, args[7], 0, given.v));
        check(napi_get_boolean(env_, given.secret, &args[8]));
    }
    if (!given.hint.empty()) args[9] = to_js(env_, given.hint);
    napi_value global, r;
    check(napi_get_global(env_, &global));
    check(napi_call_function(env_, global, value_of(make_error_), args.size(),
                             args.data(), &r));
    return r;
}

const error_category* environment::find_category(std::string_view name) const {
    for (const auto* c :
         {&boost::system::system_category(), &boost::system::generic_category(),
          &emilua_category(), &boost::asio::error::get_misc_category(),
          &boost::asio::error::get_netdb_category(),
          &boost::asio::error::get_addrinfo_category()})
        if (name == c->name()) return c;
    for (const auto* c : categories_)
        if (name == c->name()) return c;
    return find_user_category(name);
}

napi_value environment::error_of_exception(const std::exception_ptr& any) {
    try {
        try {
            std::rethrow_exception(any);
        } catch (const failure& e) {
            return make_error(e.code, e.syscall,
                              camel_case(e.argument ? e.argument : ""),
                              e.expected);
        } catch (const argument_error& e) {
            return make_error(e.code, nullptr, {}, e.expected);
        } catch (const std::exception& e) {
            return make_error(error_of(e), nullptr, {});
        }
    } catch (const javascript_error& e) {
        return take_exception(env_, e);
    }
}

bool environment::is_mere_end(const operation& op, const pending& p) {
    if (op.error != boost::asio::error::eof || !op.syscall || op.buffer_lost ||
        op.exception || op.cancel_requested || op.argument || op.expected ||
        op.path)
        return false;
    const auto& parameters = p.description->parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (attempted_by(parameters, i) != attempted::nothing) return false;
    return true;
}

napi_value environment::failure_of(operation& op, pending& p) {
    if (op.buffer_lost)
        return lost_buffer(*p.description, p.lost < stride_
                                               ? loss_of_buffer(p.lost, {})
                                               : p.parts->loss_of(p.lost));
    if (op.exception) return error_of_exception(op.exception);
    // JavaScript has the reason of a cancellation that it asked for.
    if (op.cancel_requested) return nullptr;
    attempt tried;
    if (op.syscall) {
        tried = attempt_of(*p.description, op.syscall, op.path.get(),
                           [&](unsigned i) -> napi_value {
                               return i < stride_ ? held_argument(op.id, i)
                                                  : nullptr;
                           });
    }
    given_value given;
    // As long as it is held, and is no secret.
    for (unsigned i = 0; op.argument && i < stride_; ++i) {
        const auto& parameters = p.description->parameters;
        if (i >= parameters.size() ||
            op.argument != std::string_view{parameters[i].name})
            continue;
        given.v = held_argument(op.id, i);
        given.secret = parameters[i].what->kind == type_kind::secret;
    }
    if (p.self)
        given.hint =
            explain_closed(op.error, op.syscall, *p.description->cls, p.self);
    return make_error(
        op.error, op.syscall, camel_case(op.argument ? op.argument : ""),
        op.expected ? *op.expected : std::string{}, tried, std::move(given));
}

argument_error loss_of_buffer(unsigned argument, std::vector<path_step> path) {
    argument_error e;
    e.expected = "a buffer that is not detached or cut off";
    e.argument = static_cast<int>(argument);
    e.path = std::move(path);
    return e;
}

napi_value environment::lost_buffer(const member& description,
                                    const argument_error& e) {
    return make_error(e.code, nullptr, place_of(e, description, 0), e.expected);
}

} // namespace emilua::node
