// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/path.hpp"

#include <sys/types.h>

namespace emilua::filesystem {

struct recursive_directory_options {
    bool skip_permission_denied = false;
    bool follow_directory_symlink = false;
};

/// What an iterator found: where it lies, and what its file was like when it
/// was looked at last.
class directory_entry {
public:
    directory_entry(filesystem::path p, int depth);

    filesystem::path path() const { return path_; }
    int depth() const noexcept { return depth_; }
    std::uint64_t file_size() const;
    /// Throws where there is nothing any more.
    void refresh();

private:
    void look() noexcept;

    filesystem::path path_;
    int depth_;
    /// What stat said: an errno, or the rest.
    int error_ = 0;
    mode_t mode_ = 0;
    std::uint64_t size_ = 0;
};

/// Goes through a folder and all below. Only `next` touches the file system:
/// what else the program says is noted until then, for it may not block.
class directory_walk {
public:
    /// Opens the folder now, as Lua programs expect.
    static directory_walk open(path p,
                               std::optional<recursive_directory_options> opts);
    /// Opens it when the first entry is asked for.
    static directory_walk
    later(path p, std::optional<recursive_directory_options> opts);

    std::optional<directory_entry> next();
    std::optional<std::tuple<directory_entry, int>> next_and_depth();
    void pop() noexcept { ++pops_; }
    void disable_recursion_pending() noexcept { recursion_pending_ = false; }
    bool recursion_pending() const noexcept { return recursion_pending_; }
    void close();

private:
    enum class position { unopened, at_first, at_last_given, ended };

    directory_walk(path p, std::optional<recursive_directory_options> opts);

    void start();
    void advance();

    path root_;
    std::filesystem::directory_options options_{};
    std::filesystem::recursive_directory_iterator at_{};
    position position_ = position::unopened;
    unsigned pops_ = 0;
    bool recursion_pending_ = true;
};

} // namespace emilua::filesystem
