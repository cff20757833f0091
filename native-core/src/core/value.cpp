// SPDX-License-Identifier: MIT OR BSL-1.0
#include <emilua/value.hpp>

namespace emilua {

const value& value::operator[](std::string_view key) const noexcept {
    static const value nil;
    if (auto* r = as<record>())
        for (const auto& [k, v] : *r)
            if (k == key) return v;
    return nil;
}

} // namespace emilua
