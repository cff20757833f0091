// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/remove.hpp"

#include "modules/filesystem/directory_reader.hpp"
#include "modules/filesystem/failures.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace emilua::filesystem {
namespace {

class remover {
public:
    /// Removes `name` in `folder`, and all below. Returns whether it was there.
    bool remove(int folder, const char* name, unsigned char type) {
        // Who swaps files and folders between our looks makes us look again,
        // but not for ever.
        for (int looks = 1;; ++looks) {
            const int code = type == DT_DIR ? remove_folder(folder, name)
                                            : remove_file(folder, name);
            if (code == 0) return ++count_ != 0;
            if (code == ENOENT) return false;
            const bool is_file = code == ENOTDIR || code == ELOOP;
            const bool is_folder = code == EISDIR || code == ENOTEMPTY;
            if (looks == 16 || (!is_file && !is_folder))
                throw_code(code, syscall_, "p");
            type = is_folder ? DT_DIR : DT_UNKNOWN;
        }
    }

    std::uint64_t count() const noexcept { return count_; }

private:
    int failed(const char* syscall) noexcept {
        syscall_ = syscall;
        return errno;
    }

    int remove_file(int folder, const char* name) noexcept {
        return ::unlinkat(folder, name, 0) == 0 ? 0 : failed("unlink");
    }

    int remove_empty(int folder, const char* name) noexcept {
        return ::unlinkat(folder, name, AT_REMOVEDIR) == 0 ? 0
                                                           : failed("rmdir");
    }

    int remove_folder(int folder, const char* name) {
        // An empty one may be removed without the right to read it, unless it
        // is the one that was given: so says the standard library.
        if (depth_ > 0) {
            const int code = remove_empty(folder, name);
            if (code != ENOTEMPTY && code != EEXIST) return code;
        }
        auto fd = open_folder(folder, name, false);
        if (!fd) return failed("open");
        if (++depth_ > deepest_folder) throw_code(ENAMETOOLONG, "open", "p");
        clear(directory_reader{std::move(fd)});
        --depth_;
        return remove_empty(folder, name);
    }

    /// Again and again while there is something: removing may hide other
    /// entries from who is reading.
    void clear(directory_reader inside) {
        for (;;) {
            bool removed = false;
            while (auto item = inside.next())
                removed |= remove(inside.fd(), item->name.data(), item->type);
            if (!removed) return;
            inside.rewind();
        }
    }

    std::uint64_t count_ = 0;
    int depth_ = 0;
    const char* syscall_ = nullptr;
};

} // namespace

bool remove(path p) {
    const char* const name = p.c_str("p");
    if (::unlink(name) == 0) return true;
    if (errno == ENOENT) return false;
    if (errno != EISDIR) throw_errno("unlink", "p");
    if (::rmdir(name) == 0) return true;
    if (errno == ENOENT) return false;
    throw_errno("rmdir", "p");
}

std::uint64_t remove_all(path p) {
    remover r;
    r.remove(AT_FDCWD, p.c_str("p"), DT_UNKNOWN);
    return r.count();
}

} // namespace emilua::filesystem
