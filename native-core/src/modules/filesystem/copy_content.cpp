// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/copy_content.hpp"

#include "modules/filesystem/failures.hpp"

#include <emilua/unique_descriptor.hpp>

#include <fcntl.h>
#include <tuple>
#include <unistd.h>

namespace emilua::filesystem {
namespace {

bool is_newer(const struct stat& a, const struct stat& b) noexcept {
    return std::tie(a.st_mtim.tv_sec, a.st_mtim.tv_nsec) >
           std::tie(b.st_mtim.tv_sec, b.st_mtim.tv_nsec);
}

unique_descriptor open_at(place_in_folder p, int flags, bool follow,
                          const char* argument) {
    int fd;
    do {
        fd = ::openat(p.folder, p.name,
                      flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
                          (follow ? 0 : O_NOFOLLOW),
                      S_IWUSR);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0) throw_errno("open", argument);
    return unique_descriptor{fd};
}

void write_all(int fd, const char* data, std::size_t size) {
    while (size != 0) {
        const auto n = ::write(fd, data, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw_errno("write", "to");
        data += n;
        size -= static_cast<std::size_t>(n);
    }
}

/// What the kernel does not copy by itself: between some file systems, and from
/// files that do not know their size, as those of /proc.
void copy_through_memory(int from, int to) {
    constexpr std::size_t size = 131072;
    const auto buffer = std::make_unique_for_overwrite<char[]>(size);
    for (;;) {
        const auto n = ::read(from, buffer.get(), size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw_errno("read", "from");
        if (n == 0) return;
        write_all(to, buffer.get(), static_cast<std::size_t>(n));
    }
}

void copy_bytes(int from, int to) {
    constexpr std::size_t portion = 1 << 30;
    bool any = false;
    for (;;) {
        const auto n =
            ::copy_file_range(from, nullptr, to, nullptr, portion, 0);
        if (n > 0) {
            any = true;
            continue;
        }
        if (n < 0 && errno == EINTR) continue;
        if (n == 0 && any) return;
        if (n < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO ||
                      errno == EFBIG))
            throw_errno("copy_file_range", "to");
        return copy_through_memory(from, to);
    }
}

} // namespace

bool copy_content(place_in_folder from, place_in_folder to,
                  std::optional<on_existing> existing,
                  const struct stat& from_st, const struct stat* to_st,
                  bool follow_from, bool follow_to) {
    if (!S_ISREG(from_st.st_mode)) throw_code(EINVAL, "open", "from");
    if (to_st) {
        if (!S_ISREG(to_st->st_mode)) throw_code(EINVAL, "open", "to");
        if (to_st->st_dev == from_st.st_dev && to_st->st_ino == from_st.st_ino)
            throw_code(EEXIST, "open", "to");
        if (existing == on_existing::skip) return false;
        if (existing == on_existing::update && !is_newer(from_st, *to_st))
            return false;
        if (!existing) throw_code(EEXIST, "open", "to");
    }
    const auto in = open_at(from, O_RDONLY, follow_from, "from");
    struct stat now;
    if (::fstat(in.get(), &now) != 0) throw_errno("fstat", "from");
    // Something else was put there meanwhile.
    if (!S_ISREG(now.st_mode)) throw_code(EINVAL, "open", "from");
    const bool replaces = existing && existing != on_existing::skip;
    unique_descriptor out;
    try {
        out = open_at(to, O_WRONLY | O_CREAT | (replaces ? O_TRUNC : O_EXCL),
                      follow_to, "to");
    } catch (const failure& f) {
        if (f.code.value() == EEXIST && existing == on_existing::skip)
            return false;
        throw;
    }
    if (::fchmod(out.get(), now.st_mode & 07777) != 0)
        throw_errno("fchmod", "to");
    copy_bytes(in.get(), out.get());
    return true;
}

} // namespace emilua::filesystem
