// SPDX-License-Identifier: MIT OR BSL-1.0
#include <emilua/vm.hpp>

namespace emilua {

vm::~vm() {
    for (auto* head : free_) {
        while (head) {
            auto* next = head->next;
            ::operator delete(head);
            head = next;
        }
    }
}

void* vm::allocate(std::size_t bytes) {
    const auto n = (bytes + granule - 1) / granule;
    if (n < classes) {
        if (auto* b = free_[n]) {
            free_[n] = b->next;
            return b;
        }
    }
    return ::operator new(n* granule);
}

void vm::deallocate(void* p, std::size_t bytes) noexcept {
    const auto n = (bytes + granule - 1) / granule;
    if (n >= classes) return ::operator delete(p);
    free_[n] = ::new (p) free_block{free_[n]};
}

} // namespace emilua
