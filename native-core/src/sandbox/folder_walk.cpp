// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/folder_walk.hpp"

#include <emilua/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

[[noreturn]] void fail(const char* syscall, const std::string& path) {
    failure f{error_code{errno, boost::system::system_category()}, syscall};
    f.path = path;
    throw f;
}

/// As much as there is, up to `size`.
std::size_t read_at(int fd, char* to, std::size_t size, off_t at,
                    const std::string& path) {
    std::size_t done = 0;
    while (done < size) {
        const auto n =
            ::pread(fd, to + done, size - done, at + static_cast<off_t>(done));
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) fail("pread", path);
        if (n == 0) break;
        done += static_cast<std::size_t>(n);
    }
    return done;
}

constexpr std::size_t buffer_size = 128 * 1024;

void copy_part(int from, int to, off_t at, off_t end, const std::string& path) {
    const std::unique_ptr<char[]> buffer{new char[buffer_size]};
    while (at < end) {
        const auto size = std::min<std::size_t>(
            buffer_size, static_cast<std::size_t>(end - at));
        const auto n = read_at(from, buffer.get(), size, at, path);
        if (n == 0) return;
        std::size_t done = 0;
        while (done < n) {
            const auto w = ::pwrite(to, buffer.get() + done, n - done,
                                    at + static_cast<off_t>(done));
            if (w == -1 && errno == EINTR) continue;
            if (w == -1) fail("pwrite", path);
            done += static_cast<std::size_t>(w);
        }
        at += static_cast<off_t>(n);
    }
}

} // namespace

std::vector<std::string> names_in(int folder) {
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy == -1) throw_errno("openat");
    const std::unique_ptr<DIR, int (*)(DIR*)> d{::fdopendir(copy), ::closedir};
    if (!d) {
        ::close(copy);
        throw_errno("fdopendir");
    }
    std::vector<std::string> r;
    for (;;) {
        errno = 0;
        const auto* const e = ::readdir(d.get());
        if (!e) break;
        const std::string_view name{e->d_name};
        if (name != "." && name != "..") r.emplace_back(name);
    }
    if (errno != 0) throw_errno("getdents64");
    std::sort(r.begin(), r.end());
    return r;
}

unique_descriptor open_below(int folder, const std::string& path, int flags) {
    open_how how{};
    how.flags = static_cast<unsigned>(flags | O_CLOEXEC | O_NOFOLLOW);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const char* const name = path.empty() ? "." : path.c_str();
    for (;;) {
        unique_descriptor fd{static_cast<int>(
            ::syscall(SYS_openat2, folder, name, &how, sizeof(how)))};
        // Something was renamed meanwhile.
        if (fd || errno != EAGAIN) return fd;
    }
}

std::string folder_of(const std::string& path) {
    const auto at = path.rfind('/');
    return at == path.npos ? std::string{} : path.substr(0, at);
}

std::string name_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

std::string joined(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : folder + '/' + name;
}

void copy_bytes(int from, int to, const std::string& path) {
    if (::ioctl(to, FICLONE, from) == 0) return;
    struct stat st;
    if (::fstat(from, &st) == -1) fail("fstat", path);
    if (::ftruncate(to, st.st_size) == -1) fail("ftruncate", path);
    for (off_t at = 0; at < st.st_size;) {
        const auto data = ::lseek(from, at, SEEK_DATA);
        if (data == -1 && errno == ENXIO) return;
        if (data == -1) return copy_part(from, to, at, st.st_size, path);
        const auto hole = ::lseek(from, data, SEEK_HOLE);
        at = hole == -1 ? st.st_size : hole;
        copy_part(from, to, data, at, path);
    }
}

bool have_same_bytes(int a, int b, const std::string& path) {
    const std::unique_ptr<char[]> x{new char[buffer_size]},
        y{new char[buffer_size]};
    for (off_t at = 0;;) {
        const auto n = read_at(a, x.get(), buffer_size, at, path);
        if (read_at(b, y.get(), buffer_size, at, path) != n ||
            std::memcmp(x.get(), y.get(), n) != 0)
            return false;
        if (n < buffer_size) return true;
        at += static_cast<off_t>(n);
    }
}

std::string read_link(int folder, const std::string& name,
                      const std::string& path) {
    char text[PATH_MAX];
    const auto n = ::readlinkat(folder, name.c_str(), text, sizeof(text));
    if (n == -1) fail("readlinkat", path);
    return {text, static_cast<std::size_t>(n)};
}

} // namespace emilua::sandbox
