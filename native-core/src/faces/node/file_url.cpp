// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/file_url.hpp"

#include <charconv>

namespace emilua::node {

std::optional<std::string> text_of_url(napi_env env, napi_value v) {
    if (type_of_value(env, v) != napi_object) return std::nullopt;
    napi_value href;
    check(napi_get_named_property(env, v, "href", &href));
    if (type_of_value(env, href) != napi_string) return std::nullopt;
    return read_string(env, href);
}

std::optional<std::string> path_of_file_url(std::string_view href) {
    constexpr std::string_view before = "file://";
    if (!href.starts_with(before)) return std::nullopt;
    href.remove_prefix(before.size());
    if (!href.starts_with('/')) return std::nullopt;
    href = href.substr(0, href.find_first_of("?#"));
    std::string path;
    path.reserve(href.size());
    for (std::size_t i = 0; i < href.size(); ++i) {
        if (href[i] != '%') {
            path += href[i];
            continue;
        }
        unsigned byte = 0;
        const char* const digits = href.data() + i + 1;
        if (href.size() - i < 3 ||
            std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2 ||
            byte == '/')
            return std::nullopt;
        path += static_cast<char>(byte);
        i += 2;
    }
    return path;
}

} // namespace emilua::node
