// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/host_files.hpp"

#include "sandbox/overlay.hpp"

#include <algorithm>
#include <deque>

#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
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

} // namespace

bool is_within(const std::string& path, const std::string& folder) {
    return folder == "/" || path == folder ||
           (path.size() > folder.size() && path.starts_with(folder) &&
            path[folder.size()] == '/');
}

host_tree& host_forest::at(const std::string& path) {
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

const host_tree* host_forest::above(const std::string& path) const {
    const host_tree* r = nullptr;
    for (const auto& [folder, t] : trees)
        if (folder != path && is_within(path, folder)) r = &t;
    return r;
}

bool host_forest::covers(const std::string& path) const {
    return std::any_of(trees.begin(), trees.end(),
                       [&](const auto& t) { return is_within(path, t.first); });
}

void set_attributes(int mount, std::uint64_t set, const std::string& path) {
    struct mount_attr a {};
    a.attr_set = set;
    a.propagation = MS_PRIVATE;
    if (::mount_setattr(mount, "", AT_EMPTY_PATH | AT_RECURSIVE, &a,
                        sizeof(a)) == -1)
        refuse(layer::files, "mount_setattr", path);
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

namespace {

/// How the guest finds it.
std::uint64_t attributes_of(const host_tree& t) noexcept {
    std::uint64_t set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
    if (!t.writable) set |= MOUNT_ATTR_RDONLY;
    if (!t.executable) set |= MOUNT_ATTR_NOEXEC;
    return set;
}

/// A copy of the mounts at `path` and below, that is nowhere yet.
void take(const std::string& path, host_tree& t) {
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
void replace(const replaced_folder& r, const std::string& path, host_tree& t) {
    if (r.work.empty()) return take(follow(r.by).path, t);
    const auto at = open_real(path);
    if (!at) refuse(layer::files, "openat2", t.name);
    t.mount = unique_descriptor{
        mount_overlay(at.get(), r.by.c_str(), r.work.c_str(),
                      static_cast<unsigned>(attributes_of(t)))};
    if (!t.mount) refuse(layer::files, "fsconfig", "overlay");
}

host_forest all_trees(const confinement& c) {
    host_forest f{c.real_paths};
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
void add_resolver(host_forest& f) {
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

named_files::file identity_of(int at, const host_tree& t) {
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

/// Whether a mount would lie on a name in a folder of the host's: there it goes
/// where the name goes, or ends with it, and nobody is told.
bool lies_on_names(const confinement& c, const host_forest& f) {
    const auto is_inside = [&](const std::string& path) {
        return f.above(path) != nullptr;
    };
    // What every guest has lies in no folder but the root.
    return f.trees.contains("/") || (c.temporary != 0 && is_inside("/tmp")) ||
           std::ranges::any_of(f.trees, is_inside,
                               [](const auto& t) { return t.first; });
}

} // namespace

void check_identities(const host_forest& f, const named_files& named) {
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

host_forest take_all(const confinement& c) {
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

} // namespace emilua::sandbox
