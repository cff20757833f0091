// SPDX-License-Identifier: MIT OR BSL-1.0
// What guests left in a folder, and how it comes to the host's.
#include "sandbox/folder_copy.hpp"
#include "sandbox/folder_walk.hpp"

#include <emilua/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

constexpr mode_t permissions = 0777;
/// More than anybody would look at.
constexpr std::size_t most_changes = 1'000'000;

[[noreturn]] void fail(const char* syscall, const std::string& path) {
    failure f{error_code{errno, boost::system::system_category()}, syscall};
    f.path = path;
    throw f;
}

/// What lies in an overlay for something that was removed below.
bool is_whiteout(const struct stat& st) noexcept {
    return S_ISCHR(st.st_mode) && st.st_rdev == makedev(0, 0);
}

/// Whether an overlay shows nothing of the folder below.
bool is_opaque(int folder) noexcept {
    char value = 0;
    return ::fgetxattr(folder, "user.overlay.opaque", &value, 1) == 1 &&
           value == 'y';
}

/// Whether both are of one kind and for the same people.
bool is_alike(mode_t a, mode_t b) noexcept {
    return (a & (S_IFMT | permissions)) == (b & (S_IFMT | permissions));
}

bool same_time(const timespec& a, const timespec& b) noexcept {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/// By the parts of their paths.
bool comes_before(const folder_change& a, const folder_change& b) noexcept {
    const auto rank = [](char c) {
        return c == '/' ? 0 : static_cast<unsigned char>(c) + 1;
    };
    return std::lexicographical_compare(
        a.path.begin(), a.path.end(), b.path.begin(), b.path.end(),
        [&](char x, char y) { return rank(x) < rank(y); });
}

std::optional<struct stat> status_of(int folder, const std::string& name,
                                     const std::string& path) {
    struct stat st;
    if (::fstatat(folder, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0)
        return st;
    if (errno != ENOENT) fail("fstatat", path);
    return std::nullopt;
}

} // namespace

/// Compares what there is with what there was. What its owner may not read is
/// made readable for as long as this lives.
class folder_copy::walk {
public:
    explicit walk(const folder_copy& of) : of_{of} {}
    ~walk() {
        for (auto m = modes_.rbegin(); m != modes_.rend(); ++m) {
            const auto folder = open_below(
                of_.written_.get(), folder_of(m->first), O_PATH | O_DIRECTORY);
            if (folder)
                ::fchmodat(folder.get(), name_of(m->first).c_str(), m->second,
                           0);
        }
    }
    walk(const walk&) = delete;
    walk& operator=(const walk&) = delete;

    /// All of it, a folder before what is in it.
    const std::vector<folder_change>& find() {
        visit({}, of_.copied_ ? &*of_.copied_ : nullptr, true);
        std::sort(found_.begin(), found_.end(), comes_before);
        return found_;
    }

private:
    struct inner {
        std::string path;
        const copied_entry* before;
        bool was_folder;
    };

    /// `before`: of a copy; `was_folder`: whether the host has such a folder,
    /// of an overlay.
    void visit(const std::string& path, const copied_entry* before,
               bool was_folder) {
        std::vector<inner> folders;
        {
            const auto here =
                open_below(of_.written_.get(), path, O_RDONLY | O_DIRECTORY);
            if (!here) fail("openat2", path);
            const auto names = names_in(here.get());
            unique_descriptor host;
            if (!before && was_folder) {
                host =
                    open_below(of_.host_.get(), path, O_RDONLY | O_DIRECTORY);
                // Gone meanwhile.
                if (!host && errno != ENOENT) fail("openat2", path);
            }
            for (const auto& name : names)
                compare(here.get(), host.get(), name, joined(path, name),
                        before, folders);
            if (host && is_opaque(here.get()))
                for (const auto& name : names_in(host.get()))
                    if (!std::binary_search(names.begin(), names.end(), name))
                        removed(host.get(), name, joined(path, name));
            if (before)
                for (const auto& [name, entry] : before->below)
                    if (!std::binary_search(names.begin(), names.end(), name))
                        removed(entry, joined(path, name));
        }
        for (const auto& f : folders) visit(f.path, f.before, f.was_folder);
    }

    void compare(int here, int host, const std::string& name,
                 const std::string& path, const copied_entry* folder_before,
                 std::vector<inner>& folders) {
        const auto now = status_of(here, name, path);
        if (!now) return;
        std::optional<struct stat> lower;
        if (host != -1) lower = status_of(host, name, path);
        if (!folder_before && is_whiteout(*now)) {
            if (lower) removed(host, name, path);
            return;
        }
        const copied_entry* before = nullptr;
        if (folder_before) {
            const auto at = folder_before->below.find(name);
            if (at != folder_before->below.end()) before = &at->second;
        }
        const bool was_there = before || lower;
        const mode_t mode = before ? before->mode : lower ? lower->st_mode : 0;
        open_up(here, name, path, *now);
        if (S_ISDIR(now->st_mode)) {
            if (!was_there || !S_ISDIR(mode))
                add(path, was_there, *now);
            else if ((mode & permissions) != (now->st_mode & permissions))
                add(path, true, *now);
            const bool was_folder = was_there && S_ISDIR(mode);
            static const copied_entry nothing;
            folders.push_back({path,
                               before && was_folder ? before
                               : folder_before      ? &nothing
                                                    : nullptr,
                               was_folder});
            return;
        }
        if (was_there && S_ISDIR(mode)) {
            if (before)
                removed_below(*before, path);
            else
                removed_below(host, name, path);
        } else if (was_there && is_alike(mode, now->st_mode) &&
                   (is_untouched(before, *now) ||
                    is_same(here, name, path, *now))) {
            return;
        }
        add(path, was_there, *now);
    }

    static bool is_untouched(const copied_entry* before,
                             const struct stat& now) noexcept {
        return before && before->number == now.st_ino &&
               same_time(before->changed, now.st_ctim);
    }

    /// Whether the host has the same now.
    bool is_same(int here, const std::string& name, const std::string& path,
                 const struct stat& now) const {
        const auto folder =
            open_below(of_.host_.get(), folder_of(path), O_PATH | O_DIRECTORY);
        if (!folder) return false;
        const auto host = status_of(folder.get(), name, path);
        if (!host || !is_alike(host->st_mode, now.st_mode) ||
            host->st_size != now.st_size)
            return false;
        if (S_ISLNK(now.st_mode))
            return read_link(here, name, path) ==
                   read_link(folder.get(), name, path);
        if (!S_ISREG(now.st_mode)) return false;
        const auto ours = open_below(here, name, O_RDONLY | O_NONBLOCK);
        const auto theirs =
            open_below(of_.host_.get(), path, O_RDONLY | O_NONBLOCK);
        return ours && theirs &&
               have_same_bytes(ours.get(), theirs.get(), path);
    }

    void open_up(int here, const std::string& name, const std::string& path,
                 const struct stat& now) {
        const mode_t needed = S_ISDIR(now.st_mode)   ? S_IRUSR | S_IXUSR
                              : S_ISREG(now.st_mode) ? S_IRUSR
                                                     : 0;
        if ((now.st_mode & needed) == needed) return;
        // No link: it was looked at, and nobody else is there.
        if (::fchmodat(here, name.c_str(), (now.st_mode & 07777) | needed, 0) ==
            -1)
            fail("fchmodat", path);
        modes_.emplace_back(path, now.st_mode & 07777);
    }

    void add(folder_change c) {
        if (found_.size() >= most_changes) {
            errno = EOVERFLOW;
            fail(nullptr, c.path);
        }
        found_.push_back(std::move(c));
    }
    void add(const std::string& path, bool was_there, const struct stat& now) {
        add({path, was_there ? change_kind::changed : change_kind::added,
             now.st_mode,
             S_ISDIR(now.st_mode) ? 0
                                  : static_cast<std::uint64_t>(now.st_size)});
    }

    /// In a copy: an entry and all that was in it.
    void removed(const copied_entry& e, const std::string& path) {
        add({path, change_kind::removed, e.mode, S_ISDIR(e.mode) ? 0 : e.size});
        removed_below(e, path);
    }
    void removed_below(const copied_entry& e, const std::string& path) {
        for (const auto& [name, inner] : e.below)
            removed(inner, joined(path, name));
    }

    /// In an overlay: what the host has.
    void removed(int folder, const std::string& name, const std::string& path) {
        const auto st = status_of(folder, name, path);
        if (!st) return;
        const bool is_folder = S_ISDIR(st->st_mode);
        add({path, change_kind::removed, st->st_mode,
             is_folder ? 0 : static_cast<std::uint64_t>(st->st_size)});
        if (is_folder) removed_below(folder, name, path);
    }
    void removed_below(int folder, const std::string& name,
                       const std::string& path) {
        const auto inner = open_below(folder, name, O_RDONLY | O_DIRECTORY);
        if (!inner) fail("openat2", path);
        for (const auto& n : names_in(inner.get()))
            removed(inner.get(), n, joined(path, n));
    }

    const folder_copy& of_;
    std::vector<folder_change> found_;
    std::vector<std::pair<std::string, mode_t>> modes_;
};

namespace {

/// Something that takes the place of `name` when it is complete.
class replacement {
public:
    replacement(int folder, const std::string& path)
        : folder_{folder}, path_{path}, name_{".emilua-"} {
        std::uint64_t random = 0;
        if (::getrandom(&random, sizeof(random), 0) == -1)
            fail("getrandom", path);
        name_ += std::to_string(random);
    }
    ~replacement() {
        if (!done_) ::unlinkat(folder_, name_.c_str(), 0);
    }
    replacement(const replacement&) = delete;
    replacement& operator=(const replacement&) = delete;

    const char* name() const noexcept { return name_.c_str(); }
    void finish() {
        const auto name = name_of(path_);
        const auto before = status_of(folder_, name, path_);
        // What was in it is gone by now.
        if (before && S_ISDIR(before->st_mode) &&
            ::unlinkat(folder_, name.c_str(), AT_REMOVEDIR) == -1)
            fail("unlinkat", path_);
        if (::renameat(folder_, name_.c_str(), folder_, name.c_str()) == -1)
            fail("renameat", path_);
        done_ = true;
    }

private:
    const int folder_;
    const std::string& path_;
    std::string name_;
    bool done_ = false;
};

void make_folder(int folder, const std::string& path) {
    const auto name = name_of(path);
    if (::mkdirat(folder, name.c_str(), S_IRWXU) == 0) return;
    if (errno != EEXIST) fail("mkdirat", path);
    const auto there = status_of(folder, name, path);
    if (there && S_ISDIR(there->st_mode)) return;
    if (there && ::unlinkat(folder, name.c_str(), 0) == -1)
        fail("unlinkat", path);
    if (::mkdirat(folder, name.c_str(), S_IRWXU) == -1) fail("mkdirat", path);
}

/// `mode`: as the guest left it, which may not let its owner read it.
void make_file(int folder, const std::string& path, int source, mode_t mode) {
    struct stat st;
    if (::fstat(source, &st) == -1) fail("fstat", path);
    if (!S_ISREG(st.st_mode)) {
        errno = EINVAL;
        fail("openat2", path);
    }
    replacement r{folder, path};
    const unique_descriptor file{::openat(
        folder, r.name(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
        S_IRUSR | S_IWUSR)};
    if (!file) fail("openat", path);
    copy_bytes(source, file.get(), path);
    // Its owner stays, as far as this process may say so. Of the mode nothing
    // is taken that would give somebody's rights away.
    const auto before = status_of(folder, name_of(path), path);
    if (before && S_ISREG(before->st_mode) &&
        ::fchown(file.get(), before->st_uid, before->st_gid) == -1 &&
        errno != EPERM)
        fail("fchown", path);
    const timespec times[] = {st.st_atim, st.st_mtim};
    if (::fchmod(file.get(), mode & permissions) == -1 ||
        ::futimens(file.get(), times) == -1)
        fail("fchmod", path);
    r.finish();
}

void make_link(int folder, const std::string& path, const std::string& text) {
    replacement r{folder, path};
    if (::symlinkat(text.c_str(), folder, r.name()) == -1)
        fail("symlinkat", path);
    r.finish();
}

} // namespace

void folder_copy::apply(const folder_change& c) const {
    const auto folder =
        open_below(host_.get(), folder_of(c.path), O_PATH | O_DIRECTORY);
    if (!folder) fail("openat2", c.path);
    if (S_ISDIR(c.mode)) {
        make_folder(folder.get(), c.path);
    } else if (S_ISREG(c.mode)) {
        const auto source =
            open_below(written_.get(), c.path, O_RDONLY | O_NONBLOCK);
        if (!source) fail("openat2", c.path);
        make_file(folder.get(), c.path, source.get(), c.mode);
    } else if (S_ISLNK(c.mode)) {
        const auto from =
            open_below(written_.get(), folder_of(c.path), O_PATH | O_DIRECTORY);
        if (!from) fail("openat2", c.path);
        make_link(folder.get(), c.path,
                  read_link(from.get(), name_of(c.path), c.path));
    }
}

void folder_copy::remove(const folder_change& c) const {
    const auto folder =
        open_below(host_.get(), folder_of(c.path), O_PATH | O_DIRECTORY);
    if (!folder && errno == ENOENT) return;
    if (!folder) fail("openat2", c.path);
    if (::unlinkat(folder.get(), name_of(c.path).c_str(),
                   S_ISDIR(c.mode) ? AT_REMOVEDIR : 0) == -1 &&
        errno != ENOENT)
        fail("unlinkat", c.path);
}

void folder_copy::set_mode(const folder_change& c) const {
    const auto folder = open_below(host_.get(), c.path, O_RDONLY | O_DIRECTORY);
    struct stat st;
    if (!folder || ::fstat(folder.get(), &st) == -1 ||
        ::fchmod(folder.get(),
                 (c.mode & permissions) | (st.st_mode & S_ISGID)) == -1)
        fail("fchmod", c.path);
}

std::vector<folder_change>
folder_copy::changes(const std::shared_ptr<folder_copy>& of) {
    const std::lock_guard lock{of->looked_at_};
    const auto u = begin_use(of);
    return walk{*of}.find();
}

void folder_copy::commit(const std::shared_ptr<folder_copy>& of) {
    const std::lock_guard lock{of->looked_at_};
    const auto u = begin_use(of);
    {
        walk w{*of};
        const auto& all = w.find();
        const auto is_removed = [](const auto& c) {
            return c.what == change_kind::removed;
        };
        for (auto c = all.rbegin(); c != all.rend(); ++c)
            if (is_removed(*c)) of->remove(*c);
        for (const auto& c : all)
            if (!is_removed(c)) of->apply(c);
        // Who may not write to a folder may have filled it before.
        for (auto c = all.rbegin(); c != all.rend(); ++c)
            if (!is_removed(*c) && S_ISDIR(c->mode)) of->set_mode(*c);
    }
    of->clear();
}

} // namespace emilua::sandbox
