// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/unique_descriptor.hpp>

#include <string>

namespace emilua::sandbox {

/// Removes what `name` in folder `at` is, and all below, as far down as it may
/// go. Follows no link. Nothing there is no error. Throws `failure`.
void remove_tree(int at, const std::string& name);

/// An empty folder of nobody else's, that goes with its object. One whose
/// program was killed goes when the next one is made.
class scratch_folder {
public:
    /// In TMPDIR, or /var/tmp. Throws `failure`.
    scratch_folder();
    ~scratch_folder();
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;

    const std::string& path() const noexcept { return path_; }
    int get() const noexcept { return folder_.get(); }

    /// Removes it before its object goes.
    void remove() const noexcept;

private:
    std::string path_;
    unique_descriptor parent_, folder_;
    /// Locked for as long as there is somebody who uses the folder.
    unique_descriptor owner_;
};

} // namespace emilua::sandbox
