// SPDX-License-Identifier: MIT OR BSL-1.0
// Files that are part of the program: those of a bundle, and what an embedder
// has built in. They are found before those of the file system.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace emilua {

class module_builder;

/// Where packages are that are built in: a directory of no file system.
inline constexpr std::string_view built_in_packages = "builtin:";

/// What an embedder has; each may be null. The ids are paths in
/// `built_in_packages` without an extension.
struct built_in_modules {
    /// The Lua source, or bytecode, of a module; empty if there is none.
    std::string_view (*lua)(std::string_view id) = nullptr;
    /// The Turtle of a category of errors; empty if there is none.
    std::string_view (*turtle)(std::string_view id) = nullptr;
    /// What describes a native module; null if there is none.
    void (*(*native)(std::string_view id))(module_builder&) = nullptr;
};

/// Before the first VM.
void set_built_in_modules(const built_in_modules& modules);
/// What is at `path` from now on; the content outlives all VMs. Before the
/// first VM.
void add_built_in_file(std::string path, std::string_view content);

/// Whether there are packages among what is built in.
bool has_built_in_packages() noexcept;
/// What is at `path`, if that is built in. Any thread.
std::optional<std::string_view> built_in_file(std::string_view path);
/// The text at `path` that a program was given, by its path in `sources`, or
/// else that is built in: what comes before the file system. Any thread.
std::optional<std::string_view>
given_source(const std::map<std::string, std::string>& sources,
             const std::string& path);
/// Whether built-in files are in the directory `path`. Any thread.
bool is_built_in_directory(std::string_view path);

/// What describes the native module at `path`, if an embedder has it; or null.
void (*built_in_native_module(std::string_view path))(module_builder&);

/// A path by which dlopen(3) finds the shared object at `path`, if that is
/// built in; else empty. Throws `failure`. Any thread.
std::string built_in_library(std::string_view path);

} // namespace emilua
