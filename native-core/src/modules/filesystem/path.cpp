// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/path.hpp"

namespace emilua::filesystem {
namespace {

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        const auto at = [&](std::size_t n) {
            return static_cast<unsigned char>(text[i + n]);
        };
        const unsigned lead = at(0);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t size = lead < 0xC2   ? 0
                                 : lead < 0xE0 ? 2
                                 : lead < 0xF0 ? 3
                                 : lead < 0xF5 ? 4
                                               : 0;
        if (size == 0 || text.size() - i < size) return false;
        for (std::size_t n = 1; n < size; ++n)
            if ((at(n) & 0xC0) != 0x80) return false;
        if ((lead == 0xE0 && at(1) < 0xA0) || (lead == 0xED && at(1) > 0x9F) ||
            (lead == 0xF0 && at(1) < 0x90) || (lead == 0xF4 && at(1) > 0x8F))
            return false;
        i += size;
    }
    return true;
}

std::filesystem::path native(const operand& o) { return path::text_of(o); }

} // namespace

path path::of(const operand& o) {
    if (auto* p = std::get_if<path>(&o)) return *p;
    return path{std::get<std::string>(o)};
}

const std::string& path::text_of(const operand& o) {
    if (auto* p = std::get_if<path>(&o)) return p->text();
    return std::get<std::string>(o);
}

path path::parse(std::optional<std::string> text) {
    return text ? path{std::move(*text)} : path{};
}

path path::join_all(const rest<path>& parts) { return path{}.join(parts); }

path path::from_bytes(const value::bytes& bytes) { return path{bytes.data}; }

const char* path::c_str(const char* argument) const {
    if (text_.find('\0') != std::string::npos)
        throw_invalid_argument(argument, "a path without NUL");
    return text_.c_str();
}

path_iterator path::iterator() const {
    const auto p = get();
    return path_iterator{{p.begin(), p.end()}};
}

path path::make_preferred() const {
    auto p = get();
    return path{p.make_preferred()};
}

path path::remove_filename() const {
    auto p = get();
    return path{p.remove_filename()};
}

path path::replace_filename(const operand& replacement) const {
    auto p = get();
    return path{p.replace_filename(native(replacement))};
}

path path::replace_extension(const std::optional<operand>& replacement) const {
    auto p = get();
    return path{p.replace_extension(replacement ? native(*replacement)
                                                : std::filesystem::path{})};
}

path path::lexically_relative(const operand& base) const {
    return path{get().lexically_relative(native(base))};
}

path path::lexically_proximate(const operand& base) const {
    return path{get().lexically_proximate(native(base))};
}

path path::join(const rest<path>& parts) const {
    auto p = get();
    for (const auto& part : parts.values) p /= part.get();
    return path{p};
}

path path::concat(const path& suffix) const {
    // Of the text: operator+= of libstdc++ 12 writes beyond what it allocated.
    return path{text_ + suffix.text_};
}

path path::divide(const operand& a, const operand& b) {
    return path{native(a) / native(b)};
}

path path::concatenate(const operand& a, const operand& b) {
    return of(a).concat(of(b));
}

} // namespace emilua::filesystem

namespace emilua {

value wire_traits<filesystem::path>::to_wire(const filesystem::path& p) {
    if (filesystem::is_utf8(p.text())) return p.text();
    return value::bytes{p.text()};
}

filesystem::path wire_traits<filesystem::path>::from_wire(const value& v) {
    if (auto* text = v.as<std::string>()) return filesystem::path{*text};
    if (auto* bytes = v.as<value::bytes>())
        return filesystem::path{bytes->data};
    detail::refuse("a path");
}

} // namespace emilua
