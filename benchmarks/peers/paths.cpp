// SPDX-License-Identifier: MIT OR BSL-1.0
// The same with std::filesystem::path.
#include "rate.hpp"

#include <filesystem>

int main() {
    const std::filesystem::path base{"/srv/site/pages"};
    const auto p = base / "a/../b.txt";
    std::size_t sink = 0;
    rate("path_join", [&] { sink += (base / "a/../b.txt").native().size(); });
    rate("path_normal", [&] { sink += p.lexically_normal().native().size(); });
    rate("path_parts", [&] {
        sink += p.parent_path().native().size() + p.extension().native().size();
    });
    rate("path_relative",
         [&] { sink += p.lexically_relative(base).native().size(); });
    return sink == 0;
}
