// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/call_errors.hpp"

#include "core/attempted.hpp"
#include "core/error_names.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/objects.hpp"
#include "modules/modules.hpp"

#include <cctype>

namespace emilua::lua {
namespace {

// The text that the argument at `index` is, if it is one.
std::optional<std::string> text_at(lua_State* L, int index) {
    if (lua_isstring(L, index)) {
        lua_pushvalue(L, index);
        std::string s{lua_tostring(L, -1)};
        lua_pop(L, 1);
        return s;
    }
    const auto* cls = described_class(L, index);
    if (!cls || !cls->to_wire) return {};
    const auto v = cls->to_wire(to_object(L, index, *cls));
    if (const auto* s = v.as<std::string>()) return *s;
    if (const auto* b = v.as<value::bytes>()) return b->data;
    return {};
}

bool is_identifier(std::string_view s) {
    if (s.empty() || std::isdigit(static_cast<unsigned char>(s[0])))
        return false;
    for (const char c : s)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_')
            return false;
    return true;
}

// As a Lua program would write the way to the part at fault.
std::string spell(const std::string& argument, const argument_error& e) {
    std::string s = argument;
    for (auto step = e.path.rbegin(); step != e.path.rend(); ++step) {
        switch (step->what) {
        case path_step::kind::field:
            s += '.' + step->name;
            break;
        case path_step::kind::key:
            if (is_identifier(step->name))
                s += '.' + step->name;
            else
                s += "[\"" + step->name + "\"]";
            break;
        case path_step::kind::index:
            s += '[' + std::to_string(step->number + 1) + ']';
            break;
        case path_step::kind::number:
            s += '[' + std::to_string(step->number) + ']';
            break;
        }
    }
    return s;
}

} // namespace

void set_expected(lua_State* L, const std::string& expected, const char* name,
                  int given) {
    if (expected.empty()) return;
    // Of a slice that has errors of its own.
    error_code ec;
    if (!name && to_error_code(L, -1, ec) &&
        dynamic_cast<const naming_category*>(&ec.category()))
        return set_text(L, "message", expected);
    set_text(L, "expected", expected);
    explain_argument(L, name, expected.c_str(), given);
}

int first_argument(const member& m) noexcept {
    return m.cls && (m.kind == member_kind::method ||
                     m.kind == member_kind::property)
               ? 2
               : 1;
}

void name_argument(lua_State* L, std::span<const parameter> parameters,
                   int first, int base, const char* argument,
                   const std::string& expected) {
    int given = 0;
    if (argument) {
        // Of what is inside of an argument the way to it: "opts.umask".
        const std::string_view way{argument};
        const auto outermost = way.substr(0, way.find('.'));
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (parameters[i].name != outermost) continue;
            lua_pushinteger(L, first + static_cast<int>(i));
            lua_setfield(L, -2, "arg");
            if (outermost.size() != way.size())
                set_text(L, "path", argument);
            else if (base != 0)
                given = base + static_cast<int>(i);
        }
    }
    set_expected(L, expected, argument, given);
}

void tell_attempt(lua_State* L, std::span<const parameter> parameters, int base,
                  const error_code& ec, const char* syscall,
                  const std::string* path) {
    if (!syscall) return;
    const int end = base == 0 ? -1 : lua_gettop(L) - 1;
    attempt a;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto what = attempted_by(parameters, i);
        const int index = base + static_cast<int>(i);
        if (what == attempted::nothing || index > end) continue;
        if (const auto text = text_at(L, index)) a.add(what, *text);
    }
    if (path) a.add(attempted::path, *path);
    if (a.empty()) return;
    for (const auto& [name, text] : {std::pair{"address", &a.address},
                                     {"host", &a.host},
                                     {"service", &a.service}})
        if (!text->empty()) set_text(L, name, *text);
    if (a.path) set_text(L, "path", *a.path);
    if (a.destination) set_text(L, "dest", *a.destination);
    if (a.port) {
        lua_pushinteger(L, *a.port);
        lua_setfield(L, -2, "port");
    }
    set_text(L, "message", tell(ec, syscall, a));
}

namespace {

// Nobody may have asked for the modules of its classes yet, and so for their
// names.
const type& with_names(const type& t) {
    if (t.cls) described(*t.cls);
    if (t.element) with_names(*t.element);
    for (const auto* a : t.alternatives) with_names(*a);
    return t;
}

} // namespace

void push_refusal(lua_State* L, const argument_error& e,
                  std::span<const parameter> parameters, int base,
                  std::size_t argument) {
    const auto* p =
        parameters.empty()
            ? nullptr
            : &parameters[std::min(argument, parameters.size() - 1)];
    push_error(L, e.code);
    lua_pushinteger(L, base + static_cast<int>(argument));
    lua_setfield(L, -2, "arg");
    if (!e.path.empty()) {
        const auto path = spell(p ? p->name : "argument", e);
        lua_pushlstring(L, path.data(), path.size());
        lua_setfield(L, -2, "path");
    }
    // Deeper parts tell nobody where to look.
    constexpr std::size_t depth = 16;
    const auto name = e.path.empty() || e.path.size() > depth
                          ? std::string{p ? p->name : "argument"}
                          : spell(p ? p->name : "argument", e);
    const int given = e.path.empty() ? base + static_cast<int>(argument) : 0;
    if (e.code.value() != EINVAL)
        return set_expected(L, e.expected, name.c_str(), given);
    const type* wanted = e.wanted ? e.wanted : p ? p->what : nullptr;
    set_expected(L,
                 !e.expected.empty() ? e.expected
                 : wanted            ? explain(with_names(*wanted))
                                     : std::string{},
                 name.c_str(), given);
}

} // namespace emilua::lua
