// SPDX-License-Identifier: MIT OR BSL-1.0
// The files of the host that a policy names, as mounts that are nowhere yet.
#pragma once

#include "sandbox/steps.hpp"

#include <emilua/unique_descriptor.hpp>

#include <initializer_list>
#include <map>
#include <utility>

namespace emilua::sandbox {

/// What a path leads to.
struct host_tree {
    bool writable = false, executable = false, replaced = false;
    /// As it was asked for.
    std::string name;
    /// A copy of the mounts there, once it is taken.
    unique_descriptor mount;
    bool is_folder = true;
};

/// By the paths that they really have, so that folders come before what is in
/// them.
struct host_forest {
    /// As `confinement` has them.
    const std::map<std::string, std::string>& as_named;
    std::map<std::string, host_tree> trees{};
    std::map<std::string, std::string> real_paths{};
    std::vector<std::pair<std::string, std::string>> links{};

    host_tree& at(const std::string& path);
    /// The tree of the nearest folder above, or null.
    const host_tree* above(const std::string& path) const;
    bool covers(const std::string& path) const;
};

bool is_within(const std::string& path, const std::string& folder);

/// All that `c` names, apart from the tree of files.
host_forest take_all(const confinement& c);
/// What is about to be put was looked up, unless it was exchanged meanwhile.
void check_identities(const host_forest& f, const named_files& named);

void set_attributes(int mount, std::uint64_t set, const std::string& path);
unique_descriptor
new_mount(const char* type, std::uint64_t attributes,
          std::initializer_list<std::pair<const char*, std::string>> options);

} // namespace emilua::sandbox
