// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/types/manifest.hpp"
#include "modules/modules.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

/// emilua-describe: prints the manifest on the standard output.
int main() try {
    const auto text = emilua::manifest_of(emilua::builtin_modules());
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
