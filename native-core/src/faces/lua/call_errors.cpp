// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/call_errors.hpp"

#include "core/attempted.hpp"
#include "core/error_names.hpp"
#include "core/refusals.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/objects.hpp"
#include "modules/modules.hpp"

#include <algorithm>
#include <cctype>

namespace emilua::lua {
namespace {

// Says more behind the message of the error at the top.
void append_to_message(lua_State* L, const std::string& text) {
    error_code ec;
    if (text.empty() || !to_error_code(L, -1, ec)) return;
    push_message(L, lua_gettop(L), ec);
    const std::string s{text_of(L, -1)};
    lua_pop(L, 1);
    set_text(L, "message", s + ": " + text);
}

// What the text of the field `name` of the error at the top is.
std::string field_text(lua_State* L, const char* name) {
    lua_getfield(L, -1, name);
    std::string s{text_of(L, -1)};
    lua_pop(L, 1);
    return s;
}

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

// The type of the argument that is a `t`, as far as another argument decides
// it.
const type& decided_type(lua_State* L, std::span<const parameter> parameters,
                         int base, const type& t) {
    if (!t.named_by) return t;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (parameters[i].what->enumeration != t.named_by) continue;
        const auto* item = detail::find_item(
            *t.named_by, text_of(L, base + static_cast<int>(i)));
        if (item && item->names) return *item->names;
    }
    return t;
}

// What kind of value is at `given`, if the message does not say it, and it is
// no table whose content is at fault.
void add_kind(lua_State* L, const std::string& expected, int given) {
    const bool is_object =
        given != 0 &&
        (lua_isuserdata(L, given) || lua_isfunction(L, given) ||
         (lua_istable(L, given) && !expected.starts_with("a list") &&
          !expected.starts_with("a table")));
    const auto message = field_text(L, "message");
    if (!is_object || message.find(", not ") != message.npos) return;
    const auto kind = shown(L, given);
    if (message.find(kind) == message.npos)
        set_text(L, "message", message + ", not " + kind);
}

bool takes_descriptor(const type& t) {
    if (t.kind == type_kind::object)
        return t.cls->name == std::string_view{"file_descriptor"};
    if (t.kind == type_kind::optional) return takes_descriptor(*t.element);
    return t.kind == type_kind::one_of &&
           std::ranges::any_of(t.alternatives, [](const type* a) {
               return takes_descriptor(*a);
           });
}

bool can_release(const class_description& cls) {
    return std::ranges::any_of(cls.members, [](const member& m) {
        return m.name == std::string_view{"release"};
    });
}

// How to make an object of the class that was expected, of what is at `given`.
void add_hint(lua_State* L, const type& wanted, int given) {
    if (given == 0) return;
    if (lua_type(L, given) != LUA_TSTRING) {
        const auto* cls = described_class(L, given);
        if (cls && takes_descriptor(wanted) && can_release(*cls))
            append_to_message(L, "its release() gives one");
        return;
    }
    if (wanted.kind == type_kind::const_bytes)
        return append_to_message(L, "byte_span.append(text) makes one");
    if (const auto word = similar_word(wanted, text_of(L, given));
        !word.empty())
        return set_text(L, "message", field_text(L, "message") + word);
    const auto* make = text_constructor(wanted, languages::lua);
    if (!make) return;
    const auto& cls = *make->cls;
    append_to_message(L, std::string{cls.module} + '.' + cls.name + '.' +
                             make->name + "(text) makes one");
}

// Puts the part of the value at `index` that is at fault below the error at the
// top. Where it is, or 0 if it cannot be looked at.
int insert_part(lua_State* L, int index, const argument_error& e) {
    const int error = lua_gettop(L);
    if (index >= error || !lua_checkstack(L, 4)) return 0;
    lua_pushvalue(L, index);
    for (auto step = e.path.rbegin(); step != e.path.rend(); ++step) {
        if (!lua_istable(L, -1)) {
            lua_settop(L, error);
            return 0;
        }
        if (step->what == path_step::kind::field ||
            step->what == path_step::kind::key)
            lua_pushlstring(L, step->name.data(), step->name.size());
        else
            lua_pushnumber(
                L, static_cast<lua_Number>(
                       step->number + (step->what == path_step::kind::index)));
        lua_rawget(L, -2);
        lua_remove(L, -2);
    }
    lua_insert(L, error);
    return error;
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
    bool inside = false;
    if (argument) {
        // Of what is inside of an argument the way to it: "opts.umask".
        const std::string_view way{argument};
        const auto outermost = way.substr(0, way.find('.'));
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (parameters[i].name != outermost) continue;
            lua_pushinteger(L, first + static_cast<int>(i));
            lua_setfield(L, -2, "arg");
            if (outermost.size() != way.size()) {
                // A file that was tried tells more.
                lua_getfield(L, -1, "path");
                inside = lua_isnil(L, -1);
                lua_pop(L, 1);
                if (inside) set_text(L, "path", argument);
            } else if (base != 0)
                given = base + static_cast<int>(i);
        }
    }
    error_code ec;
    if (inside && expected.empty() && to_error_code(L, -1, ec))
        return set_text(L, "message", argument + (": " + ec.message()));
    const auto syscall = field_text(L, "syscall");
    if (to_error_code(L, -1, ec) &&
        is_explanation(ec, syscall.empty() ? nullptr : syscall.c_str(),
                       expected))
        return append_to_message(L, expected);
    set_expected(L, expected, argument, given);
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

void tell_what_was_tried(lua_State* L, std::span<const parameter> parameters,
                         int base, const error_code& ec, const char* syscall,
                         const std::string* path) {
    if (!syscall) return;
    const int end = base == 0 ? -1 : lua_gettop(L) - 1;
    attempt a;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        with_names(*parameters[i].what);
        const auto what = attempted_by(parameters, i);
        const int index = base + static_cast<int>(i);
        if (what == attempted::nothing || index > end) continue;
        if (const auto text = text_at(L, index)) a.add(what, *text);
    }
    if (path) a.add_told(parameters, syscall, *path);
    if (a.empty()) return;
    for (const auto& [name, text] : {std::pair{"address", &a.address},
                                     {"hostname", &a.host},
                                     {"service", &a.service}})
        if (!text->empty()) set_text(L, name, *text);
    if (a.path) set_text(L, "path", *a.path);
    if (a.destination) set_text(L, "dest", *a.destination);
    if (a.port) {
        lua_pushinteger(L, *a.port);
        lua_setfield(L, -2, "port");
    }
    set_text(L, "message", tell(ec, syscall, a));
    append_to_message(L, explain_attempt(ec, a));
}

} // namespace

void tell_attempt(lua_State* L, std::span<const parameter> parameters, int base,
                  const error_code& ec, const char* syscall,
                  const std::string* path) {
    tell_what_was_tried(L, parameters, base, ec, syscall, path);
    // The object is below the arguments of a method.
    const auto* cls = base == 2 ? described_class(L, 1) : nullptr;
    if (!cls) return;
    if (const void* const object = to_object(L, 1, *cls))
        append_to_message(L, explain_closed(ec, syscall, *cls, object));
}

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
    const type* wanted = e.wanted ? e.wanted : p ? p->what : nullptr;
    int given = base + static_cast<int>(argument);
    // Of an unknown field the path says which.
    if (e.expected.starts_with("one of the fields") ||
        (wanted && wanted->kind == type_kind::secret))
        given = 0;
    else if (!e.path.empty())
        given = insert_part(L, given, e);
    if (e.code.value() != EINVAL && e.expected.empty())
        return set_text(L, "message", name + ": " + e.code.message());
    if (e.code.value() != EINVAL)
        return set_expected(L, e.expected, name.c_str(), given);
    // An operand has no name, but a number.
    if (!e.expected.empty() || !wanted)
        return set_expected(L, e.expected,
                            p || !e.path.empty() ? name.c_str() : nullptr,
                            given);
    const auto& t = decided_type(L, parameters, base, *wanted);
    const auto expected = explain(with_names(t));
    set_expected(L, expected, name.c_str(), given);
    add_kind(L, expected, given);
    add_hint(L, t, given);
}

} // namespace emilua::lua
