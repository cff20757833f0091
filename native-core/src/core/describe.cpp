// SPDX-License-Identifier: MIT OR BSL-1.0
#include <emilua/describe.hpp>

#include "core/similar.hpp"

namespace emilua {

const char* name_of(metamethod m) noexcept {
    switch (m) {
    case metamethod::tostring:
        return "tostring";
    case metamethod::eq:
        return "eq";
    case metamethod::lt:
        return "lt";
    case metamethod::le:
        return "le";
    case metamethod::add:
        return "add";
    case metamethod::sub:
        return "sub";
    case metamethod::div:
        return "div";
    case metamethod::concat:
        return "concat";
    case metamethod::len:
        return "len";
    case metamethod::call:
        return "call";
    }
    return "";
}

namespace {

/// With the article it needs.
std::string one(const std::string& name) {
    const bool vowel =
        std::string_view{"aeiou"}.find(name[0]) != std::string_view::npos;
    return (vowel ? "an " : "a ") + name;
}

std::string names_of(const enum_description& e) {
    std::string s;
    for (const auto& i : e.items) {
        if (!s.empty()) s += ", ";
        s += std::string{'"'} + i.name + '"';
    }
    return s;
}

} // namespace

void unpack_object(const class_description& cls, void* to, vm& owner,
                   parcel p) {
    const auto version = cls.moves.version;
    if (p.version != version) {
        failure f{error_code{EBADMSG, boost::system::system_category()}};
        f.expected = "an object packed by version " + std::to_string(version) +
                     " of its class, not " + std::to_string(p.version);
        throw f;
    }
    cls.moves.unpack(to, owner, std::move(p));
}

std::string explain(const type& t) {
    switch (t.kind) {
    case type_kind::nothing:
        return "nothing";
    case type_kind::boolean:
        return "a boolean";
    case type_kind::integer: {
        auto text = [](double v) {
            return std::to_string(static_cast<std::int64_t>(v));
        };
        return "an integer from " + text(t.minimum) + " to " + text(t.maximum);
    }
    case type_kind::integer64:
        return t.is_signed ? "an integer of 64 bits"
                           : "an integer of 64 bits that is not negative";
    case type_kind::number:
        return "a number";
    case type_kind::string:
        return "a string";
    case type_kind::secret:
        return "a string or a byte_span";
    case type_kind::mutable_bytes:
    case type_kind::const_bytes:
        return "a byte_span";
    case type_kind::object: {
        const auto& c = *t.cls;
        const std::string name = c.name ? c.name : "described class";
        // A module that is called as its only class.
        const bool same = c.module && name == c.module;
        return one(c.module && !same ? c.module + ("." + name) : name);
    }
    case type_kind::enumeration:
        return "one of " + names_of(*t.enumeration);
    case type_kind::flags:
        return "a list of " + names_of(*t.enumeration);
    case type_kind::list:
        return "a list of which each is " + explain(*t.element);
    case type_kind::map:
        return t.key->kind == type_kind::string
                   ? "a table whose keys are strings"
                   : "a table whose keys are integers";
    case type_kind::record: {
        std::string s;
        for (const auto& f : t.fields->fields) {
            if (!s.empty()) s += ", ";
            s += f.name;
        }
        return "a table of " + s;
    }
    case type_kind::optional:
        return explain(*t.element) + " or nothing";
    case type_kind::one_of: {
        std::string s;
        const char* separator = "";
        for (const auto* a : t.alternatives) {
            s += separator + explain(*a);
            separator = " or ";
        }
        return s;
    }
    case type_kind::callback:
        return "a function";
    case type_kind::any:
        return "a value that can be copied";
    }
    return {};
}

namespace detail {
namespace {

bool is_empty(reader& r, place p) { return r.size(p) == 0; }

bool fits_kind(reader& r, place p, type_kind k, const type& t) {
    switch (t.kind) {
    case type_kind::integer:
    case type_kind::number:
        return k == type_kind::number;
    case type_kind::integer64:
        return k == type_kind::integer64 || k == type_kind::number;
    case type_kind::secret:
        return k == type_kind::string || k == type_kind::mutable_bytes;
    case type_kind::enumeration:
        return k == type_kind::string &&
               find_item(*t.enumeration, r.string(p)) != nullptr;
    case type_kind::flags:
        return k == type_kind::list;
    case type_kind::const_bytes:
        return k == type_kind::mutable_bytes;
    case type_kind::map:
        return k == type_kind::record || k == type_kind::list;
    case type_kind::record:
        return k == type_kind::record ||
               (k == type_kind::list && is_empty(r, p));
    case type_kind::any:
        return true;
    default:
        return k == t.kind;
    }
}

/// Refuses every key that is no field.
class unknown_keys final : public entry_visitor {
public:
    unknown_keys(reader& r, const record_description& d) noexcept
        : entry_visitor{false}, r_{r}, d_{d} {}

    void text_key(std::string_view key, place at) override {
        for (const auto& f : d_.fields)
            if (r_.spells(key, f.name)) return r_.forget(at);
        if (r_.is_nil(at)) return r_.forget(at);
        argument_error e;
        e.expected =
            "one of the fields " + spelled_fields() + is_it_meant(meant(key));
        e.path.push_back({path_step::kind::key, std::string{key}, 0});
        throw e;
    }
    void integer_key(std::int64_t, place) override { other_key(); }
    void other_key() override { refuse(); }

private:
    std::string meant(std::string_view key) const {
        const auto usual = usual_name_here(key);
        similar_name similar{key};
        for (const auto& f : d_.fields) {
            if (usual == f.name) return r_.spelled(f.name);
            similar.consider(r_.spelled(f.name));
        }
        return similar.best();
    }

    std::string spelled_fields() const {
        std::string s;
        for (const auto& f : d_.fields) {
            if (!s.empty()) s += ", ";
            s += r_.spelled(f.name);
        }
        return s;
    }

    reader& r_;
    const record_description& d_;
};

} // namespace

bool fits(reader& r, place p, const type& t, bool as_text) {
    switch (t.kind) {
    case type_kind::nothing:
        return r.is_nil(p);
    case type_kind::optional:
        return r.is_nil(p) || fits(r, p, *t.element, as_text);
    case type_kind::one_of:
        for (const auto* a : t.alternatives)
            if (fits(r, p, *a, as_text)) return true;
        return false;
    case type_kind::object:
        // Text is meant as text where there is an alternative for it.
        return r.object(p, *t.cls) && (as_text || !t.cls->text_will_do ||
                                       r.kind(p) != type_kind::string);
    default:
        return fits_kind(r, p, r.kind(p), t);
    }
}

void read_record(reader& r, place p, const record_description& d,
                 void* record) {
    const auto kind = r.kind(p);
    if (kind != type_kind::record &&
        !(kind == type_kind::list && is_empty(r, p)))
        refuse();
    unknown_keys visitor{r, d};
    r.entries(p, visitor);
    for (const auto& f : d.fields) {
        const auto at = r.field(p, f.name);
        try {
            if (!r.is_nil(at))
                f.read(r, at, record);
            else if (f.required)
                refuse();
        } catch (argument_error& e) {
            if (!e.wanted) e.wanted = f.what;
            e.path.push_back({path_step::kind::field, f.name, 0});
            throw;
        }
        if (!f.borrows) r.forget(at);
    }
}

void write_record(results& out, const record_description& d, void* record) {
    out.begin_record(d.fields.size());
    for (const auto& f : d.fields) {
        out.field(f.name);
        f.write(out, record);
    }
    out.end();
}

} // namespace detail
} // namespace emilua
