// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/copy.hpp"

#include "modules/filesystem/copy_content.hpp"
#include "modules/filesystem/directory_reader.hpp"
#include "modules/filesystem/failures.hpp"
#include "modules/filesystem/file_status.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace emilua::filesystem {
namespace {

bool is_other(const struct stat& st) noexcept {
    return !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) && !S_ISLNK(st.st_mode);
}

bool same_file(const struct stat& a, const struct stat& b) noexcept {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

struct stat identity_of(const directory_reader& r) {
    struct stat st;
    if (::fstat(r.fd(), &st) != 0) throw_errno("fstat", "from");
    return st;
}

std::string target_of(place_in_folder p) {
    std::string target(256, '\0');
    for (;;) {
        const auto n =
            ::readlinkat(p.folder, p.name, target.data(), target.size());
        if (n < 0) throw_errno("readlink", "from");
        if (static_cast<std::size_t>(n) < target.size()) {
            target.resize(static_cast<std::size_t>(n));
            return target;
        }
        target.resize(2 * target.size());
    }
}

void copy_link(place_in_folder from, place_in_folder to) {
    if (::symlinkat(target_of(from).c_str(), to.folder, to.name) != 0)
        throw_errno("symlink", "to");
}

/// One call of `copy`.
class copier {
public:
    explicit copier(copy_options o) noexcept : options_{o} {}

    /// `text` is what `from` is called in links to it. `is_folder`: it was one
    /// a moment ago, and is to be nothing else.
    void copy(place_in_folder from, place_in_folder to,
              const std::filesystem::path& text, bool is_folder) {
        struct stat f, t;
        if (::fstatat(from.folder, from.name, &f,
                      follows(is_folder) ? 0 : AT_SYMLINK_NOFOLLOW) != 0)
            throw_errno("stat", "from");
        if (is_folder && !S_ISDIR(f.st_mode))
            throw_code(S_ISLNK(f.st_mode) ? ELOOP : ENOTDIR, "open", "from");
        const bool there = look_at_destination(to, t);
        if (there && !is_other(t) && !is_other(f) && same_file(f, t))
            throw_code(EEXIST, "stat", "to");
        if (is_other(f)) throw_code(EINVAL, "stat", "from");
        if (there && is_other(t)) throw_code(EINVAL, "stat", "to");
        if (S_ISDIR(f.st_mode) && there && S_ISREG(t.st_mode))
            throw_code(EISDIR, "stat", "to");

        if (S_ISLNK(f.st_mode)) {
            if (options_.symlinks == on_symlink::skip) return;
            if (there || options_.symlinks != on_symlink::copy)
                throw_code(EINVAL, "symlink", "to");
            copy_link(from, to);
        } else if (S_ISREG(f.st_mode)) {
            copy_file(from, to, text, f, there ? &t : nullptr,
                      follows(is_folder));
        } else if (options_.copy == copy_instead::create_symlinks) {
            throw_code(EISDIR, "symlink", "from");
        } else if (options_.recursive || (options_.none() && depth_ == 0)) {
            copy_folder(from, to, text, f, there, follows(is_folder));
        }
    }

private:
    bool wants_links() const noexcept {
        return options_.copy == copy_instead::create_symlinks;
    }
    bool follows(bool is_folder) const noexcept {
        return !is_folder && !options_.symlinks && !wants_links();
    }

    /// Below the folder that was given, links are themselves.
    bool look_at_destination(place_in_folder to, struct stat& t) const {
        const bool follow = depth_ == 0 && !wants_links() &&
                            options_.symlinks != on_symlink::skip;
        if (::fstatat(to.folder, to.name, &t,
                      follow ? 0 : AT_SYMLINK_NOFOLLOW) == 0)
            return true;
        if (errno != ENOENT && errno != ENOTDIR) throw_errno("stat", "to");
        return false;
    }

    void copy_file(place_in_folder from, place_in_folder to,
                   const std::filesystem::path& text, const struct stat& f,
                   const struct stat* t, bool follow) {
        if (options_.copy == copy_instead::directories_only) return;
        if (wants_links()) {
            if (::symlinkat(text.c_str(), to.folder, to.name) != 0)
                throw_errno("symlink", "to");
            return;
        }
        if (options_.copy == copy_instead::create_hardlinks) {
            if (::linkat(from.folder, from.name, to.folder, to.name, 0) != 0)
                throw_errno("link");
            return;
        }
        if (!t || !S_ISDIR(t->st_mode)) {
            copy_content(from, to, options_.existing, f, t, follow,
                         depth_ == 0);
            return;
        }
        const auto name = text.filename();
        const directory_reader folder{enter(to, true, "to")};
        const place_in_folder inside{folder.fd(), name.c_str()};
        struct stat there;
        if (::fstatat(inside.folder, inside.name, &there, 0) == 0)
            t = &there;
        else if (errno == ENOENT || errno == ENOTDIR)
            t = nullptr;
        else
            throw_errno("stat", "to");
        copy_content(from, inside, options_.existing, f, t, true, true);
    }

    static unique_descriptor enter(place_in_folder p, bool follow,
                                   const char* argument) {
        auto fd = open_folder(p.folder, p.name, follow);
        if (!fd) throw_errno("open", argument);
        return fd;
    }

    void copy_folder(place_in_folder from, place_in_folder to,
                     const std::filesystem::path& text, const struct stat& f,
                     bool there, bool follow) {
        if (!there && ::mkdirat(to.folder, to.name, f.st_mode & 07777) != 0)
            throw_errno("mkdir", "to");
        const directory_reader target{enter(to, depth_ == 0 && there, "to")};
        directory_reader source{enter(from, follow, "from")};
        const auto s = identity_of(source);
        // What was made, not what was given, is the end of the way.
        if (depth_ == 0) destination_ = identity_of(target);
        if (same_file(s, destination_)) throw_code(EINVAL, "mkdir", "to");
        // A link that leads back up.
        for (const auto& a : above_)
            if (same_file(a, s)) throw_code(ELOOP, "open", "from");
        if (++depth_ > deepest_folder) throw_code(ENAMETOOLONG, "open", "from");
        above_.push_back(s);
        while (auto item = source.next())
            copy({source.fd(), item->name.data()},
                 {target.fd(), item->name.data()}, text / item->name,
                 item->type == DT_DIR);
        above_.pop_back();
        --depth_;
    }

    const copy_options options_;
    int depth_ = 0;
    struct stat destination_ {};
    /// The folders on the way from the one that was given.
    std::vector<struct stat> above_;
};

} // namespace

void copy(path from, path to, std::optional<copy_options> opts) {
    const char* const source = from.c_str("from");
    copier{opts.value_or(copy_options{})}.copy(
        {AT_FDCWD, source}, {AT_FDCWD, to.c_str("to")}, from.get(), false);
}

bool copy_file(path from, path to, std::optional<on_existing> existing) {
    const place_in_folder source{AT_FDCWD, from.c_str("from")},
        target{AT_FDCWD, to.c_str("to")};
    struct stat f, t;
    const struct stat* there = &t;
    if (::stat(target.name, &t) != 0) {
        if (errno != ENOENT && errno != ENOTDIR) throw_errno("stat", "to");
        there = nullptr;
    }
    if (::stat(source.name, &f) != 0) throw_errno("stat", "from");
    return copy_content(source, target, existing, f, there, true, true);
}

void copy_symlink(path from, path to) {
    copy_link({AT_FDCWD, from.c_str("from")}, {AT_FDCWD, to.c_str("to")});
}

} // namespace emilua::filesystem
