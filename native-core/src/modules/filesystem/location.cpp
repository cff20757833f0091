// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/location.hpp"

#include "modules/filesystem/failures.hpp"

#include <unistd.h>

namespace emilua::filesystem {
namespace {

std::filesystem::path resolve(const path& p, const char* argument) {
    p.c_str(argument);
    std::error_code ec;
    auto r = std::filesystem::weakly_canonical(p.get(), ec);
    throw_if(ec, "realpath", argument);
    return r;
}

std::filesystem::path resolve_base(const std::optional<path>& base) {
    return base ? resolve(*base, "base")
                : resolve(current_working_directory(), nullptr);
}

} // namespace

path absolute(path p) {
    p.c_str("p");
    std::error_code ec;
    auto r = std::filesystem::absolute(p.get(), ec);
    throw_if(ec, "getcwd", "p");
    return path{std::move(r)};
}

path canonical(path p) {
    p.c_str("p");
    std::error_code ec;
    auto r = std::filesystem::canonical(p.get(), ec);
    throw_if(ec, "realpath", "p");
    return path{std::move(r)};
}

path weakly_canonical(path p) { return path{resolve(p, "p")}; }

path relative(path p, std::optional<path> base) {
    return path{resolve(p, "p").lexically_relative(resolve_base(base))};
}

path proximate(path p, std::optional<path> base) {
    return path{resolve(p, "p").lexically_proximate(resolve_base(base))};
}

path current_working_directory() {
    std::error_code ec;
    auto r = std::filesystem::current_path(ec);
    throw_if(ec, "getcwd");
    return path{std::move(r)};
}

void set_current_working_directory(folder p) {
    if (p.open) {
        if (::fchdir(p.open.get()) != 0) throw_errno("fchdir", "p");
    } else {
        if (::chdir(p.name.c_str("p")) != 0) throw_errno("chdir", "p");
    }
}

void chroot(path p) {
    if (::chroot(p.c_str("p")) != 0) throw_errno("chroot", "p");
}

path temp_directory_path() {
    std::error_code ec;
    auto r = std::filesystem::temp_directory_path(ec);
    throw_if(ec, "stat");
    return path{std::move(r)};
}

} // namespace emilua::filesystem

namespace emilua {

filesystem::folder type_traits<filesystem::folder>::read(reader& r, place p) {
    auto v = given::read(r, p);
    if (auto* name = std::get_if<filesystem::path>(&v))
        return {std::move(*name), {}};
    const auto& fd = *std::get<ref<file_descriptor::file_descriptor>>(v);
    return {{}, fd.dup().take()};
}

} // namespace emilua
