// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/memory.hpp"

#include <emilua/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <sys/mman.h>
#include <utility>
#include <vector>

namespace emilua::lua {
namespace {

constexpr std::size_t chunk_size = std::size_t{128} << 10;

/// Chunks of states that have ended, for the next ones.
class spare_chunks {
public:
    spare_chunks() { chunks_.reserve(most); }
    static spare_chunks& instance() {
        // Never destroyed: actors may still end while the process does.
        static auto& s = *std::make_unique<spare_chunks>().release();
        return s;
    }

    std::byte* take() {
        {
            const std::lock_guard lock{mutex_};
            if (!chunks_.empty()) {
                auto* const p = chunks_.back();
                chunks_.pop_back();
                return p;
            }
        }
        void* const p = ::mmap(nullptr, chunk_size, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            throw failure{error_code{errno, boost::system::system_category()},
                          "mmap"};
        return static_cast<std::byte*>(p);
    }

    void give(std::byte* p) noexcept {
        {
            const std::lock_guard lock{mutex_};
            if (chunks_.size() < most) return chunks_.push_back(p);
        }
        ::munmap(p, chunk_size);
    }

private:
    static constexpr std::size_t most = 16;

    std::mutex mutex_;
    std::vector<std::byte*> chunks_;
};

} // namespace

state_memory::state_memory()
    : chunk_{spare_chunks::instance().take()}, free_from_{chunk_} {}

state_memory::~state_memory() {
    if (beyond_) lua_close(beyond_);
    spare_chunks::instance().give(chunk_);
}

void* state_memory::allocate(void* self, void* old, std::size_t before,
                             std::size_t after) noexcept {
    auto& memory = *static_cast<state_memory*>(self);
    if (after == 0) {
        if (old) memory.give(old, before);
        return nullptr;
    }
    return old ? memory.resize(old, before, after) : memory.take(after);
}

bool state_memory::is_inside(const void* p) const noexcept {
    return reinterpret_cast<std::uintptr_t>(p) -
               reinterpret_cast<std::uintptr_t>(chunk_) <
           chunk_size;
}

void* state_memory::take(std::size_t size) noexcept {
    const auto n = (size + granule - 1) / granule;
    if (n < classes) {
        if (auto* const b = free_[n]) {
            free_[n] = b->next;
            return b;
        }
        if (auto* const r = remainders_; r && r->size >= n * granule) {
            remainders_ = r->next;
            const auto left = r->size - n * granule;
            give(reinterpret_cast<std::byte*>(r) + n * granule, left);
            return r;
        }
    }
    const auto left =
        static_cast<std::size_t>(chunk_ + chunk_size - free_from_);
    if (size > left) return take_beyond(size);
    return std::exchange(free_from_, free_from_ + n * granule);
}

void state_memory::give(void* p, std::size_t size) noexcept {
    // What is large there is mapped by itself, and does not end with the rest.
    if (!is_inside(p)) {
        allocate_beyond_(memory_beyond_, p, size, 0);
        return;
    }
    if (ending_) return;
    const auto n = (size + granule - 1) / granule;
    if (n == 0) return;
    if (n < classes)
        free_[n] = std::construct_at(static_cast<free_block*>(p),
                                     free_block{free_[n]});
    else
        remainders_ = std::construct_at(static_cast<remainder*>(p),
                                        remainder{remainders_, n * granule});
}

void* state_memory::resize(void* p, std::size_t before,
                           std::size_t after) noexcept {
    if (!is_inside(p))
        return allocate_beyond_(memory_beyond_, p, before, after);
    const auto n = (before + granule - 1) / granule,
               wanted = (after + granule - 1) / granule;
    if (n == wanted) return p;
    auto* const begin = static_cast<std::byte*>(p);
    if (begin + n * granule == free_from_ &&
        after <= static_cast<std::size_t>(chunk_ + chunk_size - begin)) {
        free_from_ = begin + wanted * granule;
        return p;
    }
    void* const to = take(after);
    // What becomes smaller must not fail.
    if (!to) return after < before ? p : nullptr;
    std::memcpy(to, p, std::min(before, after));
    give(p, before);
    return to;
}

void* state_memory::take_beyond(std::size_t size) noexcept {
    if (!beyond_) {
        beyond_ = luaL_newstate();
        if (!beyond_) return nullptr;
        allocate_beyond_ = lua_getallocf(beyond_, &memory_beyond_);
    }
    return allocate_beyond_(memory_beyond_, nullptr, 0, size);
}

} // namespace emilua::lua
