// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/types/manifest.hpp"
#include "faces/types/json.hpp"

#include <map>

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
    case type_kind::number:
        return "number";
    case type_kind::string:
        return "string";
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
    case type_kind::record:
        return "record";
    case type_kind::optional:
        return "optional";
    case type_kind::one_of:
        return "one_of";
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
    std::string write(const std::vector<const module_description*>& modules) {
        j_.begin_object();
        j_.key("modules").begin_array();
        for (const auto* m : modules) write(*m);
        j_.end_array();
        j_.key("enums").begin_array();
        for (const auto& [name, e] : enums_) write(*e);
        j_.end_array();
        // Writing a record can meet records inside it.
        std::map<std::string, const record_description*> written;
        j_.key("records").begin_array();
        while (written.size() < records_.size()) {
            const auto known = records_;
            for (const auto& [name, r] : known)
                if (written.emplace(name, r).second) write(*r);
        }
        j_.end_array();
        j_.end_object();
        return j_.text() + '\n';
    }

private:
    void write(const module_description& m) {
        j_.begin_object();
        j_.key("name").string(m.name);
        j_.key("doc").string(m.doc);
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
        j_.key("doc").string(c.doc);
        if (c.is_value()) j_.key("value").boolean(true);
        if (!c.traits.empty()) {
            j_.key("traits").begin_array();
            for (const auto& t : c.traits) j_.string(t);
            j_.end_array();
        }
        if (!c.metamethods.empty()) {
            j_.key("metamethods").begin_array();
            for (const auto& m : c.metamethods) j_.string(name_of(m.which));
            j_.end_array();
        }
        j_.key("members").begin_array();
        for (const auto& m : c.members) write(m);
        j_.end_array();
        j_.end_object();
    }

    void write(const member& m) {
        j_.begin_object();
        j_.key("name").string(m.name);
        j_.key("kind").string(name_of(m.kind));
        j_.key("doc").string(m.doc);
        if (!m.details.empty()) j_.key("details").string(m.details);
        if (m.suspends) j_.key("suspends").boolean(true);
        if (m.master_only) j_.key("master_only").boolean(true);
        if (m.fixed) j_.key("fixed").boolean(true);
        if (m.assign) j_.key("writable").boolean(true);
        if (m.kind == member_kind::constant) {
            j_.key("value");
            write(m.constant);
        }
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
        j_.end_object();
    }

    void write_named(const std::string& name, const std::string& doc,
                     const type& t, bool variadic = false) {
        j_.begin_object();
        if (!name.empty()) j_.key("name").string(name);
        if (!doc.empty()) j_.key("doc").string(doc);
        j_.key("type");
        write(t);
        if (variadic) j_.key("variadic").boolean(true);
        j_.end_object();
    }

    void write(const type& t) {
        j_.begin_object();
        j_.key("kind").string(name_of(t.kind));
        if (t.kind == type_kind::integer) {
            j_.key("minimum").number(t.minimum);
            j_.key("maximum").number(t.maximum);
        }
        if (t.cls) {
            j_.key("module").string(t.cls->module);
            j_.key("class").string(t.cls->name);
        }
        if (t.enumeration) {
            enums_.emplace(t.enumeration->name, t.enumeration);
            j_.key("enum").string(t.enumeration->name);
        }
        if (t.fields) {
            records_.emplace(t.fields->name, t.fields);
            j_.key("record").string(t.fields->name);
        }
        if (t.element) {
            j_.key("element");
            write(*t.element);
        }
        if (!t.alternatives.empty()) {
            j_.key("alternatives").begin_array();
            for (const auto* a : t.alternatives) write(*a);
            j_.end_array();
        }
        j_.end_object();
    }

    void write(const enum_description& e) {
        j_.begin_object();
        j_.key("name").string(e.name);
        j_.key("items").begin_array();
        for (const auto& i : e.items) {
            j_.begin_object();
            j_.key("name").string(i.name);
            if (!i.doc.empty()) j_.key("doc").string(i.doc);
            j_.end_object();
        }
        j_.end_array();
        j_.end_object();
    }

    void write(const record_description& r) {
        j_.begin_object();
        j_.key("name").string(r.name);
        j_.key("fields").begin_array();
        for (const auto& f : r.fields) write_named(f.name, f.doc, *f.what);
        j_.end_array();
        j_.end_object();
    }

    void write(const value& v) {
        if (const auto* b = v.as<bool>())
            j_.boolean(*b);
        else if (const auto* d = v.as<double>())
            j_.number(*d);
        else if (const auto* i = v.as<std::int64_t>())
            j_.number(static_cast<double>(*i));
        else if (const auto* s = v.as<std::string>())
            j_.string(*s);
        else
            throw std::logic_error{"a constant is a boolean, number or string"};
    }

    json_writer j_;
    std::map<std::string, const enum_description*> enums_;
    std::map<std::string, const record_description*> records_;
};

} // namespace

std::string manifest_of(const std::vector<const module_description*>& modules) {
    return manifest_writer{}.write(modules);
}

} // namespace emilua
