// SPDX-License-Identifier: MIT OR BSL-1.0
// The files of a guest: a new root whose folders are mounts of what it may
// see. Mounts are made apart from the tree, by descriptors, get their flags
// there, and are put in place at last, so that no link is followed twice.
//
// The root has a mount namespace of its own, which is made ahead, and the
// host's mounts are left for it with what was taken from them.
#include "sandbox/overlay.hpp"
#include "sandbox/shared_child.hpp"
#include "sandbox/steps.hpp"

#include <emilua/unique_descriptor.hpp>

#include <algorithm>
#include <csignal>
#include <deque>
#include <map>
#include <set>

#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {

unique_descriptor open_real(const std::string& path) noexcept {
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_NO_SYMLINKS;
    return unique_descriptor{static_cast<int>(
        ::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof(how)))};
}

namespace {

constexpr int most_links = 40;

std::string joined(const std::string& folder, std::string_view name) {
    std::string r{folder};
    if (folder != "/") r += '/';
    return r += name;
}

bool is_within(const std::string& path, const std::string& folder) {
    return folder == "/" || path == folder ||
           (path.size() > folder.size() && path.starts_with(folder) &&
            path[folder.size()] == '/');
}

/// Where a path leads, and the symbolic links on its way.
struct destination {
    std::string path = "/";
    std::vector<std::pair<std::string, std::string>> links;
};

void push_front_parts(std::deque<std::string>& parts, std::string_view path) {
    std::vector<std::string> found;
    for (std::size_t at = 0; at < path.size();) {
        const auto end = std::min(path.find('/', at), path.size());
        if (end > at) found.emplace_back(path.substr(at, end - at));
        at = end + 1;
    }
    parts.insert(parts.begin(), found.begin(), found.end());
}

/// What a link says, on the way of `path`.
std::string target_of(const std::string& link, const std::string& path) {
    char text[PATH_MAX];
    const auto n = ::readlink(link.c_str(), text, sizeof(text));
    if (n == -1) refuse(layer::files, "readlink", path);
    return {text, static_cast<std::size_t>(n)};
}

destination follow(const std::string& path) {
    destination d;
    std::deque<std::string> parts;
    push_front_parts(parts, path);
    while (!parts.empty()) {
        const auto part = parts.front();
        parts.pop_front();
        if (part == ".") continue;
        if (part == "..") {
            d.path.resize(std::max<std::size_t>(d.path.rfind('/'), 1));
            continue;
        }
        auto next = joined(d.path, part);
        struct stat st;
        if (::lstat(next.c_str(), &st) == -1)
            refuse(layer::files, "lstat", path);
        if (!S_ISLNK(st.st_mode)) {
            d.path = std::move(next);
            continue;
        }
        const auto target = target_of(next, path);
        d.links.emplace_back(next, target);
        if (d.links.size() > most_links) {
            errno = ELOOP;
            refuse(layer::files, "readlink", path);
        }
        push_front_parts(parts, target);
        if (target.starts_with('/')) d.path.resize(1);
    }
    return d;
}

struct tree {
    bool writable = false, executable = false, replaced = false;
    /// As it was asked for.
    std::string name;
    unique_descriptor mount;
    bool is_folder = true;
};

/// By the paths that they really have, so that folders come before what is in
/// them.
struct forest {
    /// As `confinement` has them.
    const std::map<std::string, std::string>& as_named;
    std::map<std::string, tree> trees{};
    std::map<std::string, std::string> real_paths{};
    std::vector<std::pair<std::string, std::string>> links{};

    tree& at(const std::string& path) {
        // Most are named for more than one thing.
        auto [found, is_new] = real_paths.try_emplace(path);
        if (is_new) {
            auto d = follow(path);
            links.insert(links.end(), d.links.begin(), d.links.end());
            const auto named = as_named.find(path);
            if (named != as_named.end() && named->second != d.path) {
                errno = ELOOP;
                refuse(layer::files, "openat2", path);
            }
            found->second = std::move(d.path);
        }
        auto& t = trees[found->second];
        t.name = path;
        return t;
    }
    /// The tree of the nearest folder above, or null.
    const tree* above(const std::string& path) const {
        const tree* r = nullptr;
        for (const auto& [folder, t] : trees)
            if (folder != path && is_within(path, folder)) r = &t;
        return r;
    }
    bool covers(const std::string& path) const {
        return std::any_of(trees.begin(), trees.end(), [&](const auto& t) {
            return is_within(path, t.first);
        });
    }
};

void set_attributes(int mount, std::uint64_t set, const std::string& path) {
    struct mount_attr a {};
    a.attr_set = set;
    a.propagation = MS_PRIVATE;
    if (::mount_setattr(mount, "", AT_EMPTY_PATH | AT_RECURSIVE, &a,
                        sizeof(a)) == -1)
        refuse(layer::files, "mount_setattr", path);
}

/// How the guest finds it.
std::uint64_t attributes_of(const tree& t) noexcept {
    std::uint64_t set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
    if (!t.writable) set |= MOUNT_ATTR_RDONLY;
    if (!t.executable) set |= MOUNT_ATTR_NOEXEC;
    return set;
}

/// A copy of the mounts at `path` and below, that is nowhere yet.
void take(const std::string& path, tree& t) {
    const auto at = open_real(path);
    if (!at) refuse(layer::files, "openat2", t.name);
    t.mount = unique_descriptor{::open_tree(
        at.get(), "",
        OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_EMPTY_PATH)};
    if (!t.mount) refuse(layer::files, "open_tree", t.name);
    struct stat st;
    if (::fstat(t.mount.get(), &st) == -1)
        refuse(layer::files, "fstat", t.name);
    t.is_folder = S_ISDIR(st.st_mode);
    set_attributes(t.mount.get(), attributes_of(t), t.name);
}

/// What lies in the place of `path`.
void replace(const replaced_folder& r, const std::string& path, tree& t) {
    if (r.work.empty()) return take(follow(r.by).path, t);
    const auto at = open_real(path);
    if (!at) refuse(layer::files, "openat2", t.name);
    t.mount = unique_descriptor{
        mount_overlay(at.get(), r.by.c_str(), r.work.c_str(),
                      static_cast<unsigned>(attributes_of(t)))};
    if (!t.mount) refuse(layer::files, "fsconfig", "overlay");
}

unique_descriptor
new_mount(const char* type, std::uint64_t attributes,
          std::initializer_list<std::pair<const char*, std::string>> options) {
    const unique_descriptor fs{::fsopen(type, FSOPEN_CLOEXEC)};
    if (!fs) refuse(layer::files, "fsopen", type);
    for (const auto& [key, value] : options)
        if (::fsconfig(fs.get(), FSCONFIG_SET_STRING, key, value.c_str(), 0) ==
            -1)
            refuse(layer::files, "fsconfig", type);
    if (::fsconfig(fs.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) == -1)
        refuse(layer::files, "fsconfig", type);
    unique_descriptor mount{::fsmount(fs.get(), FSMOUNT_CLOEXEC,
                                      static_cast<unsigned>(attributes))};
    if (!mount) refuse(layer::files, "fsmount", type);
    return mount;
}

/// Below the root of this process, or what is to be its root.
class new_root {
public:
    explicit new_root(const char* at)
        : root_{::open(at, O_PATH | O_DIRECTORY | O_CLOEXEC)} {
        if (!root_) refuse(layer::files, "open", at);
    }

    /// Makes the folders on the way to `path`.
    void make_parents(const std::string& path) {
        for (auto at = path.find('/', 1); at != path.npos;
             at = path.find('/', at + 1))
            make_folder(path.substr(0, at));
    }

    void make_folder(const std::string& path) {
        if (!made_.insert(path).second) return;
        // One that is there, or a tree that has it, read-only perhaps.
        if (::mkdirat(root_.get(), inner(path), 0755) == -1 &&
            errno != EEXIST && errno != EROFS)
            refuse(layer::files, "mkdir", path);
    }

    void make_link(const std::string& path, const std::string& target) {
        make_parents(path);
        if (::symlinkat(target.c_str(), root_.get(), inner(path)) == -1 &&
            errno != EEXIST)
            refuse(layer::files, "symlink", path);
    }

    void put(const unique_descriptor& mount, const std::string& path,
             bool is_folder) {
        make_parents(path);
        if (is_folder)
            make_folder(path);
        else if (::mknodat(root_.get(), inner(path), S_IFREG | 0600, 0) == -1 &&
                 errno != EEXIST && errno != EROFS)
            refuse(layer::files, "mknod", path);
        if (::move_mount(mount.get(), "", root_.get(), inner(path),
                         MOVE_MOUNT_F_EMPTY_PATH) == -1)
            refuse(layer::files, "move_mount", path);
    }

    int get() const noexcept { return root_.get(); }

private:
    /// As the system calls take it, relative to the root.
    static const char* inner(const std::string& path) noexcept {
        return path.c_str() + 1;
    }

    unique_descriptor root_;
    std::set<std::string> made_;
};

constexpr const char* devices[] = {"/dev/null", "/dev/zero", "/dev/full",
                                   "/dev/random", "/dev/urandom"};
constexpr std::pair<const char*, const char*> device_links[] = {
    {"/dev/fd", "/proc/self/fd"},
    {"/dev/stdin", "/proc/self/fd/0"},
    {"/dev/stdout", "/proc/self/fd/1"},
    {"/dev/stderr", "/proc/self/fd/2"},
};

forest all_trees(const confinement& c) {
    forest f{c.real_paths};
    for (const auto& p : c.readable) f.at(p);
    for (const auto& p : c.writable) f.at(p).writable = true;
    for (const auto& p : c.executable) f.at(p).executable = true;
    if (const auto& p = c.replaced.path; !p.empty()) {
        auto& t = f.at(p);
        t.writable = t.replaced = true;
    }
    for (const auto& l : c.links) f.links.emplace_back(l, target_of(l, l));
    // What is there already, in the same way, by a folder above.
    std::erase_if(f.trees, [&](const auto& inner) {
        const auto* nearest = f.above(inner.first);
        return nearest && !nearest->replaced && !inner.second.replaced &&
               nearest->writable == inner.second.writable &&
               nearest->executable == inner.second.executable;
    });
    return f;
}

/// What says that the name server is that of this network, in place of the
/// host's file.
void add_resolver(forest& f) {
    constexpr const char* path = "/etc/resolv.conf";
    const bool is_there = ::access(path, F_OK) == 0;
    // In a folder of the policy nothing can be added.
    if (!is_there && f.covers(path)) return;
    const auto files = new_mount(
        "tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
        {{"mode", "755"}, {"size", "4k"}});
    // Where the root will lie above it: a part of a mount is taken from a tree.
    if (::move_mount(files.get(), "", AT_FDCWD, "/proc",
                     MOVE_MOUNT_F_EMPTY_PATH) == -1)
        refuse(layer::files, "move_mount", "/proc");
    constexpr std::string_view text = "nameserver 127.0.0.1\n";
    const unique_descriptor file{::openat(
        files.get(), "resolv.conf", O_CREAT | O_WRONLY | O_CLOEXEC, 0644)};
    if (!file || ::write(file.get(), text.data(), text.size()) !=
                     static_cast<ssize_t>(text.size()))
        refuse(layer::files, "openat", path);
    auto& t = is_there ? f.at(path) : f.trees[path];
    t = {};
    t.name = path;
    take("/proc/resolv.conf", t);
}

/// Makes `root`, which is somewhere, the root, and leaves all else behind.
void change_root(int root) {
    if (::fchdir(root) == -1) refuse(layer::files, "fchdir");
    // The old root comes to lie upon the new one, and is taken away.
    if (::syscall(SYS_pivot_root, ".", ".") == -1)
        refuse(layer::files, "pivot_root");
    if (::umount2(".", MNT_DETACH) == -1) refuse(layer::files, "umount2");
    if (::chdir("/") == -1) refuse(layer::files, "chdir");
}

/// A mount has to be somewhere before it can be the root: where no guest looks.
constexpr const char* before_it_is_root = "/proc";

void put_there(const unique_descriptor& mount) {
    if (::move_mount(mount.get(), "", AT_FDCWD, before_it_is_root,
                     MOVE_MOUNT_F_EMPTY_PATH) == -1)
        refuse(layer::files, "move_mount", before_it_is_root);
}

void make_own_mounts() {
    // What happens here stays here, also when the host shares its mounts.
    if (::unshare(CLONE_NEWNS) == -1) refuse(layer::namespaces, "unshare");
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == -1)
        refuse(layer::files, "mount", "/");
}

unique_descriptor own_mounts() {
    constexpr const char* path = "/proc/self/ns/mnt";
    unique_descriptor fd{::open(path, O_RDONLY | O_CLOEXEC)};
    if (!fd) refuse(layer::files, "open", path);
    return fd;
}

void make_basic_root() {
    make_own_mounts();
    std::vector<unique_descriptor> device_mounts;
    for (const char* d : devices) {
        unique_descriptor m{::open_tree(
            AT_FDCWD, d, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE)};
        if (!m) refuse(layer::files, "open_tree", d);
        set_attributes(m.get(), MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, d);
        device_mounts.push_back(std::move(m));
    }
    put_there(new_mount("tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
                        {{"mode", "755"}, {"size", "1m"}}));
    new_root root{before_it_is_root};
    // Nothing in /proc is for writing: as root, that would be the kernel's own
    // settings.
    root.put(new_mount("proc",
                       MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
                           MOUNT_ATTR_NOEXEC | MOUNT_ATTR_RDONLY,
                       {}),
             "/proc", true);
    for (std::size_t i = 0; i < device_mounts.size(); ++i)
        root.put(device_mounts[i], devices[i], false);
    for (const auto& [path, target] : device_links)
        root.make_link(path, target);
    change_root(root.get());
}

int make_basic_root_in_child(void* of) noexcept {
    auto& outcome = *static_cast<child_outcome*>(of);
    try {
        make_basic_root();
        outcome.fd = own_mounts().release();
    } catch (const refusal& r) {
        outcome.refuse(r);
    }
    ::_exit(0);
}

named_files::file identity_of(int at, const tree& t) {
    struct statx s {};
    if (::statx(at, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &s) == -1)
        refuse(layer::files, "statx", t.name);
    // Linux before 5.8 does not tell.
    if (!(s.stx_mask & STATX_MNT_ID)) {
        errno = ENOTSUP;
        refuse(layer::files, "statx", t.name);
    }
    return {t.name, gnu_dev_makedev(s.stx_dev_major, s.stx_dev_minor),
            s.stx_ino, s.stx_mnt_id};
}

/// What is about to be put was looked up, unless it was exchanged meanwhile.
void check_identities(const forest& f, const named_files& named) {
    auto looked_up = named.files.begin();
    bool same = f.links == named.links && f.trees.size() == named.files.size();
    for (const auto& [path, t] : f.trees) {
        if (!same) break;
        auto taken = identity_of(t.mount.get(), t);
        // It is a mount of its own.
        taken.mount = looked_up->mount;
        same = taken == *looked_up++;
    }
    if (same) return;
    errno = ESTALE;
    refuse(layer::files, "statx");
}

/// The host's files that `c` names, apart from the tree.
forest take_all(const confinement& c) {
    auto f = all_trees(c);
    for (auto& [path, t] : f.trees) {
        if (t.replaced)
            replace(c.replaced, path, t);
        else
            take(path, t);
    }
    if (c.asks_to_connect) add_resolver(f);
    return f;
}

/// In place of the basic root: one that has the host's.
void put_whole_root(const tree& whole) {
    const unique_descriptor proc{
        ::open_tree(AT_FDCWD, "/proc", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)};
    if (!proc) refuse(layer::files, "open_tree", "/proc");
    put_there(whole.mount);
    new_root root{before_it_is_root};
    root.put(proc, "/proc", true);
    change_root(root.get());
}

/// What every guest has: of processes those of its own, and devices that work.
bool is_basic(const std::string& path) noexcept {
    return is_within(path, "/proc") ||
           std::ranges::find(devices, path) != std::end(devices);
}

void put_all(const confinement& c, const forest& f) {
    const auto whole = f.trees.find("/");
    const bool has_whole = whole != f.trees.end();
    if (has_whole) put_whole_root(whole->second);
    new_root root{"/"};
    const auto put_temporary = [&] {
        if (c.temporary == 0) return;
        root.put(new_mount(
                     "tmpfs",
                     MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
                     {{"mode", "1777"}, {"size", std::to_string(c.temporary)}}),
                 "/tmp", true);
    };
    // What lies in the host's /tmp and is named is there, too.
    const bool is_below = !f.trees.contains("/tmp");
    if (is_below) put_temporary();
    for (const auto& [path, t] : f.trees)
        if (path != "/" && !is_basic(path))
            root.put(t.mount, path, t.is_folder);
    for (const auto& [path, target] : f.links)
        if (!f.covers(path) && !is_basic(path)) root.make_link(path, target);
    if (!is_below) put_temporary();
    if (has_whole) return;
    struct mount_attr a {};
    a.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC;
    if (::mount_setattr(AT_FDCWD, "/", 0, &a, sizeof(a)) == -1)
        refuse(layer::files, "mount_setattr", "/");
}

/// Whether a mount would lie on a name in a folder of the host's: there it goes
/// where the name goes, or ends with it, and nobody is told.
bool lies_on_names(const confinement& c, const forest& f) {
    const auto is_inside = [&](const std::string& path) {
        return f.above(path) != nullptr;
    };
    // What every guest has lies in no folder but the root.
    return f.trees.contains("/") || (c.temporary != 0 && is_inside("/tmp")) ||
           std::ranges::any_of(f.trees, is_inside,
                               [](const auto& t) { return t.first; });
}

struct filling {
    const confinement& policy;
    const unique_descriptor& mounts;
    const named_files& named;
    child_outcome& outcome;
};

int fill_in_child(void* of) noexcept {
    const auto& [c, mounts, named, outcome] = *static_cast<filling*>(of);
    try {
        make_own_mounts();
        outcome.left_mounts = own_mounts().release();
        const auto f = take_all(c);
        check_identities(f, named);
        enter_mounts(mounts);
        put_all(c, f);
        outcome.fd = make_rules(c).release();
    } catch (const refusal& r) {
        outcome.refuse(r);
    }
    ::_exit(0);
}

/// Out of the way of what comes along with a set-up, which has the lowest
/// numbers.
unique_descriptor out_of_the_way(unique_descriptor fd) {
    if (!fd) return {};
    unique_descriptor r{::fcntl(fd.get(), F_DUPFD_CLOEXEC, 10)};
    if (!r) refuse(layer::files, "fcntl");
    return r;
}

/// Calls `body` with `argument` in a process that has the descriptors of this
/// one and file systems of its own.
filled_mounts left_by(int (*body)(void*), void* argument,
                      const child_outcome& outcome) {
    // A terminal's signals go to the child as well.
    sigset_t all, before;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &before);
    const pid_t child = start_sharing(body, argument, CLONE_FILES);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    if (child == -1) refuse(layer::namespaces, "clone");
    int status = 0;
    while (::waitpid(child, &status, 0) == -1 && errno == EINTR)
        ;
    unique_descriptor fd{outcome.fd}, left{outcome.left_mounts};
    outcome.check();
    // Of one that was killed there may be anything.
    if (status != 0) {
        errno = EINTR;
        refuse(layer::files, "clone");
    }
    return {out_of_the_way(std::move(fd)), out_of_the_way(std::move(left))};
}

} // namespace

void enter_mounts(const unique_descriptor& mounts) {
    if (::setns(mounts.get(), CLONE_NEWNS) == -1)
        refuse(layer::namespaces, "setns");
}

unique_descriptor make_basic_mounts() {
    auto& outcome = shared_outcome();
    return left_by(&make_basic_root_in_child, &outcome, outcome).rules;
}

named_files look_up(const confinement& c) {
    auto f = all_trees(c);
    if (lies_on_names(c, f)) {
        errno = ENOTSUP;
        refuse(layer::files, "openat2");
    }
    named_files r;
    for (const auto& [path, t] : f.trees) {
        const auto at = open_real(path);
        if (!at) refuse(layer::files, "openat2", t.name);
        r.files.push_back(identity_of(at.get(), t));
    }
    r.links = std::move(f.links);
    return r;
}

filled_mounts fill_mounts(const confinement& c,
                          const unique_descriptor& basic_mounts,
                          const named_files& named) {
    filling f{c, basic_mounts, named, shared_outcome()};
    return left_by(&fill_in_child, &f, f.outcome);
}

unique_descriptor build_root(const confinement& c,
                             const unique_descriptor& basic_mounts) {
    // Of the host's mounts as they are now: a copy from before would be in the
    // way of whoever takes one away.
    make_own_mounts();
    auto left = own_mounts();
    const auto files = take_all(c);
    enter_mounts(basic_mounts);
    put_all(c, files);
    return left;
}

} // namespace emilua::sandbox
