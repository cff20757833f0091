// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/own_files.hpp"

#include "core/own_library.hpp"

#include <filesystem>
#include <map>
#include <set>

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

namespace emilua {
namespace {

struct library {
    std::string path;
    /// By which it is needed.
    std::string name;
    std::vector<std::string> needs;
};

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

library read(const dl_phdr_info& info) {
    library l{info.dlpi_name, last_part(info.dlpi_name), {}};
    const ElfW(Dyn)* dynamic = nullptr;
    for (int i = 0; i < info.dlpi_phnum; ++i) {
        const auto& h = info.dlpi_phdr[i];
        if (h.p_type == PT_DYNAMIC)
            dynamic =
                reinterpret_cast<const ElfW(Dyn)*>(info.dlpi_addr + h.p_vaddr);
        if (h.p_type == PT_INTERP)
            l.needs.emplace_back(last_part(
                reinterpret_cast<const char*>(info.dlpi_addr + h.p_vaddr)));
    }
    if (!dynamic) return l;
    const char* texts = nullptr;
    for (const auto* d = dynamic; d->d_tag != DT_NULL; ++d)
        if (d->d_tag == DT_STRTAB) {
            const auto at = static_cast<ElfW(Addr)>(d->d_un.d_ptr);
            // Some loaders leave it as it was in the file.
            texts = reinterpret_cast<const char*>(
                at < info.dlpi_addr ? info.dlpi_addr + at : at);
        }
    for (const auto* d = dynamic; texts && d->d_tag != DT_NULL; ++d) {
        if (d->d_tag == DT_NEEDED) l.needs.emplace_back(texts + d->d_un.d_val);
        if (d->d_tag == DT_SONAME) l.name = texts + d->d_un.d_val;
    }
    return l;
}

std::string executable() {
    std::error_code ec;
    return std::filesystem::read_symlink("/proc/self/exe", ec).native();
}

} // namespace

std::string own_addon() {
    Dl_info here;
    static const char in_this_library = 0;
    std::error_code ec;
    if (::dladdr(&in_this_library, &here) == 0 || !here.dli_fname) return {};
    const auto path = std::filesystem::canonical(here.dli_fname, ec).native();
    return ec || path == executable() ? std::string{} : path;
}

std::vector<std::string> own_files() {
    std::vector<library> all;
    ::dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* to) {
            static_cast<std::vector<library>*>(to)->push_back(read(*info));
            return 0;
        },
        &all);
    if (all.empty()) return {};
    // The program comes first, without a name.
    all.front().path = executable();
    std::map<std::string, const library*> by_name;
    for (const auto& l : all) by_name.emplace(l.name, &l);
    std::set<const library*> wanted{&all.front()};
    const auto addon = own_addon();
    std::error_code ec;
    for (const auto& l : all)
        if (!addon.empty() &&
            std::filesystem::canonical(l.path, ec).native() == addon)
            wanted.insert(&l);
    for (std::vector<const library*> left{wanted.begin(), wanted.end()};
         !left.empty();) {
        const auto* l = left.back();
        left.pop_back();
        for (const auto& n : l->needs) {
            const auto found = by_name.find(n);
            if (found != by_name.end() && wanted.insert(found->second).second)
                left.push_back(found->second);
        }
    }
    std::vector<std::string> r;
    for (const auto* l : wanted)
        if (l->path.starts_with('/')) r.push_back(l->path);
    // Looked for when it is first needed.
    if (auto p = find_own_library("libemilua-openssl.so"); !p.empty())
        r.push_back(std::move(p));
    return r;
}

} // namespace emilua
