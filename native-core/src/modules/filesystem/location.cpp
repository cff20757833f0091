// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/location.hpp"

#include "modules/filesystem/failures.hpp"

#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

namespace emilua::filesystem {
namespace {

std::filesystem::path resolve(const path& p, const char* argument) {
    return answer(std::filesystem::weakly_canonical, p, "realpath", argument);
}

std::filesystem::path resolve_base(const std::optional<path>& base) {
    if (base) return resolve(*base, "base");
    const auto here = current_working_directory();
    try {
        return resolve(here, nullptr);
    } catch (failure& f) {
        f.path = here.to_string();
        throw;
    }
}

} // namespace

path absolute(path p) {
    return path{answer(std::filesystem::absolute, p, "getcwd")};
}

path canonical(path p) {
    return path{answer(std::filesystem::canonical, p, "realpath")};
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
    const char* where = "/tmp";
    for (const char* name : {"TMPDIR", "TMP", "TEMP", "TEMPDIR"}) {
        const char* const said = ::secure_getenv(name);
        if (!said) continue;
        where = said;
        break;
    }
    struct stat st;
    if (::stat(where, &st) != 0) throw_code_at(where, errno, "stat");
    if (!S_ISDIR(st.st_mode)) throw_code_at(where, ENOTDIR, "stat");
    return path{where};
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
