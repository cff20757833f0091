// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/directory_entry.hpp"

#include "modules/filesystem/failures.hpp"
#include "modules/filesystem/query.hpp"

namespace emilua::filesystem {

std::string directory_entry::text() const {
    std::string s;
    s.reserve(folder_->size() + 1 + name_.size());
    s = *folder_;
    if (!s.ends_with('/')) s += '/';
    return s += name_;
}

const directory_entry::look& directory_entry::target() const {
    if (!seen_) seen_ = std::make_unique<looks>();
    auto& seen = seen_->target;
    if (!seen) {
        seen.emplace();
        seen->code = ::stat(text().c_str(), &seen->st) == 0 ? 0 : errno;
    }
    return *seen;
}

const directory_entry::look& directory_entry::itself() const {
    if (!seen_) seen_ = std::make_unique<looks>();
    auto& seen = seen_->itself;
    if (!seen) {
        seen.emplace();
        seen->code = ::lstat(text().c_str(), &seen->st) == 0 ? 0 : errno;
    }
    return *seen;
}

template <class F> decltype(auto) directory_entry::naming_itself(F f) const {
    try {
        return f();
    } catch (failure& e) {
        e.path = text();
        throw;
    }
}

const struct stat& directory_entry::found() const {
    const auto& seen = target();
    if (seen.code) throw_code(seen.code, "stat");
    return seen.st;
}

file_type directory_entry::type() const {
    return type_ == file_type::unknown ? symlink_status().type : type_;
}

std::uint64_t directory_entry::file_size() const {
    return naming_itself([&] { return file_size_of(found(), nullptr); });
}

std::uint64_t directory_entry::hardlink_count() const {
    return naming_itself([&] { return found().st_nlink; });
}

file_time directory_entry::last_write_time() const {
    return naming_itself([&] { return last_write_time_of(found()); });
}

file_status directory_entry::status() const {
    const auto& seen = target();
    return naming_itself(
        [&] { return to_status(seen.code, seen.st, "stat", nullptr); });
}

file_status directory_entry::symlink_status() const {
    const auto& seen = itself();
    return naming_itself(
        [&] { return to_status(seen.code, seen.st, "lstat", nullptr); });
}

void directory_entry::refresh() {
    seen_.reset();
    const auto& now = itself();
    naming_itself([&] {
        if (now.code) throw_code(now.code, "lstat");
    });
    type_ = type_of_mode(now.st.st_mode);
    if (type_ == file_type::symlink)
        target();
    else
        seen_->target = now;
}

} // namespace emilua::filesystem
