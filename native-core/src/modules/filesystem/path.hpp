// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <filesystem>

namespace emilua::filesystem {

class path;
class path_iterator;
/// A path that may be text in Lua too.
using operand = std::variant<path, std::string>;

/// A path: the bytes that the kernel takes, whatever they encode.
class path {
public:
    path() = default;
    explicit path(std::string text) noexcept : text_{std::move(text)} {}
    explicit path(const char* text) : text_{text} {}
    explicit path(const std::filesystem::path& p) : text_{p.native()} {}
    static path of(const operand& o);
    /// The text of either.
    static const std::string& text_of(const operand& o);
    static path parse(std::optional<std::string> text);
    static path join_all(const rest<path>& parts);
    static path from_bytes(const value::bytes& bytes);

    const std::string& text() const noexcept { return text_; }
    /// Taken apart, which few need.
    std::filesystem::path get() const { return text_; }
    /// For the kernel. Throws EINVAL for `argument` when there is a NUL inside.
    const char* c_str(const char* argument) const;

    std::string to_string() const { return text_; }
    std::string to_generic() const { return get().generic_string(); }
    value::bytes to_bytes() const { return {text_}; }
    path_iterator iterator() const;

    path make_preferred() const;
    path remove_filename() const;
    path replace_filename(const operand& replacement) const;
    path replace_extension(const std::optional<operand>& replacement) const;
    path lexically_normal() const { return path{get().lexically_normal()}; }
    path lexically_relative(const operand& base) const;
    path lexically_proximate(const operand& base) const;
    path join(const rest<path>& parts) const;
    path concat(const path& suffix) const;

    std::string root_name() const { return get().root_name(); }
    std::string root_directory() const { return get().root_directory(); }
    path root_path() const { return path{get().root_path()}; }
    path relative_path() const { return path{get().relative_path()}; }
    path parent_path() const { return path{get().parent_path()}; }
    std::string filename() const { return get().filename(); }
    std::string stem() const { return get().stem(); }
    std::string extension() const { return get().extension(); }

    bool empty() const noexcept { return text_.empty(); }
    bool has_root_path() const { return get().has_root_path(); }
    bool has_root_name() const { return get().has_root_name(); }
    bool has_root_directory() const { return get().has_root_directory(); }
    bool has_relative_path() const { return get().has_relative_path(); }
    bool has_parent_path() const { return get().has_parent_path(); }
    bool has_filename() const { return get().has_filename(); }
    bool has_stem() const { return get().has_stem(); }
    bool has_extension() const { return get().has_extension(); }
    bool is_absolute() const { return get().is_absolute(); }
    bool is_relative() const { return get().is_relative(); }

    std::size_t hash() const noexcept {
        return std::hash<std::string_view>{}(text_);
    }
    bool is_same(const path& o) const noexcept { return text_ == o.text_; }
    bool equal(const path& o) const { return get() == o.get(); }
    bool less(const path& o) const { return get() < o.get(); }
    bool less_equal(const path& o) const { return get() <= o.get(); }

    static path divide(const operand& a, const operand& b);
    static path concatenate(const operand& a, const operand& b);

private:
    std::string text_;
};

/// Goes through the parts of a path.
class path_iterator {
public:
    explicit path_iterator(std::vector<std::string> parts) noexcept
        : parts_{std::move(parts)} {}
    std::optional<std::string> next() {
        if (at_ == parts_.size()) return std::nullopt;
        return parts_[at_++];
    }

private:
    std::vector<std::string> parts_;
    std::size_t at_ = 0;
};

} // namespace emilua::filesystem

namespace emilua {

template <> struct described_in<filesystem::path> {
    static constexpr const char* module = "filesystem";
};

/// Travels as text, or as bytes where it is no UTF-8.
template <> struct wire_traits<filesystem::path> {
    static value to_wire(const filesystem::path& p);
    static filesystem::path from_wire(const value& v);
};

} // namespace emilua
