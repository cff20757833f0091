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

std::optional<directory_reader::item> directory_reader::next() {
    for (;;) {
        if (at_ == size_) {
            if (!buffer_)
                buffer_ = std::make_unique_for_overwrite<std::byte[]>(capacity);
            const long n =
                ::syscall(SYS_getdents64, fd_.get(), buffer_.get(), capacity);
            if (n < 0 && errno == ENOENT) return std::nullopt; // it was removed
            if (n < 0) throw_errno("getdents64");
            if (n == 0) return std::nullopt;
            at_ = 0;
            size_ = static_cast<std::size_t>(n);
        }
        const auto* entry =
            reinterpret_cast<const dirent64*>(buffer_.get() + at_);
        at_ += entry->d_reclen;
        const std::string_view name{entry->d_name};
        if (name != "." && name != "..") return item{name, entry->d_type};
    }
}

void directory_reader::rewind() {
    if (::lseek(fd_.get(), 0, SEEK_SET) != 0) throw_errno("lseek");
    at_ = size_ = 0;
}

} // namespace emilua::filesystem
