// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/types/manifest.hpp"

#include "core/direct_form.hpp"
#include "faces/types/check.hpp"
#include "faces/types/json.hpp"

#include <stdexcept>

namespace emilua {

namespace {

const char* name_of(type_kind k) {
    switch (k) {
    case type_kind::nothing:
        return "nothing";
    case type_kind::boolean:
        return "boolean";
    case type_kind::integer:
        return "integer";
    case type_kind::integer64:
        return "integer64";
    case type_kind::number:
        return "number";
    case type_kind::string:
        return "string";
    case type_kind::secret:
        return "secret";
    case type_kind::mutable_bytes:
        return "mutable_bytes";
    case type_kind::const_bytes:
        return "const_bytes";
    case type_kind::object:
        return "object";
    case type_kind::enumeration:
        return "enumeration";
    case type_kind::flags:
        return "flags";
    case type_kind::list:
        return "list";
    case type_kind::map:
        return "map";
    case type_kind::record:
        return "record";
    case type_kind::optional:
        return "optional";
    case type_kind::one_of:
        return "one_of";
    case type_kind::callback:
        return "callback";
    case type_kind::any:
        return "any";
    }
    return "any";
}

const char* name_of(member_kind k) {
    switch (k) {
    case member_kind::constructor:
        return "constructor";
    case member_kind::method:
        return "method";
    case member_kind::function:
        return "function";
    case member_kind::property:
        return "property";
    case member_kind::constant:
        return "constant";
    }
    return "function";
}

class manifest_writer {
public:
    explicit manifest_writer(const description_check& known) : known_{known} {}

    std::string write(std::span<const module_description* const> modules) {
        j_.begin_object();
        j_.key("modules").begin_array();
        for (const auto* m : modules) write(*m);
        j_.end_array();
        j_.key("enums").begin_array();
        for (const auto& [name, e] : known_.enums()) write(*e);
        j_.end_array();
        j_.key("records").begin_array();
        for (const auto& [name, r] : known_.records()) write(*r);
        j_.end_array();
        j_.end_object();
        return j_.text() + '\n';
    }

private:
    void write(const module_description& m) {
        j_.begin_object();
        j_.key("name").string(m.name);
        text("doc", m.doc);
        flag("internal", m.internal);
        j_.key("functions").begin_array();
        for (const auto& f : m.functions) write(f);
        j_.end_array();
        j_.key("classes").begin_array();
        for (const auto* c : m.classes) write(*c);
        j_.end_array();
        j_.end_object();
    }

    void write(const class_description& c) {
        j_.begin_object();
        j_.key("name").string(c.name);
        text("doc", c.doc);
        flag("value", c.is_value());
        flag("text_will_do", c.text_will_do);
        if (!c.traits.empty()) {
            j_.key("traits").begin_array();
            for (const auto& t : c.traits) j_.string(t);
            j_.end_array();
        }
        if (c.moves.pack) write(c.moves);
        if (!c.metamethods.empty()) {
            j_.key("metamethods").begin_array();
            for (const auto& m : c.metamethods) write(m);
            j_.end_array();
        }
        j_.key("members").begin_array();
        for (const auto& m : c.members) write(m);
        j_.end_array();
        j_.end_object();
    }

    void write(const class_description::operation_entry& m) {
        std::vector<const type*> operands, results;
        m.types(operands, results);
        j_.begin_object_on_one_line();
        j_.key("name").string(emilua::name_of(m.which));
        flag("mixed", m.mixed);
        write("operands", operands);
        write("results", results);
        j_.end_object();
    }

    void write(const char* key, const std::vector<const type*>& types) {
        j_.key(key).begin_array();
        for (const auto* t : types) write(*t);
        j_.end_array();
    }

    void write(const transfer& t) {
        j_.key("transfer").begin_object_on_one_line();
        j_.key("copies").boolean(t.copies);
        j_.key("version").number(t.version);
        if (const auto* c = t.arrives_as) {
            j_.key("module").string(c->module);
            j_.key("class").string(c->name);
        }
        j_.end_object();
    }

    void write(const member& m) {
        j_.begin_object_on_one_line();
        j_.key("name").string(m.name);
        j_.key("kind").string(name_of(m.kind));
        flag("suspends", m.suspends);
        if (m.blocks != blocking::no) {
            j_.key("blocking")
                .string(m.blocks == blocking::query ? "query" : "effect");
        }
        flag("master_only", m.master_only);
        flag("fixed", m.fixed);
        flag("writable", m.assign != nullptr);
        flag("iterates", m.iterates);
        flag("prompt", m.prompt || m.next_at_once);
        if (const auto form = direct_form_of(m))
            j_.key("direct").string(form->results);
        if (m.offered != languages::both) names("languages", m.offered);
        if (m.by_hand == languages::both)
            flag("by_hand", true);
        else if (m.by_hand != languages::none)
            names("by_hand_in", m.by_hand);
        if (m.kind == member_kind::constant) write(m.constant, m.varies);
        if (!m.parameters.empty()) {
            j_.key("parameters").begin_array();
            for (const auto& p : m.parameters)
                write_named(p.name, p.doc, *p.what, p.variadic);
            j_.end_array();
        }
        if (!m.result_types.empty()) {
            j_.key("results").begin_array();
            for (std::size_t i = 0; i < m.result_types.size(); ++i) {
                write_named(i < m.result_names.size() ? m.result_names[i] : "",
                            "", *m.result_types[i]);
            }
            j_.end_array();
        }
        text("doc", m.doc);
        text("details", m.details);
        j_.end_object();
    }

    void write_named(const char* name, const char* doc, const type& t,
                     bool variadic = false) {
        j_.begin_object_on_one_line();
        text("name", name);
        text("doc", doc);
        j_.key("type");
        write(t);
        flag("variadic", variadic);
        j_.end_object();
    }

    void write(const type& t) {
        j_.begin_object_on_one_line();
        j_.key("kind").string(name_of(t.kind));
        if (t.kind == type_kind::integer) {
            j_.key("minimum").number(t.minimum);
            j_.key("maximum").number(t.maximum);
        }
        if (t.kind == type_kind::integer64)
            j_.key("signed").boolean(t.is_signed);
        if (t.cls) {
            j_.key("module").string(t.cls->module);
            j_.key("class").string(t.cls->name);
        }
        flag("consumed", t.consumed);
        if (t.named_by) j_.key("named_by").string(t.named_by->name);
        if (t.enumeration) j_.key("enum").string(t.enumeration->name);
        if (t.fields) j_.key("record").string(t.fields->name);
        const bool calls = t.kind == type_kind::callback;
        if (t.key) {
            j_.key("key");
            write(*t.key);
        }
        if (calls || !t.alternatives.empty()) {
            j_.key(calls ? "parameters" : "alternatives").begin_array();
            for (const auto* a : t.alternatives) write(*a);
            j_.end_array();
        }
        if (t.element) {
            j_.key(calls ? "result" : "element");
            write(*t.element);
        }
        j_.end_object();
    }

    void write(const enum_description& e) {
        j_.begin_object();
        j_.key("name").string(e.name);
        j_.key("items").begin_array();
        for (const auto& i : e.items) {
            j_.begin_object_on_one_line();
            j_.key("name").string(i.name);
            if (i.names) {
                j_.key("type");
                write(*i.names);
            }
            text("doc", i.doc);
            j_.end_object();
        }
        j_.end_array();
        j_.end_object();
    }

    void write(const record_description& r) {
        j_.begin_object();
        j_.key("name").string(r.name);
        j_.key("fields").begin_array();
        for (const auto& f : r.fields) {
            j_.begin_object_on_one_line();
            j_.key("name").string(f.name);
            j_.key("required").boolean(f.required);
            j_.key("type");
            write(*f.what);
            text("doc", f.doc);
            j_.end_object();
        }
        j_.end_array();
        j_.end_object();
    }

    /// A value that varies is not what is described: the file is the same on
    /// every machine, and only says what it is.
    void write(const constant_value& v, bool varies) {
        flag("varies", varies);
        j_.key(varies ? "type" : "value");
        if (const auto* b = std::get_if<bool>(&v))
            varies ? write_kind("boolean") : void(j_.boolean(*b));
        else if (const auto* d = std::get_if<double>(&v))
            varies ? write_kind("integer") : void(j_.number(*d));
        else if (const auto* s = std::get_if<const char*>(&v))
            varies ? write_kind("string") : void(j_.string(*s));
        else
            throw std::logic_error{"a constant is a boolean, number or string"};
    }

    void write_kind(const char* kind) {
        j_.begin_object_on_one_line();
        j_.key("kind").string(kind);
        j_.end_object();
    }

    void text(const char* key, const char* s) {
        if (*s) j_.key(key).string(s);
    }
    void flag(const char* key, bool set) {
        if (set) j_.key(key).boolean(true);
    }
    void names(const char* key, languages set) {
        j_.key(key).begin_array();
        if (has(set, languages::lua)) j_.string("lua");
        if (has(set, languages::typescript)) j_.string("typescript");
        j_.end_array();
    }

    const description_check& known_;
    json_writer j_;
};

} // namespace

std::string manifest_of(std::span<const module_description* const> modules) {
    description_check known;
    for (const auto* m : modules) known.module(*m);
    return manifest_writer{known}.write(modules);
}

} // namespace emilua
