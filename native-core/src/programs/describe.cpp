// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/types/manifest.hpp"
#include "modules/modules.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

/// emilua-describe: prints the manifest on the standard output.
int main() try {
    std::vector<const emilua::module_description*> modules;
    for (const auto& m : emilua::builtin_modules())
        modules.push_back(emilua::find_module(m.name));
    const auto text = emilua::manifest_of(modules);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
        std::fflush(stdout) != 0) {
        std::perror("emilua-describe");
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::fprintf(stderr, "emilua-describe: %s\n", e.what());
    return EXIT_FAILURE;
}
