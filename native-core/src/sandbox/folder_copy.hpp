// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/confinement.hpp"
#include "sandbox/scratch_folder.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include <sys/stat.h>

namespace emilua::sandbox {

enum class change_kind { added, changed, removed };

/// What a guest made of something in a folder.
struct folder_change {
    /// From the folder on.
    std::string path;
    change_kind what{};
    /// Of what is there now, or was there before it was removed.
    mode_t mode = 0;
    std::uint64_t size = 0;
};

/// What a folder had, where it was copied as a whole.
struct copied_entry {
    mode_t mode = 0;
    std::uint64_t size = 0;
    /// Of the copy. They tell whether it was touched.
    ino_t number = 0;
    timespec changed{};
    std::map<std::string, copied_entry> below;
};

/// A folder of the host's that guests see and write to without changing it:
/// what they write lies elsewhere, until somebody has looked at it. Where the
/// kernel lays one folder over another (overlayfs), only that is elsewhere;
/// else all of it, as a copy.
///
/// Everything that a guest left is taken for hostile: its links are not
/// followed, and what is neither a file, a folder nor a link is not brought
/// back. Calls block and throw `failure`.
class folder_copy {
public:
    /// `folder` is absolute. Overlays are for guests on namespaces.
    folder_copy(const std::string& folder, foundation on);

    /// So that guests find it where the folder is, or, in an ordinary process,
    /// elsewhere.
    void put_into(confinement& c) const;
    /// Where guests find what is `path` outside.
    std::string path_inside(const std::string& path) const;

    /// For as long as somebody writes to it.
    class use {
    public:
        explicit use(std::shared_ptr<folder_copy> of) : of_{std::move(of)} {}
        use(use&&) = default;
        use& operator=(use&& o) noexcept {
            std::swap(of_, o.of_);
            return *this;
        }
        ~use() {
            if (of_) of_->in_use_ = false;
        }

    private:
        std::shared_ptr<folder_copy> of_;
    };
    /// EBUSY if there is somebody already.
    static use begin_use(const std::shared_ptr<folder_copy>& of);
    const std::string& folder() const noexcept { return folder_; }
    /// Copies, if that is what it takes, unless it is there already. Before
    /// each guest.
    void prepare();
    bool is_ready() const noexcept { return overlays_ || copied_; }

    /// What was written, by path. These three are EBUSY while somebody writes,
    /// and made one after the other.
    static std::vector<folder_change>
    changes(const std::shared_ptr<folder_copy>& of);
    /// Brings all of it to the folder, and begins anew. One that failed can be
    /// called again.
    static void commit(const std::shared_ptr<folder_copy>& of);
    /// Begins anew.
    static void discard(const std::shared_ptr<folder_copy>& of);

private:
    class walk;

    void make_folders();
    void clear();
    void apply(const folder_change& c) const;
    void remove(const folder_change& c) const;
    void set_mode(const folder_change& c) const;

    const std::string folder_;
    const bool on_namespaces_;
    bool overlays_ = false;
    const unique_descriptor host_;
    const scratch_folder scratch_;
    /// What a guest left: the layer above, or the copy.
    unique_descriptor written_;
    std::optional<copied_entry> copied_;
    std::atomic<bool> in_use_ = false;
    std::mutex looked_at_;
};

} // namespace emilua::sandbox
