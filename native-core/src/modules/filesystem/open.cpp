// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/open.hpp"

#include <bit>
#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::filesystem {
namespace {

using flag = openat_flag;

struct translated {
    int flags = O_CLOEXEC | O_NOCTTY;
    std::uint64_t resolve = 0;
};

void check(flags_of<flag> given, const std::optional<std::uint32_t>& mode) {
    constexpr auto access = static_cast<unsigned>(flag::read_only) |
                            static_cast<unsigned>(flag::read_write) |
                            static_cast<unsigned>(flag::write_only);
    if (std::popcount(given.bits & access) > 1)
        throw_invalid_argument("flags",
                               "one of read_only, write_only and read_write");
    const bool makes = given.has(flag::create) || given.has(flag::temporary);
    if (given.has(flag::exclusive) && !makes)
        throw_invalid_argument("flags", "create beside exclusive");
    if (makes && !mode)
        throw_invalid_argument("mode", "a mode beside create and temporary");
    if (mode && *mode > 07777)
        throw_invalid_argument("mode", "permission bits, 07777 at most");
}

translated translate(flags_of<flag> given) {
    static constexpr struct {
        flag given;
        int flags;
    } ways[] = {
        {flag::append, O_APPEND},       {flag::create, O_CREAT},
        {flag::directory, O_DIRECTORY}, {flag::exclusive, O_EXCL},
        {flag::no_follow, O_NOFOLLOW},  {flag::path, O_PATH},
        {flag::read_only, O_RDONLY},    {flag::read_write, O_RDWR},
        {flag::temporary, O_TMPFILE},   {flag::sync_all_on_write, O_SYNC},
        {flag::truncate, O_TRUNC},      {flag::write_only, O_WRONLY},
    };
    static constexpr struct {
        flag given;
        std::uint64_t resolve;
    } rules[] = {
        {flag::resolve_beneath, RESOLVE_BENEATH},
        {flag::resolve_in_root, RESOLVE_IN_ROOT},
        {flag::resolve_no_magiclinks, RESOLVE_NO_MAGICLINKS},
        {flag::resolve_no_symlinks, RESOLVE_NO_SYMLINKS},
        {flag::resolve_no_xdev, RESOLVE_NO_XDEV},
        {flag::resolve_cached, RESOLVE_CACHED},
    };
    translated r;
    for (const auto& w : ways)
        if (given.has(w.given)) r.flags |= w.flags;
    for (const auto& rule : rules)
        if (given.has(rule.given)) r.resolve |= rule.resolve;
    return r;
}

int open_resolved(int folder, const char* name, const translated& t,
                  std::uint32_t mode) {
    open_how how{};
    // openat2 refuses what makes no difference.
    const bool only_refers = (t.flags & O_PATH) != 0;
    how.flags =
        static_cast<std::uint64_t>(only_refers ? t.flags & ~O_NOCTTY : t.flags);
    how.mode = mode;
    how.resolve = t.resolve;
    // The kernel asks to try again while somebody renames on the way.
    int attempts = t.resolve & RESOLVE_CACHED ? 1 : 100;
    long r;
    do {
        r = ::syscall(SYS_openat2, folder, name, &how, sizeof(how));
    } while (r < 0 && (errno == EINTR || (errno == EAGAIN && --attempts > 0)));
    return static_cast<int>(r);
}

int open_plainly(int folder, const char* name, int flags, std::uint32_t mode) {
    int r;
    do {
        r = ::openat(folder, name, flags, mode);
    } while (r < 0 && errno == EINTR);
    return r;
}

} // namespace

unique_descriptor open_file(int folder, const path& p,
                            flags_of<openat_flag> flags,
                            std::optional<std::uint32_t> mode) {
    check(flags, mode);
    const char* const name = p.c_str("path");
    const auto t = translate(flags);
    const bool makes = flags.has(flag::create) || flags.has(flag::temporary);
    const auto bits = makes ? *mode : 0;
    unique_descriptor fd{t.resolve ? open_resolved(folder, name, t, bits)
                                   : open_plainly(folder, name, t.flags, bits)};
    if (!fd)
        throw_errno(t.resolve            ? "openat2"
                    : folder == AT_FDCWD ? "open"
                                         : "openat",
                    errno == EINVAL ? "flags" : "path");
    return fd;
}

} // namespace emilua::filesystem
