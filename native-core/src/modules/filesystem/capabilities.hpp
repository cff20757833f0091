// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/path.hpp"
#include "modules/system/linux_capabilities.hpp"

/// What programs gain by being executed from a file.

namespace emilua::filesystem {

using system::linux_capabilities;
/// What a file is to have: a copy, so that any thread can use it. Nothing takes
/// away what it has.
struct capabilities_to_set {
    using given = std::optional<ref<linux_capabilities>>;

    std::optional<linux_capabilities> caps;
};
/// The same as cap_from_text(3) has it, for TypeScript, whose package of the
/// class needs the one of paths.
using capability_text = std::optional<c_string>;

linux_capabilities cap_get_file(path path);
void cap_set_file(filesystem::path path, capabilities_to_set caps);
std::string get_text_of_file(path path);
void set_text_of_file(filesystem::path path, capability_text caps);

/// Throws EINVAL for the argument "caps" where the text is none.
capabilities_to_set capabilities_of(const capability_text& text);

} // namespace emilua::filesystem

template <>
struct emilua::type_traits<emilua::filesystem::capabilities_to_set>
    : traits_base {
    using given = type_traits<filesystem::capabilities_to_set::given>;
    static constexpr const type& description = given::description;
    static filesystem::capabilities_to_set read(reader& r, place p) {
        const auto v = given::read(r, p);
        if (!v) return {};
        return {(*v)->dup()};
    }
};
