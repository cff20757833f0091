// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/own_library.hpp"

#include "core/built_in.hpp"

#include <dlfcn.h>

namespace emilua {
namespace {

std::string& further_folder() {
    static std::string folder;
    return folder;
}

} // namespace

std::filesystem::path own_folder() {
    Dl_info here;
    static const char in_this_program = 0;
    std::error_code ec;
    const auto executable = std::filesystem::read_symlink("/proc/self/exe", ec);
    if (::dladdr(&in_this_program, &here) == 0 || !here.dli_fname)
        return executable.parent_path();
    // Of an executable it is what it was called by.
    const auto shared = std::filesystem::canonical(here.dli_fname, ec);
    const bool is_addon = !ec && shared.extension() == ".node";
    return (is_addon ? shared : executable).parent_path();
}

void look_for_libraries_in(std::string folder) {
    further_folder() = std::move(folder);
}

std::string find_own_library(const char* file) {
    if (auto inside = built_in_library(std::string{built_in_libraries} + file);
        !inside.empty())
        return inside;
    const auto folder = own_folder();
    std::error_code ec;
    for (const auto& place :
         {folder / file, folder.parent_path() / "lib/emilua-0.11" / file,
          further_folder() / std::filesystem::path{file}})
        if (std::filesystem::exists(place, ec)) return place.native();
    return {};
}

} // namespace emilua
