// SPDX-License-Identifier: MIT OR BSL-1.0
#include "programs/built_in_hooks.hpp"

#include "core/built_in.hpp"

#include <emilua/state.hpp>

namespace emilua {

// Each is null where nobody defined it.
void use_built_in_modules() {
    set_built_in_modules({.lua = get_builtin_module,
                          .turtle = get_builtin_rdf_ec,
                          .native = get_builtin_native_module});
}

std::string built_in_program() {
    if (!get_builtin_main) return {};
    std::string path{built_in_packages};
    return path.append("/").append(get_builtin_main()).append(".lua");
}

} // namespace emilua
