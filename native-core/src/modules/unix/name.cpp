// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/unix/name.hpp"

#include <cstring>

namespace emilua::unix {

name name::of(const std::string& text, const char* argument) {
    if (text.empty())
        throw_invalid_argument(argument, "a path, or a name behind NUL");
    // The kernel would stop at it.
    if (text.front() != '\0' && text.find('\0') != std::string::npos)
        throw_invalid_argument(argument, "a path without NUL");
    name n;
    if (text.size() > sizeof(n.address_.sun_path)) {
        failure f{error_code{ENAMETOOLONG, boost::system::system_category()}};
        f.argument = argument;
        f.expected =
            "a path of at most 108 bytes, not " + std::to_string(text.size());
        throw f;
    }
    std::memcpy(n.address_.sun_path, text.data(), text.size());
    // A path ends in NUL where there is room for one, a name never does.
    n.resize(path_offset + text.size() + (text.front() != '\0'));
    return n;
}

name name::of_endpoint(const operand& ep) {
    auto* text = std::get_if<std::string>(&ep);
    if (!text || !text->starts_with('@')) return of(ep, "ep");
    auto named = *text;
    named.front() = '\0';
    return of(named, "ep");
}

path name::to_path() const {
    if (empty()) return {};
    const auto* text = address_.sun_path;
    const std::size_t size = size_ - path_offset;
    return path{
        std::string{text, is_abstract() ? size : ::strnlen(text, size)}};
}

} // namespace emilua::unix
