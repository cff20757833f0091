// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/directory_walk.hpp"

#include "modules/filesystem/failures.hpp"

#include <dirent.h>
#include <fcntl.h>

namespace emilua::filesystem {
namespace {

file_type type_of_dirent(unsigned char type) noexcept {
    return type_of_mode(DTTOIF(type));
}

bool is_denied(int code) noexcept { return code == EACCES || code == EPERM; }

/// What was there a moment ago is gone, or was replaced.
bool is_gone(int code) noexcept {
    return code == ENOENT || code == ENOTDIR || code == ELOOP;
}

} // namespace

void directory_walk::start() {
    const char* const name = root_.c_str("p");
    started_ = true;
    auto fd = open_folder(AT_FDCWD, name, true);
    if (fd) {
        levels_.push_back({directory_reader{std::move(fd)},
                           std::make_shared<const std::string>(name)});
    } else if (!options_.skip_permission_denied || !is_denied(errno)) {
        throw_errno("opendir", "p");
    }
}

void directory_walk::close() noexcept {
    started_ = true;
    levels_.clear();
    last_.reset();
}

std::optional<directory_entry> directory_walk::next() {
    // What fails ends it.
    try {
        if (!started_) start();
        auto entry = advance();
        if (!entry) close();
        return entry;
    } catch (...) {
        close();
        throw;
    }
}

std::optional<directory_entry> directory_walk::advance() {
    if (pops_ >= levels_.size())
        levels_.clear();
    else if (pops_ > 0)
        levels_.erase(levels_.end() - pops_, levels_.end());
    else if (last_ && recursion_pending_)
        enter_last();
    pops_ = 0;
    recursion_pending_ = true;
    last_.reset();
    while (!levels_.empty()) {
        auto& top = levels_.back();
        const auto item = top.inside.next();
        if (!item) {
            levels_.pop_back();
            continue;
        }
        const auto type = item->type;
        if (!flat_ && (type == DT_DIR || type == DT_UNKNOWN ||
                       (type == DT_LNK && options_.follow_directory_symlink)))
            last_.emplace(std::string{item->name}, type);
        return directory_entry{top.text, item->name, type_of_dirent(type),
                               static_cast<int>(levels_.size()) - 1};
    }
    return std::nullopt;
}

void directory_walk::enter_last() {
    const auto& top = levels_.back();
    auto text = std::make_shared<std::string>(*top.text);
    if (!text->ends_with('/')) *text += '/';
    *text += last_->name;
    bool follow = false;
    if (last_->type != DT_DIR) {
        // By the whole path, which the system refuses to resolve where links
        // lead round in a circle.
        struct stat st;
        if (::lstat(text->c_str(), &st) != 0) return;
        follow = S_ISLNK(st.st_mode) && options_.follow_directory_symlink;
        if (follow && ::stat(text->c_str(), &st) != 0) return;
        if (!S_ISDIR(st.st_mode)) return;
    }
    auto fd = open_folder(top.inside.fd(), last_->name.c_str(), follow);
    if (fd) {
        levels_.push_back({directory_reader{std::move(fd)}, std::move(text)});
    } else if (!is_gone(errno) &&
               !(options_.skip_permission_denied && is_denied(errno))) {
        throw_errno("opendir");
    }
}

} // namespace emilua::filesystem
