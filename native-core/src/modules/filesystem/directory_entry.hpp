// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/clock.hpp"
#include "modules/filesystem/file_status.hpp"
#include "modules/filesystem/path.hpp"

#include <memory>

namespace emilua::filesystem {

/// What an iterator found: where it lies and what kind it is, which the folder
/// has told; what only the file itself tells is asked for once, when it is
/// first wanted, and again by `refresh`.
class directory_entry {
public:
    /// `type` is unknown where the folder did not tell.
    directory_entry(std::shared_ptr<const std::string> folder,
                    std::string_view name, file_type type, int depth)
        : folder_{std::move(folder)}, name_{name}, type_{type}, depth_{depth} {}

    filesystem::path path() const { return filesystem::path{text()}; }
    int depth() const noexcept { return depth_; }
    file_type type() const;
    std::uint64_t file_size() const;
    std::uint64_t hardlink_count() const;
    file_time last_write_time() const;
    file_status status() const;
    file_status symlink_status() const;
    /// Throws where there is nothing any more.
    void refresh();

private:
    /// What stat or lstat said: an errno, or the rest.
    struct look {
        int code;
        struct stat st;
    };
    struct looks {
        std::optional<look> target, itself;
    };

    std::string text() const;
    const look& target() const;
    const look& itself() const;
    /// Throws what stat said.
    const struct stat& found() const;
    /// Calls `f`, whose failures are then about this entry.
    template <class F> decltype(auto) naming_itself(F f) const;

    std::shared_ptr<const std::string> folder_;
    std::string name_;
    file_type type_;
    int depth_;
    mutable std::unique_ptr<looks> seen_;
};

} // namespace emilua::filesystem
