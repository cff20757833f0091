// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/folder_copy.hpp"

#include "sandbox/folder_walk.hpp"
#include "sandbox/overlay.hpp"

#include <emilua/error.hpp>

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

[[noreturn]] void fail(const char* syscall, const std::string& path) {
    failure f{error_code{errno, boost::system::system_category()}, syscall};
    f.path = path;
    throw f;
}

[[noreturn]] void refuse_while_used() {
    failure f{error_code{EBUSY, boost::system::system_category()}, nullptr,
              "policy.copy_on_write"};
    f.expected = "no guest of the sandbox that still runs";
    throw f;
}

bool is_within(const std::string& path, const std::string& folder) {
    return folder == "/" || path == folder ||
           (path.starts_with(folder) && path[folder.size()] == '/');
}

/// Of a folder that is copied, entry by entry.
struct copying {
    int from, to;

    copied_entry entry(const std::string& path, const struct stat& st) const {
        copied_entry e;
        e.mode = st.st_mode;
        e.size = static_cast<std::uint64_t>(st.st_size);
        const auto target =
            open_below(to, folder_of(path), O_PATH | O_DIRECTORY);
        if (!target) fail("openat2", path);
        const auto name = name_of(path);
        if (S_ISDIR(st.st_mode)) {
            if (::mkdirat(target.get(), name.c_str(), S_IRWXU) == -1)
                fail("mkdirat", path);
            fill(path, e);
            if (::fchmodat(target.get(), name.c_str(), st.st_mode & 0777, 0) ==
                -1)
                fail("fchmodat", path);
        } else if (S_ISREG(st.st_mode)) {
            file(path, target.get(), name, st);
        } else {
            const auto source =
                open_below(from, folder_of(path), O_PATH | O_DIRECTORY);
            if (!source) fail("openat2", path);
            if (::symlinkat(read_link(source.get(), name, path).c_str(),
                            target.get(), name.c_str()) == -1)
                fail("symlinkat", path);
        }
        struct stat now;
        if (::fstatat(target.get(), name.c_str(), &now, AT_SYMLINK_NOFOLLOW) ==
            -1)
            fail("fstatat", path);
        e.number = now.st_ino;
        e.changed = now.st_ctim;
        return e;
    }

    void fill(const std::string& path, copied_entry& e) const {
        std::vector<std::pair<std::string, struct stat>> all;
        {
            const auto source = open_below(from, path, O_RDONLY | O_DIRECTORY);
            if (!source) fail("openat2", path);
            for (auto& name : names_in(source.get())) {
                struct stat st;
                if (::fstatat(source.get(), name.c_str(), &st,
                              AT_SYMLINK_NOFOLLOW) == -1)
                    fail("fstatat", joined(path, name));
                if (S_ISDIR(st.st_mode) || S_ISREG(st.st_mode) ||
                    S_ISLNK(st.st_mode))
                    all.emplace_back(std::move(name), st);
            }
        }
        for (const auto& [name, st] : all)
            e.below.emplace(name, entry(joined(path, name), st));
    }

private:
    void file(const std::string& path, int target, const std::string& name,
              const struct stat& st) const {
        const auto source = open_below(from, path, O_RDONLY | O_NONBLOCK);
        if (!source) fail("openat2", path);
        const unique_descriptor copy{
            ::openat(target, name.c_str(),
                     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                     S_IRUSR | S_IWUSR)};
        if (!copy) fail("openat", path);
        copy_bytes(source.get(), copy.get(), path);
        const timespec times[] = {st.st_atim, st.st_mtim};
        if (::fchmod(copy.get(), st.st_mode & 0777) == -1 ||
            ::futimens(copy.get(), times) == -1)
            fail("fchmod", path);
    }
};

unique_descriptor open_folder(const std::string& path) {
    unique_descriptor fd{
        ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (fd) return fd;
    failure f{error_code{errno, boost::system::system_category()}, "open",
              "policy.copy_on_write"};
    f.path = path;
    throw f;
}

} // namespace

folder_copy::folder_copy(const std::string& folder, foundation on)
    : folder_{folder},
      on_namespaces_{on == foundation::namespaces}, host_{open_folder(folder)} {
    make_folders();
    overlays_ =
        on_namespaces_ && can_overlay(folder_, scratch_.path() + "/written",
                                      scratch_.path() + "/work");
    // What the trial left must not be the guests'.
    clear();
}

void folder_copy::make_folders() {
    for (const char* name : {"written", "work"})
        if (::mkdirat(scratch_.get(), name, S_IRWXU) == -1)
            fail("mkdirat", scratch_.path());
    written_ = unique_descriptor{
        ::openat(scratch_.get(), "written",
                 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    if (!written_) fail("openat", scratch_.path());
    struct stat st;
    if (::fstat(host_.get(), &st) == -1 ||
        ::fchmod(written_.get(), st.st_mode & 0777) == -1)
        fail("fchmod", scratch_.path());
}

void folder_copy::clear() {
    copied_.reset();
    remove_tree(scratch_.get(), "written");
    remove_tree(scratch_.get(), "work");
    make_folders();
}

void folder_copy::put_into(confinement& c) const {
    const auto written = scratch_.path() + "/written";
    if (on_namespaces_) {
        c.replaced = {folder_, written,
                      overlays_ ? scratch_.path() + "/work" : std::string{}};
        return;
    }
    c.replaced = {folder_, written, {}};
    c.writable.push_back(written);
    for (auto& p : c.executable) p = path_inside(p);
}

std::string folder_copy::path_inside(const std::string& path) const {
    if (on_namespaces_ || !is_within(path, folder_)) return path;
    return scratch_.path() + "/written" + path.substr(folder_.size());
}

folder_copy::use
folder_copy::begin_use(const std::shared_ptr<folder_copy>& of) {
    if (of->in_use_.exchange(true)) refuse_while_used();
    return use{of};
}

void folder_copy::prepare() {
    if (is_ready()) return;
    copied_entry all;
    try {
        copying{host_.get(), written_.get()}.fill({}, all);
    } catch (...) {
        clear();
        throw;
    }
    copied_ = std::move(all);
}

void folder_copy::discard(const std::shared_ptr<folder_copy>& of) {
    const std::lock_guard lock{of->looked_at_};
    const auto u = begin_use(of);
    of->clear();
}

} // namespace emilua::sandbox
