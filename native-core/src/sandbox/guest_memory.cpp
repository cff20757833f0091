// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/guest_memory.hpp"

#include <emilua/error.hpp>
#include <emilua/unique_descriptor.hpp>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace emilua::sandbox {
namespace {

/// More is reserved for something else, such as the shadow of a sanitizer.
constexpr std::size_t largest_mapping = std::size_t{16} * 1024 * 1024;

/// So much of a file the kernel maps around the page that is wanted.
constexpr std::uintptr_t brought_along = std::uintptr_t{64} * 1024;

/// Its parts that lie each in one of the units that are brought along.
template <class F> void for_each_unit(const memory_piece& p, F f) {
    for (auto at = p.from; at < p.to;) {
        const auto next =
            std::min(at / brought_along * brought_along + brought_along, p.to);
        f(memory_piece{at, next, p.is_written});
        at = next;
    }
}

std::vector<memory_piece> mapped_memory() {
    std::vector<memory_piece> all;
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t from = 0, to = 0;
        char may[5] = "", kind = 0;
        if (std::sscanf(line.c_str(),
                        "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %c", &from, &to,
                        may, &kind) < 3)
            continue;
        // What the kernel maps by itself is there.
        const bool is_kernels = kind == '[' && may[1] != 'w';
        // What is shared is ours for a moment only.
        const bool is_shared = may[3] == 's';
        if (may[0] == 'r' && !is_kernels && !is_shared &&
            to - from <= largest_mapping)
            for_each_unit({from, to, may[1] == 'w'},
                          [&all](const memory_piece& p) { all.push_back(p); });
    }
    // What is copied takes longest.
    std::stable_partition(all.begin(), all.end(),
                          [](const memory_piece& p) { return p.is_written; });
    return all;
}

// As pagemap(5) has it. What a process has to itself it has written to since it
// was copied: what it only reads it shares.
constexpr std::uint64_t is_present = std::uint64_t{1} << 63U,
                        is_of_file = std::uint64_t{1} << 61U,
                        is_its_own = std::uint64_t{1} << 56U;

} // namespace

const std::vector<memory_piece>& memory_of_server() {
    static const auto all = mapped_memory();
    return all;
}

memory_notes::memory_notes() {
    void* const at = ::mmap(nullptr, sizeof(table), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw_errno("mmap");
    table_.reset(static_cast<table*>(at));
}

void memory_notes::unmap::operator()(table* t) const noexcept {
    ::munmap(t, sizeof(table));
}

void memory_notes::take() noexcept {
    const unique_descriptor map{
        ::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)};
    if (!map) return;
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    // On the stack: this is not to be used memory itself.
    std::array<std::uint64_t, brought_along / 4096> entries;
    auto& pieces = table_->pieces;
    std::size_t n = 0;
    const auto add = [&](const memory_piece& p) {
        if (n > 0 && p.is_written && pieces[n - 1].to == p.from)
            pieces[n - 1].to = p.to;
        else if (n < most)
            pieces[n++] = p;
    };
    for (const auto& p : memory_of_server()) {
        const auto pages = (p.to - p.from) / page;
        const auto size = pages * sizeof(entries[0]);
        if (::pread(map.get(), entries.data(), size,
                    static_cast<off_t>(p.from / page * sizeof(entries[0]))) !=
            static_cast<ssize_t>(size))
            return;
        bool is_used = false;
        for (std::size_t i = 0; i < pages; ++i) {
            const auto e = entries[i];
            if (!(e & is_present)) continue;
            is_used = true;
            const auto at = p.from + i * page;
            if (p.is_written && (e & is_its_own) && !(e & is_of_file))
                add({at, at + page, true});
        }
        if (is_used && !p.is_written) add(p);
    }
    table_->count = n;
}

std::vector<memory_piece> memory_notes::read() const {
    return {table_->pieces, table_->pieces + std::min(table_->count, most)};
}

// Linux can be asked since 5.14.
void map_now(const memory_piece& p) noexcept {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel tells numbers.
    ::madvise(reinterpret_cast<void*>(p.from), p.is_written ? p.to - p.from : 1,
              p.is_written ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
}

} // namespace emilua::sandbox
