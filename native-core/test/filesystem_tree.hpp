// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "test_vm.hpp"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <vector>

/// Trees for tests of `filesystem`: every kind of file, under every kind of
/// name.

namespace emilua::test {

namespace fs = std::filesystem;

/// A folder that is gone with the object.
class scratch_folder {
public:
    scratch_folder() {
        std::string name = fs::temp_directory_path() / "emilua-XXXXXX";
        path_ = ::mkdtemp(name.data());
        ::chmod(path_.c_str(), 0755);
    }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    ~scratch_folder() {
        let_in(path_);
        std::error_code failed;
        fs::remove_all(path_, failed);
        CHECK(!failed);
    }
    const fs::path& get() const noexcept { return path_; }

private:
    /// Who is not root can only empty a folder that may be entered and written.
    static void let_in(const fs::path& folder) {
        ::chmod(folder.c_str(), 0700);
        std::error_code ignored;
        for (const auto& e : fs::directory_iterator{folder, ignored})
            if (e.symlink_status(ignored).type() == fs::file_type::directory)
                let_in(e.path());
    }

    fs::path path_;
};

/// Makes the same tree wherever it is told to, for one seed.
class tree_maker {
public:
    /// `denied`: with files and folders that nobody may use. `cycles`: with
    /// links that lead round in circles.
    tree_maker(unsigned seed, bool denied, bool cycles)
        : random_{seed}, denied_{denied}, cycles_{cycles} {}

    void make(const fs::path& root) {
        fs::create_directory(root);
        root_ = root;
        fill(root, 0);
        for (const auto& [name, mode] : later_) ::chmod(name.c_str(), mode);
    }

private:
    unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }

    std::string name(unsigned i) {
        static const char* const names[] = {
            "plain",     "with space", "new\nline",   "no.\xff\xfe.utf8",
            ".hidden",   "-dash",      "a.tar.gz",    "\xc3\xa9t\xc3\xa9",
            "quo\"te'd", "tab\there",  "back\\slash", "*glob?[x]"};
        return names[pick(12)] + std::to_string(i);
    }

    void fill(const fs::path& folder, int depth) {
        std::vector<fs::path> made;
        const unsigned count = 3 + pick(6);
        for (unsigned i = 0; i < count; ++i) {
            const auto p = folder / name(i);
            put(p, made, depth);
            made.push_back(p);
        }
    }

    void put(const fs::path& p, const std::vector<fs::path>& made, int depth) {
        const auto text = p.c_str();
        switch (pick(denied_ ? 14 : 12)) {
        case 0:
        case 1:
        case 2:
            if (depth < 4) {
                fs::create_directory(p);
                fill(p, depth + 1);
                if (pick(3) == 0) later_.emplace_back(p, 0750);
                break;
            }
            [[fallthrough]];
        case 3:
        case 4:
            std::ofstream{p} << std::string(pick(5000), 'x');
            ::chmod(text, pick(2) ? 0644 : 0640);
            set_time(text);
            break;
        case 5:
            std::ofstream{p};
            set_time(text);
            break;
        case 6:
            ::symlink("nowhere", text);
            break;
        case 7:
            ::symlink(cycles_ ? (pick(2) ? p.filename().c_str() : ".")
                              : "none/of/that",
                      text);
            break;
        case 8:
            if (made.empty()) break;
            ::symlink(made[pick(static_cast<unsigned>(made.size()))]
                          .filename()
                          .c_str(),
                      text);
            break;
        case 9:
            ::mkfifo(text, 0644);
            break;
        case 10:
            ::mknod(text, S_IFSOCK | 0644, 0);
            break;
        case 11:
            if (!made.empty()) ::link(made.front().c_str(), text);
            break;
        case 12:
            std::ofstream{p} << "secret";
            ::chmod(text, 0);
            break;
        default:
            fs::create_directory(p);
            std::ofstream{p / "inside"} << "secret";
            later_.emplace_back(p, pick(2) ? 0 : 0111);
        }
    }

    void set_time(const char* text) {
        const timespec when{1'000'000'000 + pick(1000), 0};
        const timespec times[] = {when, when};
        ::utimensat(AT_FDCWD, text, times, AT_SYMLINK_NOFOLLOW);
    }

    std::mt19937 random_;
    bool denied_, cycles_;
    fs::path root_;
    std::vector<std::pair<fs::path, mode_t>> later_;
};

/// What a tree is like: of each file its kind, mode, size and target. Needs no
/// right to read.
inline std::map<std::string, std::string> snapshot(const fs::path& root) {
    std::map<std::string, std::string> all;
    std::error_code ec;
    for (fs::recursive_directory_iterator
             it{root, fs::directory_options::skip_permission_denied, ec},
         end;
         !ec && it != end; it.increment(ec)) {
        struct stat st;
        if (::lstat(it->path().c_str(), &st) != 0) continue;
        auto& text = all[it->path().lexically_relative(root)];
        text = std::to_string(st.st_mode);
        if (S_ISREG(st.st_mode))
            text += ' ' + std::to_string(st.st_size) + ' ' +
                    std::to_string(st.st_nlink);
        if (S_ISLNK(st.st_mode))
            text += ' ' + fs::read_symlink(it->path(), ec).native();
    }
    return all;
}

/// All that is in a tree, as ways from its root, and some that are not.
inline std::vector<fs::path> ways_in(const fs::path& root) {
    std::vector<fs::path> all = {"", ".", "none", "none/of/it"};
    std::error_code ec;
    for (fs::recursive_directory_iterator
             it{root, fs::directory_options::skip_permission_denied, ec},
         end;
         !ec && it != end; it.increment(ec)) {
        const auto way = it->path().lexically_relative(root);
        all.push_back(way);
        all.push_back(way / "");
        all.push_back(way / "x");
        all.push_back(way / ".." / "y");
    }
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace emilua::test
