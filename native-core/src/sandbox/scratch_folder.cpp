// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/scratch_folder.hpp"

#include "sandbox/folder_walk.hpp"

#include <emilua/error.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>
#include <set>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

constexpr const char* prefix = "emilua-copy-";
constexpr const char* owner_name = "owner";
/// What that is called until it is locked.
constexpr const char* unlocked_name = "new";

[[noreturn]] void fail(const char* syscall, const std::string& path) {
    failure f{error_code{errno, boost::system::system_category()}, syscall};
    f.path = path;
    throw f;
}

/// Another descriptor of a folder, whatever its mode was.
unique_descriptor enter_folder(int at, const char* name) {
    constexpr int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    // Who removes what is in it has to write and search it, too.
    struct stat st;
    if (::fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISDIR(st.st_mode) && (st.st_mode & S_IRWXU) != S_IRWXU)
        ::fchmodat(at, name, S_IRWXU, 0);
    return unique_descriptor{::openat(at, name, how)};
}

/// Removes all that is no folder; the name of one that is there, or "".
std::string empty_but_one(int folder) {
    for (const auto& name : names_in(folder)) {
        if (::unlinkat(folder, name.c_str(), 0) == 0 || errno == ENOENT)
            continue;
        if (errno != EISDIR && errno != EPERM) fail("unlinkat", name);
        if (::unlinkat(folder, name.c_str(), AT_REMOVEDIR) == 0) continue;
        if (errno != ENOTEMPTY && errno != EEXIST) fail("unlinkat", name);
        return name;
    }
    return {};
}

/// As long as something is left, it is known whose it is.
void remove_scratch(int parent, const std::string& name, int folder) {
    for (const auto& inner : names_in(folder))
        if (inner != owner_name) remove_tree(folder, inner);
    remove_tree(parent, name);
}

/// Of whom was killed before it had an owner, or when it had none any more. Who
/// makes one takes less than a minute.
void remove_ownerless(int parent, const std::string& name, int folder,
                      const struct stat& st) {
    constexpr std::time_t minute = 60;
    if (st.st_mtime > std::time(nullptr) - minute) return;
    ::unlinkat(folder, unlocked_name, 0);
    ::unlinkat(parent, name.c_str(), AT_REMOVEDIR);
}

void remove_abandoned(int parent) {
    for (const auto& name : names_in(parent)) {
        struct stat st;
        if (!name.starts_with(prefix) ||
            ::fstatat(parent, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == -1 ||
            !S_ISDIR(st.st_mode) || st.st_uid != ::geteuid())
            continue;
        const unique_descriptor folder{
            ::openat(parent, name.c_str(),
                     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
        if (!folder) continue;
        const unique_descriptor owner{::openat(
            folder.get(), owner_name, O_RDWR | O_NOFOLLOW | O_CLOEXEC)};
        if (!owner && errno == ENOENT)
            remove_ownerless(parent, name, folder.get(), st);
        if (!owner || ::flock(owner.get(), LOCK_EX | LOCK_NB) == -1) continue;
        try {
            remove_scratch(parent, name, folder.get());
        } catch (const failure&) {
            // Another one may be at it.
        }
    }
}

/// Those that a program still has when it ends by exit(3), after which nobody
/// destroys them.
struct live_folders {
    std::mutex mutex;
    std::set<scratch_folder*> all;
    /// A copy of the process has none.
    const pid_t owner = ::getpid();

    static live_folders& get() {
        static auto& one = *new live_folders;
        return one;
    }
    static void remove_all() noexcept {
        auto& live = get();
        if (live.owner != ::getpid()) return;
        const std::lock_guard lock{live.mutex};
        for (const auto* f : live.all) f->remove();
    }

private:
    live_folders() { std::atexit(&remove_all); }
};

} // namespace

void remove_tree(int at, const std::string& name) {
    if (::unlinkat(at, name.c_str(), 0) == 0 || errno == ENOENT) return;
    if (errno != EISDIR && errno != EPERM) fail("unlinkat", name);
    auto here = enter_folder(at, name.c_str());
    if (!here) fail("openat", name);
    // One descriptor, however deep it goes.
    for (std::size_t depth = 0;;) {
        const auto inner = empty_but_one(here.get());
        if (!inner.empty()) {
            auto next = enter_folder(here.get(), inner.c_str());
            if (!next) fail("openat", inner);
            here = std::move(next);
            ++depth;
            continue;
        }
        if (depth-- == 0) break;
        unique_descriptor above{
            ::openat(here.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (!above) fail("openat", "..");
        here = std::move(above);
    }
    if (::unlinkat(at, name.c_str(), AT_REMOVEDIR) == -1 && errno != ENOENT)
        fail("unlinkat", name);
}

scratch_folder::scratch_folder() {
    const char* const wanted = std::getenv("TMPDIR");
    std::string where = wanted && *wanted ? wanted : "/var/tmp";
    parent_ = unique_descriptor{
        ::open(where.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!parent_) fail("open", where);
    remove_abandoned(parent_.get());
    path_ = where.append(1, '/').append(prefix).append("XXXXXX");
    if (!::mkdtemp(path_.data())) fail("mkdtemp", path_);
    folder_ = unique_descriptor{
        ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    if (!folder_) fail("open", path_);
    // It has its name when it is locked.
    owner_ = unique_descriptor{::openat(folder_.get(), unlocked_name,
                                        O_CREAT | O_RDWR | O_CLOEXEC, 0600)};
    if (!owner_ || ::flock(owner_.get(), LOCK_EX) == -1 ||
        ::renameat(folder_.get(), unlocked_name, folder_.get(), owner_name) ==
            -1)
        fail("flock", path_);
    auto& live = live_folders::get();
    const std::lock_guard lock{live.mutex};
    live.all.insert(this);
}

scratch_folder::~scratch_folder() {
    auto& live = live_folders::get();
    const std::lock_guard lock{live.mutex};
    live.all.erase(this);
    remove();
}

void scratch_folder::remove() const noexcept {
    try {
        remove_scratch(parent_.get(), name_of(path_), folder_.get());
    } catch (const failure&) {
        // The next one tries again.
    }
}

} // namespace emilua::sandbox
