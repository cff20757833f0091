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

} // namespace emilua
