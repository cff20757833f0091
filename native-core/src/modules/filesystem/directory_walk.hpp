// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/directory_entry.hpp"
#include "modules/filesystem/directory_reader.hpp"

#include <list>

namespace emilua::filesystem {

struct directory_options {
    bool skip_permission_denied = false;
};

struct recursive_directory_options {
    bool skip_permission_denied = false;
    bool follow_directory_symlink = false;
};

/// Goes through a folder and, unless it is flat, all below. Folders are entered
/// through their descriptors, so nobody leads it elsewhere by putting a link in
/// the place of one. Only `next` touches the file system: what else the program
/// says is noted until then, for it may not block.
class directory_walk {
public:
    directory_walk(path p, recursive_directory_options options, bool flat)
        : root_{std::move(p)}, options_{options}, flat_{flat} {}

    /// Opens the folder, which otherwise happens with the first entry.
    void start();
    std::optional<directory_entry> next();
    /// Whether `next` touches no file system.
    bool next_is_ready() noexcept;
    /// Reads the folders that come next along with one that has to be read: for
    /// programs to which each such step is dear.
    void read_ahead() noexcept { reads_ahead_ = true; }
    void pop() noexcept { ++pops_; }
    void disable_recursion_pending() noexcept { recursion_pending_ = false; }
    bool recursion_pending() const noexcept { return recursion_pending_; }
    void close() noexcept;

private:
    /// A folder that was opened before it is its turn, or the errno of that.
    struct early {
        std::string name;
        std::variant<directory_reader, int> what;
        /// Inside of it.
        std::list<early> ahead{};
    };
    struct level {
        directory_reader inside;
        std::shared_ptr<const std::string> text;
        /// In the order in which their entries come.
        std::list<early> ahead;
    };
    /// The entry that came last, if it may be a folder to enter.
    struct candidate {
        std::string name;
        unsigned char type;
    };

    static constexpr std::size_t most_ahead = 64;

    std::optional<directory_entry> advance();
    /// The next item of `l`.
    static std::optional<directory_reader::item> read(level& l);
    void enter_last();
    /// Closes what was opened ahead and then not entered.
    void forget_passed(level& l);
    /// Opens the folders that come next, in the order in which they come.
    void open_ahead();
    /// Opens `name` of `folder` and the folders inside. False when there is no
    /// room for more.
    static bool open_early(const directory_reader& folder,
                           std::string_view name, std::list<early>& ahead,
                           std::size_t& room);
    static std::size_t count(const std::list<early>& ahead) noexcept;
    static bool open_inside(const directory_reader& folder,
                            std::list<early>& ahead, std::size_t& room);
    /// What was opened of the entry that came last. Forgets what was passed
    /// over.
    early* last_opened() noexcept;
    /// `what` is the folder of this name, or why it cannot be opened.
    void entered(std::variant<directory_reader, int> what,
                 std::shared_ptr<const std::string> text,
                 std::list<early> ahead = {});

    path root_;
    recursive_directory_options options_;
    bool flat_, started_ = false, recursion_pending_ = true;
    bool reads_ahead_ = false;
    /// Since the last entry was given.
    bool touched_system_ = false;
    unsigned pops_ = 0;
    std::vector<level> levels_;
    std::optional<candidate> last_;
};

/// The iterators of programs. They differ in what they can be told.
class directory_iterator {
public:
    directory_iterator(path p, std::optional<directory_options> o)
        : walk_{std::move(p), {o && o->skip_permission_denied, false}, true} {}

    /// With the folder open, as Lua programs expect.
    static directory_iterator open(path p, std::optional<directory_options> o) {
        directory_iterator r{std::move(p), o};
        r.walk_.start();
        return r;
    }
    static directory_iterator later(path p,
                                    std::optional<directory_options> o) {
        return {std::move(p), o};
    }

    std::optional<directory_entry> next() { return walk_.next(); }
    bool next_is_ready() noexcept { return walk_.next_is_ready(); }
    void close() noexcept { walk_.close(); }

private:
    directory_walk walk_;
};

class recursive_directory_iterator : public directory_walk {
public:
    recursive_directory_iterator(path p,
                                 std::optional<recursive_directory_options> o)
        : directory_walk{std::move(p),
                         o.value_or(recursive_directory_options{}), false} {}

    static recursive_directory_iterator
    open(path p, std::optional<recursive_directory_options> o) {
        recursive_directory_iterator r{std::move(p), o};
        r.start();
        return r;
    }
    static recursive_directory_iterator
    later(path p, std::optional<recursive_directory_options> o) {
        recursive_directory_iterator r{std::move(p), o};
        r.read_ahead();
        return r;
    }

    std::optional<std::tuple<directory_entry, int>> next_and_depth() {
        auto entry = next();
        if (!entry) return std::nullopt;
        const int depth = entry->depth();
        return std::tuple{std::move(*entry), depth};
    }
};

} // namespace emilua::filesystem

namespace emilua {

template <> struct fields_of<filesystem::directory_options> {
    using o = filesystem::directory_options;
    static constexpr auto name = "directory_options";
    static constexpr field_description items[] = {
        field<&o::skip_permission_denied>(
            "skip_permission_denied",
            "A folder that may not be read is an empty one.",
            presence::optional),
    };
};

template <> struct fields_of<filesystem::recursive_directory_options> {
    using o = filesystem::recursive_directory_options;
    static constexpr auto name = "recursive_directory_options";
    static constexpr field_description items[] = {
        field<&o::skip_permission_denied>(
            "skip_permission_denied",
            "Passes over the folders that may not be read.",
            presence::optional),
        field<&o::follow_directory_symlink>(
            "follow_directory_symlink",
            "Enters folders through symbolic links too.", presence::optional),
    };
};

} // namespace emilua
