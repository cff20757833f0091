// SPDX-License-Identifier: MIT OR BSL-1.0
#include <emilua/description.hpp>
#include <emilua/vm.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace emilua {

vm::~vm() {
    for (auto* head : free_) {
        while (head) {
            auto* next = head->next;
            ::operator delete(head, alignment);
            head = next;
        }
    }
}

// Not at once: whoever drops a handler does not expect the program to go on
// from there, and an exception may be about to end the operation.
void vm::lost(operation& op) noexcept {
#ifndef NDEBUG
    if (!tolerates_lost_handlers && std::uncaught_exceptions() == 0) {
        const auto* m = op.what;
        std::fprintf(stderr, "emilua: %s%s%s lost its handler\n",
                     m && m->cls ? m->cls->name : "", m && m->cls ? "." : "",
                     m ? m->name : "a starting operation");
        std::abort();
    }
#endif
    op.error = make_error_code(errc::broken_promise);
    op.lost = true;
    post_completed(op);
}

} // namespace emilua
