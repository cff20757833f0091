// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/directory_reader.hpp"

#include <emilua/error.hpp>

#include <cstddef>
#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>

namespace emilua::filesystem {

unique_descriptor open_folder(int at, const char* name,
                              bool follow_symlink) noexcept {
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK |
                      (follow_symlink ? 0 : O_NOFOLLOW);
    int fd;
    do {
        fd = ::openat(at, name, flags);
    } while (fd < 0 && errno == EINTR);
    return unique_descriptor{fd};
}

directory_reader::item directory_reader::read(std::size_t& at) const noexcept {
    const auto* entry = reinterpret_cast<const dirent64*>(buffer_.get() + at);
    at += entry->d_reclen;
    return {entry->d_name, entry->d_type};
}

void directory_reader::fill() {
    if (!buffer_)
        buffer_ = std::make_unique_for_overwrite<std::byte[]>(capacity);
    at_ = size_ = 0;
    while (!at_end_ && capacity - size_ >= largest_entry) {
        const long n = ::syscall(SYS_getdents64, fd_.get(),
                                 buffer_.get() + size_, capacity - size_);
        // ENOENT: the folder was removed.
        if (n < 0 && errno != ENOENT) {
            // What has come before is given first.
            if (size_ != 0) return;
            throw_errno("getdents64");
        }
        at_end_ = n <= 0;
        if (n > 0) size_ += static_cast<std::size_t>(n);
    }
}

std::optional<directory_reader::item> directory_reader::next() {
    for (;;) {
        if (at_ == size_) {
            if (at_end_) return std::nullopt;
            fill();
            continue;
        }
        const auto i = read(at_);
        if (!is_dots(i.name)) return i;
    }
}

directory_reader::ahead directory_reader::look_ahead() noexcept {
    while (at_ != size_) {
        auto after = at_;
        if (!is_dots(read(after).name)) return ahead::something;
        at_ = after;
    }
    return at_end_ ? ahead::the_end : ahead::unknown;
}

void directory_reader::rewind() {
    if (::lseek(fd_.get(), 0, SEEK_SET) != 0) throw_errno("lseek");
    at_ = size_ = 0;
    at_end_ = false;
}

} // namespace emilua::filesystem
