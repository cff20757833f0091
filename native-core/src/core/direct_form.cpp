// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/direct_form.hpp"

#include <algorithm>

namespace emilua {
namespace {

bool takes(const type& t, type_kind k) noexcept {
    if (t.kind == k) return true;
    return t.kind == type_kind::one_of &&
           std::ranges::any_of(t.alternatives,
                               [k](const type* a) { return a->kind == k; });
}

bool is_number(const type& t) noexcept {
    return t.kind == type_kind::integer || t.kind == type_kind::number;
}

const char* handed_over_as(const type& t) noexcept {
    if (is_number(t)) return "number";
    if (t.consumed) return nullptr;
    if (takes(t, type_kind::object)) return "object";
    if (t.kind == type_kind::list && t.element->kind == type_kind::object &&
        !t.element->consumed)
        return "list";
    if (t.kind == type_kind::flags || t.kind == type_kind::optional)
        return "nothing";
    return nullptr;
}

} // namespace

std::optional<direct_form> direct_form_of(const member& m) {
    if (!m.prompt || m.kind != member_kind::method || m.master_only) return {};
    const auto& all = m.parameters;
    if (all.empty() || all.size() > 1 + direct_form::most_arguments) return {};
    const auto& bytes = *all[0].what;
    if (!takes(bytes, type_kind::mutable_bytes) &&
        !takes(bytes, type_kind::const_bytes))
        return {};
    direct_form form{};
    for (std::size_t i = 1; i < all.size(); ++i) {
        const char* how = handed_over_as(*all[i].what);
        if (!how || all[i].variadic) return {};
        form.arguments.push_back(how);
    }
    std::string results;
    for (const type* r : m.result_types) {
        const auto* o = r->kind == type_kind::list ? r->element : r;
        if (is_number(*r))
            results += 'n';
        else if (o->kind == type_kind::object &&
                 o->cls->size <= direct_form::largest_object)
            results += o == r ? 'o' : 'l';
        else
            return {};
    }
    for (const char* known : {"n", "no", "non", "nl"})
        if (results == known) form.results = known;
    if (!form.results) return {};
    return form;
}

} // namespace emilua
