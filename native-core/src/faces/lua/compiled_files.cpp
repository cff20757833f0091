// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/compiled_files.hpp"

#include <ctime>
#include <utility>

namespace emilua::lua {
namespace {

constexpr std::size_t most_bytes = 4 << 20;

bool same(const timespec& a, const timespec& b) noexcept {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool same(const struct stat& a, const struct stat& b) noexcept {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino &&
           a.st_size == b.st_size && same(a.st_mtim, b.st_mtim) &&
           same(a.st_ctim, b.st_ctim);
}

// Clocks of file systems are coarse, some count whole seconds.
bool has_settled(const struct stat& s) noexcept {
    constexpr std::time_t long_enough = 3;
    timespec now;
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return s.st_ctim.tv_sec + long_enough <= now.tv_sec &&
           s.st_mtim.tv_sec + long_enough <= now.tv_sec;
}

} // namespace

compiled_files& compiled_files::instance() {
    // Never destroyed: actors may still start while the process ends.
    static auto& c = *std::make_unique<compiled_files>().release();
    return c;
}

std::shared_ptr<const std::string>
compiled_files::find(const std::string& path, const struct stat& now) {
    const std::lock_guard lock{mutex_};
    const auto found = entries_.find(path);
    if (found == entries_.end()) return nullptr;
    if (same(found->second.status, now)) return found->second.bytecode;
    size_ -= found->second.bytecode->size();
    entries_.erase(found);
    return nullptr;
}

void compiled_files::keep(const std::string& path, const struct stat& when_read,
                          std::string bytecode) {
    if (bytecode.empty() || !has_settled(when_read)) return;
    const std::lock_guard lock{mutex_};
    if (size_ + bytecode.size() > most_bytes) return;
    const auto size = bytecode.size();
    const bool is_new =
        entries_
            .try_emplace(path,
                         entry{when_read, std::make_shared<const std::string>(
                                              std::move(bytecode))})
            .second;
    if (is_new) size_ += size;
}

} // namespace emilua::lua
