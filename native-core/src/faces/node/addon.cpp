// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/addon.hpp"

#include "core/attempted.hpp"
#include "core/child_reaper.hpp"
#include "core/error_names.hpp"
#include "core/mailbox.hpp"
#include "core/user_category.hpp"
#include "faces/node/actors.hpp"
#include "faces/node/bindings.hpp"
#include "faces/node/messages.hpp"
#include "faces/node/names.hpp"
#include "faces/node/signal_source.hpp"
#include "modules/actor/actor.hpp"
#include "modules/modules.hpp"
#include "sandbox/failure_report.hpp"

#include <array>

#include <fcntl.h>
#include <unistd.h>

namespace emilua::node {
namespace {

/// The arguments of a function that only our own JavaScript calls.
struct arguments {
    arguments(napi_env env, napi_callback_info info) : env{env} {
        auto count = values.size();
        void* data;
        check(
            napi_get_cb_info(env, info, &count, values.data(), nullptr, &data));
        owner = static_cast<environment*>(data);
        owner->start_submitted();
    }
    std::int32_t integer(std::size_t i) const {
        std::int32_t r;
        check(napi_get_value_int32(env, values[i], &r));
        return r;
    }
    std::string string(std::size_t i) const {
        return read_string(env, values[i]);
    }

    napi_env env;
    environment* owner;
    std::array<napi_value, 3> values{};
};

template <napi_value (*F)(const arguments&)>
napi_value function(napi_env env, napi_callback_info info) {
    try {
        const arguments a{env, info};
        try {
            return F(a);
        } catch (const failure& e) {
            napi_throw(env, a.owner->make_error(e.code, e.syscall,
                                                e.argument ? e.argument : "",
                                                e.expected));
        }
    } catch (const javascript_error& e) {
        napi_throw(env, take_exception(env, e));
    }
    return nullptr;
}

napi_value start(const arguments& a) {
    a.owner->start(a.values[0]);
    return nullptr;
}

napi_value natives(const arguments& a) {
    return node::natives(*a.owner, a.string(0));
}

napi_value modules(const arguments& a) {
    value::list names;
    for (const auto& m : builtin_modules()) names.emplace_back(m.name);
    return to_js(*a.owner, std::move(names));
}

napi_value load_plugin(const arguments& a) {
    const auto& m = load_plugin_module(a.string(0));
    return to_js(a.env, m.name);
}

// classId(module, name, prototype)
napi_value class_id(const arguments& a) {
    const auto* cls = find_class(a.string(0), a.string(1));
    if (!cls) return nullptr;
    const auto id = a.owner->class_id(*cls);
    a.owner->has_prototype(id, a.values[2]);
    napi_value r;
    check(napi_create_int32(a.env, id, &r));
    return r;
}

napi_value class_name(const arguments& a) {
    const auto& cls = a.owner->class_of(a.integer(0));
    return to_js(a.env, std::string{cls.module} + '/' + cls.name);
}

napi_value release(const arguments& a) {
    a.owner->slots().release(a.integer(0));
    return nullptr;
}

// know(value): the place from which direct calls have it from now on, or -1.
napi_value know(const arguments& a) {
    napi_value r;
    check(napi_create_int32(a.env, a.owner->know(a.values[0]), &r));
    return r;
}

// releaseAll(handles): those in an Int32Array, up to the first that is 0.
napi_value release_all(const arguments& a) {
    void* data;
    std::size_t size;
    check(napi_get_typedarray_info(a.env, a.values[0], nullptr, &size, &data,
                                   nullptr, nullptr));
    for (const auto h : std::span{static_cast<std::int32_t*>(data), size}) {
        if (h == 0) break;
        a.owner->slots().release(h);
    }
    return nullptr;
}

napi_value cancel(const arguments& a) {
    a.owner->cancel(static_cast<std::uint32_t>(a.integer(0)));
    return nullptr;
}

napi_value hold(const arguments& a) {
    a.owner->hold(static_cast<std::uint32_t>(a.integer(0)), a.integer(1) != 0);
    return nullptr;
}

napi_value waited(const arguments& a) {
    const auto s = a.owner->waited(static_cast<std::uint32_t>(a.integer(0)));
    return to_js(*a.owner, s ? value{*s} : value{});
}

napi_value end_program(const arguments& a) {
    return to_js(*a.owner, a.owner->end_program());
}

napi_value deliver_rest(const arguments& a) {
    return to_js(*a.owner, a.owner->deliver_rest());
}

napi_value unseen_failures(const arguments& a) {
    return to_js(*a.owner, a.owner->unseen_failures());
}

napi_value leave_children(const arguments&) {
    // The end of a worker is not that of the process.
    if (::gettid() == ::getpid()) child_reaper::instance().leave_all();
    return nullptr;
}

napi_value reserve_actor(const arguments& a) {
    return node::reserve_actor(
        *a.owner, a.string(0),
        {static_cast<std::size_t>(a.integer(1)), a.integer(2) != 0});
}

napi_value begin_actor(const arguments& a) {
    node::begin_actor(*a.owner, a.integer(0));
    return nullptr;
}

napi_value listen_on(const arguments& a) {
    actor::listen_on(*a.owner, unique_descriptor{a.integer(0)});
    const int failures = a.integer(1);
    ::fcntl(failures, F_SETFD, FD_CLOEXEC);
    sandbox::tell_starter_on(failures);
    return nullptr;
}

napi_value tell_failure(const arguments& a) {
    sandbox::tell_failure(a.string(0), a.string(1));
    return nullptr;
}

napi_value tell_end(const arguments& a) {
    sandbox::tell_end(a.string(0), a.string(1));
    return nullptr;
}

napi_value inbox_ended(const arguments& a) {
    return to_js(*a.owner, a.owner->inbox()->told_of_the_end());
}

napi_value end_actor(const arguments& a) {
    node::end_actor(*a.owner, a.integer(0), a.string(1), a.integer(2) != 0);
    return nullptr;
}

napi_value describe_error(const arguments& a) {
    const auto* category = a.owner->find_category(a.string(0));
    if (!category) throw failure{make_error_code(errc::not_available)};
    const error_code ec{a.integer(1), *category};
    const auto condition = ec.default_error_condition();
    const bool portable =
        condition.category() == boost::system::generic_category();
    value::record r{{"code", code_name(ec)}, {"message", ec.message()}};
    if (portable) r.emplace_back("generic", condition.value());
    return to_js(*a.owner, std::move(r));
}

// defineErrors(path, text): the category that a file of Turtle defines.
napi_value define_errors(const arguments& a) {
    const user_category* category = nullptr;
    try {
        category = &define_category(a.string(0), a.string(1));
    } catch (const failure& e) {
        napi_throw(a.env, a.owner->make_error_saying(e.code, e.syscall, "",
                                                     e.expected));
        return nullptr;
    }
    value::list errors;
    for (const auto& e : category->errors()) {
        value::list aliases;
        for (const auto& alias : e.aliases) aliases.emplace_back(alias);
        errors.emplace_back(value::list{e.code, std::move(aliases)});
    }
    return to_js(*a.owner, value{value::record{{"name", category->name()},
                                               {"errors", std::move(errors)}}});
}

value named_errors(const error_names& group) {
    value::record r;
    for (const auto& item : group.items) {
        r.emplace_back(
            camel_case(item.name),
            value::list{item.code.category().name(), item.code.value()});
    }
    return r;
}

napi_value error_tables(const arguments& a) {
    value::record r{{"generic", named_errors(generic_error_names())},
                    {"emilua", named_errors(runtime_error_names())}};
    for (const auto& group : asio_error_names())
        r.emplace_back(group.name, named_errors(group));
    return to_js(*a.owner, std::move(r));
}

} // namespace

napi_value make_addon(napi_env env, napi_value exports) {
    static const bool prepared = [] {
        signal_hub::instance().use(uv_signals());
        return true;
    }();
    static_cast<void>(prepared);
    uv_loop_t* loop = nullptr;
    if (napi_get_uv_event_loop(env, &loop) != napi_ok) return nullptr;
    try {
        auto& owner = environment::create(env, *loop);
        auto add = [&](const char* name, napi_callback f) {
            napi_value v;
            check(napi_create_function(env, name, NAPI_AUTO_LENGTH, f, &owner,
                                       &v));
            check(napi_set_named_property(env, exports, name, v));
        };
        add("start", &function<&start>);
        add("natives", &function<&natives>);
        add("modules", &function<&modules>);
        add("loadPlugin", &function<&load_plugin>);
        add("classId", &function<&class_id>);
        add("className", &function<&class_name>);
        add("release", &function<&release>);
        add("releaseAll", &function<&release_all>);
        add("know", &function<&know>);
        add("cancel", &function<&cancel>);
        add("hold", &function<&hold>);
        add("waited", &function<&waited>);
        add("endProgram", &function<&end_program>);
        add("deliverRest", &function<&deliver_rest>);
        add("unseenFailures", &function<&unseen_failures>);
        add("leaveChildren", &function<&leave_children>);
        add("reserveActor", &function<&reserve_actor>);
        add("beginActor", &function<&begin_actor>);
        add("listenOn", &function<&listen_on>);
        add("tellFailure", &function<&tell_failure>);
        add("tellEnd", &function<&tell_end>);
        add("inboxEnded", &function<&inbox_ended>);
        add("endActor", &function<&end_actor>);
        add("describeError", &function<&describe_error>);
        add("errorTables", &function<&error_tables>);
        add("defineErrors", &function<&define_errors>);
    } catch (const failure& e) {
        const auto text =
            std::string{e.syscall ? e.syscall : ""} + ": " + e.code.message();
        napi_throw_error(env, nullptr, text.c_str());
    } catch (const javascript_error&) {
    }
    return exports;
}

} // namespace emilua::node
