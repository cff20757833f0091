// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/built_in.hpp"

#include <emilua/error.hpp>
#include <emilua/unique_descriptor.hpp>

#include <map>
#include <mutex>

#include <sys/mman.h>
#include <unistd.h>

namespace emilua {
namespace {

struct registry {
    built_in_modules modules;
    std::map<std::string, std::string_view, std::less<>> files;
    std::mutex mutex;
    /// Of libraries that were asked for: files in memory, which stay open.
    std::map<std::string, unique_descriptor, std::less<>> opened;
};

registry& all() {
    // Never destroyed: threads may still ask while the process ends.
    static auto& r = *new registry;
    return r;
}

/// `path` below the packages, without its ending; nothing if it is not there
/// or has another one.
std::optional<std::string_view> id_of(std::string_view path,
                                      std::string_view ending) {
    if (!path.starts_with(built_in_packages) || !path.ends_with(ending))
        return {};
    path.remove_prefix(built_in_packages.size());
    path.remove_suffix(ending.size());
    if (path.empty() || path.front() != '/') return {};
    return path.substr(1);
}

template <class F>
std::optional<std::string_view> text_of(F* f, std::string_view path,
                                        std::string_view ending) {
    const auto id = f ? id_of(path, ending) : std::nullopt;
    if (!id) return {};
    const auto text = f(*id);
    return text.empty() ? std::nullopt : std::optional{text};
}

void write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::write(fd, bytes.data(), bytes.size());
        if (n == -1) throw_errno("write");
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

} // namespace

void set_built_in_modules(const built_in_modules& modules) {
    all().modules = modules;
}

void add_built_in_file(std::string path, std::string_view content) {
    all().files.insert_or_assign(std::move(path), content);
}

bool has_built_in_packages() noexcept {
    const auto& m = all().modules;
    return m.lua || m.turtle || m.native ||
           is_built_in_directory(built_in_packages);
}

std::optional<std::string_view> built_in_file(std::string_view path) {
    const auto& r = all();
    if (const auto at = r.files.find(path); at != r.files.end())
        return at->second;
    if (const auto text = text_of(r.modules.lua, path, ".lua")) return text;
    return text_of(r.modules.turtle, path, ".ttl");
}

std::optional<std::string_view>
given_source(const std::map<std::string, std::string>& sources,
             const std::string& path) {
    const auto at = sources.find(path);
    return at == sources.end() ? built_in_file(path) : at->second;
}

bool is_built_in_directory(std::string_view path) {
    const auto& files = all().files;
    const std::string inside = std::string{path} + '/';
    const auto at = files.lower_bound(inside);
    return at != files.end() && at->first.starts_with(inside);
}

void (*built_in_native_module(std::string_view path))(module_builder&) {
    const auto& m = all().modules;
    const auto id = m.native ? id_of(path, ".so") : std::nullopt;
    return id ? m.native(*id) : nullptr;
}

std::string built_in_library(std::string_view path) {
    auto& r = all();
    const auto file = r.files.find(path);
    if (file == r.files.end()) return {};
    const std::lock_guard lock{r.mutex};
    auto at = r.opened.find(path);
    if (at == r.opened.end()) {
        unique_descriptor fd{::memfd_create("emilua", MFD_CLOEXEC)};
        if (!fd) throw_errno("memfd_create");
        write_all(fd.get(), file->second);
        at = r.opened.emplace(path, std::move(fd)).first;
    }
    return "/proc/self/fd/" + std::to_string(at->second.get());
}

} // namespace emilua
