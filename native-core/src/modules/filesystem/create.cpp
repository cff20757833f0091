// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/create.hpp"

#include "modules/filesystem/failures.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace emilua::filesystem {
namespace {

bool is_folder(const char* p) noexcept {
    struct stat st;
    return ::stat(p, &st) == 0 && S_ISDIR(st.st_mode);
}

bool make_folder(const char* p, mode_t mode) {
    if (::mkdir(p, mode) == 0) return true;
    const int code = errno;
    if (code != EEXIST || !is_folder(p)) throw_code(code, "mkdir", "p");
    return false;
}

} // namespace

std::int32_t mode(std::variant<std::int32_t, mode_bit> user,
                  std::optional<std::int32_t> group,
                  std::optional<std::int32_t> other) {
    if (auto* bit = std::get_if<mode_bit>(&user)) {
        if (group) throw_invalid_argument("group", "nothing after a name");
        if (other) throw_invalid_argument("other", "nothing after a name");
        static constexpr std::int32_t bits[] = {S_ISUID, S_ISGID, S_ISVTX};
        return bits[static_cast<int>(*bit)];
    }
    if (!group) throw_invalid_argument("group", "an integer");
    if (!other) throw_invalid_argument("other", "an integer");
    const auto bits = [](std::int32_t digit, const char* name) {
        if (digit < 0 || digit > 7)
            throw_invalid_argument(name, "an octal digit, from 0 to 7");
        return digit;
    };
    return bits(std::get<std::int32_t>(user), "user") << 6 |
           bits(*group, "group") << 3 | bits(*other, "other");
}

void check_mode(std::uint32_t mode) {
    if (mode > 0177777)
        throw_invalid_argument("mode",
                               "permission bits, such as mode(6, 4, 4)");
}

bool create_directory(path p, std::optional<path> existing_p) {
    const char* const name = p.c_str("p");
    if (!existing_p) return make_folder(name, 0777);
    struct stat st;
    if (::stat(existing_p->c_str("existing_p"), &st) != 0)
        throw_errno("stat", "existing_p");
    return make_folder(name, st.st_mode & 07777);
}

bool create_directories(path p) {
    return answer(std::filesystem::create_directories, p, "mkdir");
}

void mkdir(path p, std::uint32_t mode) {
    check_mode(mode);
    if (::mkdir(p.c_str("p"), mode) != 0) throw_errno("mkdir", "p");
}

void create_hardlink(path target, path link) {
    const char* const to = link.c_str("link");
    if (::link(target.c_str("target"), to) != 0) throw_errno("link");
}

void create_symlink(path target, path link) {
    const char* const to = link.c_str("link");
    if (::symlink(target.c_str("target"), to) != 0)
        throw_errno("symlink", "link");
}

void mkfifo(path p, std::uint32_t mode) {
    check_mode(mode);
    if (::mkfifo(p.c_str("p"), mode) != 0) throw_errno("mkfifo", "p");
}

void mknod(path p, std::uint32_t mode, std::uint64_t dev,
           std::optional<device_kind> type) {
    if (type) mode |= *type == device_kind::block ? S_IFBLK : S_IFCHR;
    if (::mknod(p.c_str("p"), mode, dev) != 0) throw_errno("mknod", "p");
}

std::uint64_t device_number(std::uint32_t major, std::uint32_t minor) {
    return gnu_dev_makedev(major, minor);
}

std::uint32_t dev_major(std::uint64_t dev) { return gnu_dev_major(dev); }
std::uint32_t dev_minor(std::uint64_t dev) { return gnu_dev_minor(dev); }

} // namespace emilua::filesystem
