// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/capabilities.hpp"

namespace emilua::filesystem {

capabilities_to_set capabilities_of(const capability_text& text) {
    if (!text) return {};
    return {
        linux_capabilities{::cap_from_text(text->c_str()), nullptr, "caps"}};
}

linux_capabilities cap_get_file(path path) {
    return linux_capabilities{::cap_get_file(path.c_str("path")), "getxattr",
                              "path"};
}

void cap_set_file(filesystem::path path, capabilities_to_set caps) {
    if (::cap_set_file(path.c_str("path"),
                       caps.caps ? caps.caps->get() : nullptr) != 0)
        throw_errno(caps.caps ? "setxattr" : "removexattr", "path");
}

std::string get_text_of_file(path path) {
    return cap_get_file(std::move(path)).to_string();
}

void set_text_of_file(filesystem::path path, capability_text caps) {
    cap_set_file(std::move(path), capabilities_of(caps));
}

} // namespace emilua::filesystem
