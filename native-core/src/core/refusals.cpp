// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/refusals.hpp"

namespace emilua {

const member* text_constructor(const class_description& cls, languages l) {
    for (const auto& m : cls.members) {
        const auto& p = m.parameters;
        if (m.kind != member_kind::constructor || !has(m.offered, l) ||
            p.size() != 1)
            continue;
        const auto* t = p[0].what;
        if (t->kind == type_kind::optional) t = t->element;
        if (t->kind == type_kind::string) return &m;
    }
    return nullptr;
}

} // namespace emilua
