// SPDX-License-Identifier: MIT OR BSL-1.0
// The files of a guest: a new root whose folders are mounts of what it may
// see. Mounts are made apart from the tree, by descriptors, get their flags
// there, and are put in place at last, so that no link is followed twice.
//
// The root has a mount namespace of its own, which is made ahead, and the
// host's mounts are left for it with what was taken from them.
#include "sandbox/host_files.hpp"
#include "sandbox/shared_child.hpp"

#include <algorithm>
#include <csignal>
#include <set>

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

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

/// In place of the basic root: one that has the host's.
void put_whole_root(const host_tree& whole) {
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

void put_all(const confinement& c, const host_forest& f) {
    const auto whole = f.trees.find("/");
    const bool has_whole = whole != f.trees.end();
    if (has_whole) put_whole_root(whole->second);
    new_root root{"/"};
    const auto put_temporary = [&] {
        if (c.temporary == 0) return;
        std::uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
        if (!c.runs_temporary) attributes |= MOUNT_ATTR_NOEXEC;
        root.put(new_mount(
                     "tmpfs", attributes,
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
