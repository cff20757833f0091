// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/query.hpp"

#include "modules/filesystem/failures.hpp"

#include <sys/statvfs.h>

namespace emilua::filesystem {
namespace {

struct stat look(const path& p) {
    struct stat st;
    if (::stat(p.c_str("p"), &st) != 0) throw_errno("stat", "p");
    return st;
}

bool is(const path& p, file_type t) { return status(p).type == t; }

} // namespace

file_type type_of_mode(mode_t mode) noexcept {
    switch (mode & S_IFMT) {
    case S_IFREG:
        return file_type::regular;
    case S_IFDIR:
        return file_type::directory;
    case S_IFLNK:
        return file_type::symlink;
    case S_IFBLK:
        return file_type::block;
    case S_IFCHR:
        return file_type::character;
    case S_IFIFO:
        return file_type::fifo;
    case S_IFSOCK:
        return file_type::socket;
    default:
        return file_type::unknown;
    }
}

file_status to_status(int code, const struct stat& st, const char* syscall,
                      const char* argument) {
    switch (code) {
    case 0:
        return {type_of_mode(st.st_mode),
                static_cast<std::uint32_t>(st.st_mode & 07777)};
    case ENOENT:
    case ENOTDIR:
        return {};
    case EOVERFLOW:
        return {file_type::unknown, no_mode::unknown};
    default:
        throw_code(code, syscall, argument);
    }
}

file_status status(path p) {
    struct stat st {};
    const int code = ::stat(p.c_str("p"), &st) == 0 ? 0 : errno;
    return to_status(code, st, "stat", "p");
}

file_status symlink_status(path p) {
    struct stat st {};
    const int code = ::lstat(p.c_str("p"), &st) == 0 ? 0 : errno;
    return to_status(code, st, "lstat", "p");
}

bool exists(path p) { return !is(p, file_type::not_found); }
bool is_block_device(path p) { return is(p, file_type::block); }
bool is_character_device(path p) { return is(p, file_type::character); }
bool is_directory(path p) { return is(p, file_type::directory); }
bool is_fifo(path p) { return is(p, file_type::fifo); }
bool is_regular_file(path p) { return is(p, file_type::regular); }
bool is_socket(path p) { return is(p, file_type::socket); }

bool is_other(path p) {
    switch (status(p).type) {
    case file_type::not_found:
    case file_type::regular:
    case file_type::directory:
    case file_type::symlink:
        return false;
    default:
        return true;
    }
}

bool is_symlink(path p) { return symlink_status(p).type == file_type::symlink; }

bool is_empty(path p) {
    p.c_str("p");
    std::error_code ec;
    const bool empty = std::filesystem::is_empty(p.get(), ec);
    throw_if(ec, is_directory(p) ? "opendir" : "stat", "p");
    return empty;
}

bool equivalent(path p1, path p2) {
    p1.c_str("p1");
    p2.c_str("p2");
    std::error_code ec;
    const bool same = std::filesystem::equivalent(p1.get(), p2.get(), ec);
    throw_if(ec, "stat");
    return same;
}

std::uint64_t file_size_of(const struct stat& st, const char* argument) {
    if (S_ISDIR(st.st_mode)) throw_code(EISDIR, "stat", argument);
    if (!S_ISREG(st.st_mode)) throw_code(ENOTSUP, "stat", argument);
    return static_cast<std::uint64_t>(st.st_size);
}

std::uint64_t file_size(path p) { return file_size_of(look(p), "p"); }

std::uint64_t hardlink_count(path p) { return look(p).st_nlink; }

file_time last_write_time_of(const struct stat& st) noexcept {
    return file_time::of_unix(std::chrono::seconds{st.st_mtim.tv_sec},
                              std::chrono::nanoseconds{st.st_mtim.tv_nsec});
}

file_time last_write_time(path p) { return last_write_time_of(look(p)); }

path read_symlink(path p) {
    return path{answer(std::filesystem::read_symlink, p, "readlink")};
}

space_info space(path p) {
    struct statvfs s;
    int r;
    do {
        r = ::statvfs(p.c_str("p"), &s);
    } while (r != 0 && errno == EINTR);
    if (r != 0) throw_errno("statvfs", "p");
    const std::uint64_t block = s.f_frsize;
    return {s.f_blocks * block, s.f_bfree * block, s.f_bavail * block};
}

} // namespace emilua::filesystem
