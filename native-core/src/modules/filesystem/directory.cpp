// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/directory.hpp"

#include <sys/stat.h>

namespace emilua::filesystem {
namespace {

[[noreturn]] void throw_code(int code, const char* syscall = nullptr) {
    throw failure{error_code{code, boost::system::system_category()}, syscall};
}

} // namespace

// --- entries ----------------------------------------------------------------

directory_entry::directory_entry(filesystem::path p, int depth)
    : path_{std::move(p)}, depth_{depth} {
    look();
}

void directory_entry::look() noexcept {
    struct stat st {};
    error_ = ::stat(path_.get().c_str(), &st) == 0 ? 0 : errno;
    mode_ = st.st_mode;
    size_ = static_cast<std::uint64_t>(st.st_size);
}

std::uint64_t directory_entry::file_size() const {
    if (error_) throw_code(error_, "stat");
    if (S_ISDIR(mode_)) throw_code(EISDIR);
    if (!S_ISREG(mode_)) throw_code(ENOTSUP);
    return size_;
}

void directory_entry::refresh() {
    look();
    // A link that leads nowhere is still there.
    struct stat st;
    if (error_ && ::lstat(path_.get().c_str(), &st) != 0) throw_errno("lstat");
}

// --- iteration --------------------------------------------------------------

directory_walk::directory_walk(path p,
                               std::optional<recursive_directory_options> opts)
    : root_{std::move(p)} {
    using std::filesystem::directory_options;
    if (!opts) return;
    if (opts->skip_permission_denied)
        options_ |= directory_options::skip_permission_denied;
    if (opts->follow_directory_symlink)
        options_ |= directory_options::follow_directory_symlink;
}

directory_walk
directory_walk::open(path p, std::optional<recursive_directory_options> opts) {
    directory_walk walk{std::move(p), opts};
    walk.start();
    return walk;
}

directory_walk
directory_walk::later(path p, std::optional<recursive_directory_options> opts) {
    return {std::move(p), opts};
}

void directory_walk::start() {
    root_.c_str("p");
    // What fails ends it.
    position_ = position::ended;
    std::error_code ec;
    at_ = {root_.get(), options_, ec};
    if (ec)
        throw failure{error_code{ec.value(), boost::system::system_category()},
                      "opendir", "p"};
    position_ = position::at_first;
}

void directory_walk::advance() {
    const std::filesystem::recursive_directory_iterator end;
    std::error_code ec;
    bool moved = position_ == position::at_first;
    for (; pops_ > 0 && at_ != end && !ec; --pops_) {
        at_.pop(ec);
        moved = true;
    }
    if (at_ != end && !ec) {
        if (!recursion_pending_) at_.disable_recursion_pending();
        if (!moved) at_.increment(ec);
    }
    recursion_pending_ = true;
    position_ = at_ != end && !ec ? position::at_last_given : position::ended;
    if (ec) throw_code(ec.value());
}

std::optional<directory_entry> directory_walk::next() {
    if (position_ == position::unopened) start();
    if (position_ != position::ended) advance();
    if (position_ == position::ended) {
        close();
        return std::nullopt;
    }
    return directory_entry{path{at_->path()}, at_.depth()};
}

std::optional<std::tuple<directory_entry, int>>
directory_walk::next_and_depth() {
    auto entry = next();
    if (!entry) return std::nullopt;
    const int depth = entry->depth();
    return std::tuple{std::move(*entry), depth};
}

void directory_walk::close() {
    at_ = {};
    position_ = position::ended;
}

} // namespace emilua::filesystem
