// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/types/check.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace emilua {

namespace {

bool same_text(const char* a, const char* b) { return std::strcmp(a, b) == 0; }

bool same(const type& a, const type& b);

bool same(const type* a, const type* b) {
    return a == b || (a && b && same(*a, *b));
}

bool same(const enum_description& a, const enum_description& b) {
    return std::ranges::equal(a.items, b.items, [](auto& x, auto& y) {
        return same_text(x.name, y.name) && same_text(x.doc, y.doc) &&
               same(x.names, y.names);
    });
}

bool same(const record_description& a, const record_description& b) {
    return std::ranges::equal(a.fields, b.fields, [](auto& x, auto& y) {
        return same_text(x.name, y.name) && same_text(x.doc, y.doc) &&
               x.required == y.required && same(x.what, y.what);
    });
}

/// Of what is inside `a` and `b`; records in there are compared by name.
bool same(const type& a, const type& b) {
    if (a.kind != b.kind || a.minimum != b.minimum || a.maximum != b.maximum ||
        a.is_signed != b.is_signed || a.consumed != b.consumed ||
        a.cls != b.cls || a.named_by != b.named_by)
        return false;
    if (a.enumeration && !same_text(a.enumeration->name, b.enumeration->name))
        return false;
    if (a.fields && !same_text(a.fields->name, b.fields->name)) return false;
    return same(a.element, b.element) && same(a.key, b.key) &&
           std::ranges::equal(a.alternatives, b.alternatives,
                              [](auto* x, auto* y) { return same(x, y); });
}

template <class D>
void collect(std::map<std::string, const D*>& all, const D& d, const char* what,
             const std::string& where) {
    const auto [known, added] = all.emplace(d.name, &d);
    if (!added && known->second != &d && !same(*known->second, d)) {
        throw std::logic_error{
            where + ": there are two " + what + "s called " + d.name +
            " that are not the same; give one of them another name"};
    }
}

} // namespace

void description_check::module(const module_description& m) {
    module_ = &m;
    members(m.name, m.functions);
    for (const auto* c : m.classes) {
        const auto owner = std::string{m.name} + '.' + c->name;
        members(owner, c->members);
        if (c->moves.arrives_as && !c->moves.arrives_as->module) {
            throw std::logic_error{
                owner + ": arrives as an object of a class that no module "
                        "describes"};
        }
        for (const auto l : {languages::lua, languages::typescript}) {
            if (std::ranges::count_if(c->members, [l](const member& m) {
                    return m.iterates && has(m.offered, l);
                }) > 1)
                throw std::logic_error{owner + ": two members iterate"};
        }
        if (c->text_will_do && !c->is_value())
            throw std::logic_error{owner + ": text will do only for a value"};
        for (const auto& m : c->metamethods) operators(owner, m);
    }
}

void description_check::members(const std::string& owner,
                                const std::vector<member>& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto where = owner + '.' + all[i].name;
        for (std::size_t j = 0; j < i; ++j) {
            const int both = static_cast<int>(all[i].offered) &
                             static_cast<int>(all[j].offered);
            if (both != 0 && same_text(all[i].name, all[j].name))
                throw std::logic_error{where + " is described twice"};
        }
        one(where, all[i]);
    }
}

void description_check::operators(const std::string& owner,
                                  const class_description::operation_entry& m) {
    std::vector<const type*> types;
    m.types(types, types);
    for (const auto* t : types) visit(owner, *t);
}

void description_check::one(const std::string& where, const member& m) {
    for (const auto& p : m.parameters) visit(where, *p.what);
    for (const auto* r : m.result_types) visit(where, *r);
    const auto count = m.result_types.size();
    if (count > 1 && !m.tuple && m.result_names.size() != count) {
        throw std::logic_error{
            where + " has " + std::to_string(count) +
            " results, which TypeScript makes a record of: name each of them, "
            ".results({\"first\", \"second\"}), or say that they are a "
            ".tuple()"};
    }
    for (const auto& p : m.parameters) named(where, m, *p.what);
    for (const auto* r : m.result_types) named(where, m, *r);
    if (m.iterates && !m.parameters.empty())
        throw std::logic_error{where + " iterates and so takes no argument"};
    if (m.varies && m.kind != member_kind::constant)
        throw std::logic_error{where + " varies and is no constant"};
}

void description_check::named(const std::string& where, const member& m,
                              const type& t) {
    if (!t.named_by) return;
    const auto count =
        std::ranges::count_if(m.parameters, [](const parameter& p) {
            return p.what->kind == type_kind::enumeration;
        });
    const auto names = [&](const parameter& p) {
        return p.what->kind == type_kind::enumeration &&
               same_text(p.what->enumeration->name, t.named_by->name);
    };
    if (count != 1 || !std::ranges::any_of(m.parameters, names)) {
        throw std::logic_error{where + ": what is named by " +
                               t.named_by->name +
                               " needs a parameter that is one of them, and "
                               "no other enum beside it"};
    }
    for (const auto& i : t.named_by->items) {
        if (!i.names) {
            throw std::logic_error{where + ": " + t.named_by->name + '.' +
                                   i.name + " says no type of what it names"};
        }
    }
}

void description_check::visit(const std::string& where, const type& t) {
    if (const auto* c = t.cls) {
        if (!c->module) {
            // A record that holds itself is not known as one while its fields
            // are listed, and so becomes a class.
            throw std::logic_error{
                where + " uses a class that no module describes. If it is a "
                        "record: a record cannot hold itself, not in a list "
                        "or an optional either"};
        }
        if (!c->home && !same_text(c->module, module_->name)) {
            throw std::logic_error{
                where + " uses " + c->module + '.' + c->name +
                ", which is described elsewhere. Add to the header of the "
                "class: template <> struct emilua::described_in<…> { static "
                "constexpr const char* module = \"" +
                c->module + "\"; };"};
        }
    }
    if (t.enumeration) {
        const bool known = enums_.contains(t.enumeration->name);
        collect(enums_, *t.enumeration, "enum", where);
        if (!known) {
            for (const auto& i : t.enumeration->items)
                if (i.names)
                    visit(std::string{t.enumeration->name} + '.' + i.name,
                          *i.names);
        }
    }
    if (t.fields) {
        const bool known = records_.contains(t.fields->name);
        collect(records_, *t.fields, "record", where);
        if (!known) {
            for (const auto& f : t.fields->fields)
                visit(std::string{t.fields->name} + '.' + f.name, *f.what);
        }
    }
    if (t.element) visit(where, *t.element);
    if (t.key) visit(where, *t.key);
    for (const auto* a : t.alternatives) visit(where, *a);
}

} // namespace emilua
