// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/system/library_directories.hpp"

#include <memory>
#include <set>

#include <dlfcn.h>
#include <fcntl.h>

namespace emilua::system {

std::vector<file_descriptor::file_descriptor> library_directories() {
    std::vector<file_descriptor::file_descriptor> r;
    const auto close = [](void* library) { ::dlclose(library); };
    const std::unique_ptr<void, decltype(close)> program{
        ::dlopen(nullptr, RTLD_LAZY), close};
    Dl_serinfo size{};
    if (!program || ::dlinfo(program.get(), RTLD_DI_SERINFOSIZE, &size) == -1)
        return r;
    // Big enough, and aligned for what it holds.
    std::vector<Dl_serinfo> buffer(size.dls_size / sizeof(Dl_serinfo) + 1);
    auto* const info = buffer.data();
    info->dls_size = size.dls_size;
    info->dls_cnt = size.dls_cnt;
    if (::dlinfo(program.get(), RTLD_DI_SERINFO, info) == -1) return r;
    std::set<std::string_view> seen;
    for (unsigned i = 0; i < info->dls_cnt; ++i) {
        const char* path = info->dls_serpath[i].dls_name;
        if (!seen.insert(path).second) continue;
        unique_descriptor fd{::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (fd) r.emplace_back(std::move(fd));
    }
    return r;
}

} // namespace emilua::system
