// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/io_descriptor.hpp"
#include "core/peer.hpp"

#include <cerrno>

/// How an operation on an `io_descriptor` begins and ends, whatever it does.

namespace emilua {

inline error_code last_error() noexcept {
    return {errno, boost::system::system_category()};
}

inline error_code bad_descriptor() noexcept {
    return {EBADF, boost::system::system_category()};
}

/// Makes a system call, again while signals interrupt it. A success sets
/// `result`, a failure `ec`; both are `attempt::done`.
template <class Call>
[[gnu::always_inline]] inline attempt retry(std::size_t& result, error_code& ec,
                                            Call call) {
    for (;;) {
        const auto n = call();
        if (n >= 0) {
            result = static_cast<std::size_t>(n);
            return attempt::done;
        }
        if (errno == EINTR) continue;
        if (errno == EAGAIN) return attempt::would_block;
        ec = last_error();
        return attempt::done;
    }
}

/// How to go on after an attempt outside the reactor that would have blocked.
inline first_step after_vain_attempt(vm& v) noexcept {
    // With several threads, another one may have seen the descriptor become
    // ready in between.
    return v.context().multi_threaded() ? first_step::attempt
                                        : first_step::wait;
}

/// Completes `h` with the system call's name where it failed; otherwise
/// `then(handler, attempt)` completes it.
template <class Handler, class Then> struct named_completion {
    using allocator_type = typename Handler::allocator_type;

    Handler h;
    const char* syscall;
    Then then;

    allocator_type get_allocator() const noexcept { return h.get_allocator(); }
    operation& op() const noexcept { return h.op(); }

    /// In place of the call below where `d` is there to be asked.
    void fail_on(const io_descriptor& d, const error_code& ec) {
        h.fail(lost_connection(ec, syscall, d.get()));
    }
    template <class Attempt> void operator()(const error_code& ec, Attempt& a) {
        if (ec)
            h.fail(ec, syscall);
        else
            then(h, a);
    }
};

template <class Handler, class Then>
named_completion(Handler, const char*, Then) -> named_completion<Handler, Then>;

/// Whether the first attempt comes at once: what is done then has cost no
/// queue. An attempt in vain is a system call for nothing.
enum class at_once {
    no,
    /// While the VM's inline budget lasts.
    in_budget,
    /// The caller sees to it that nobody starves.
    yes
};

/// Makes attempts until one does not block, and completes `h` as
/// `named_completion` does. EBADF when `io` is closed.
///
/// None is made at once where others wait for the same direction.
// Inline, because arguments of this size would be copied once more.
template <class Attempt, class Handler, class Then>
[[gnu::always_inline]] inline void
perform(io_descriptor& io, io_direction direction, at_once now, Attempt&& a,
        Handler&& h, const char* syscall, Then then) {
    if (!io.is_open()) return h.fail(bad_descriptor(), syscall);
    // Urgent data that was read already would be an error instead of a wait.
    auto first = direction == io_direction::urgent ? first_step::rearm
                                                   : first_step::attempt;
    if (h.op().in_vain) {
        first = after_vain_attempt(h.owner());
    } else if (now != at_once::no && io.pending(direction) == 0 &&
               (now == at_once::yes || h.may_complete_inline())) {
        error_code ec;
        if (a(io.get(), ec) != attempt::would_block) {
            if (ec) return h.fail(lost_connection(ec, syscall, io.get()));
            return then(h, a);
        }
        first = after_vain_attempt(h.owner());
    }
    io.start(direction, first, std::forward<Attempt>(a),
             named_completion{std::forward<Handler>(h), syscall, then});
}

template <class> struct prompt_of;
template <class... R> struct prompt_of<std::tuple<R...>> {
    using type = prompt<R...>;
};

/// Completes a handler with the results that `give(attempt)` gives.
template <class Give> struct completes_with {
    Give give;
    template <class Handler, class Attempt>
    void operator()(Handler& h, Attempt& a) const {
        std::apply([&](auto&&... r) { h({}, std::move(r)...); }, give(a));
    }
};
template <class Give> completes_with(Give) -> completes_with<Give>;

/// The first attempt of `perform` within the VM's inline budget, without an
/// operation. `give(attempt)` gives the results as a tuple.
template <class Attempt, class Give>
auto perform_promptly(vm& owner, io_descriptor& io, io_direction direction,
                      Attempt a, const char* syscall, Give give) {
    typename prompt_of<decltype(give(a))>::type r;
    if (!io.is_open() || io.pending(direction) != 0 || owner.inline_budget == 0)
        return r;
    --owner.inline_budget;
    error_code ec;
    if (a(io.get(), ec) == attempt::would_block)
        r.in_vain = true;
    else if (ec)
        r.error = lost_connection(ec, syscall, io.get());
    else
        r.values = give(a);
    return r;
}

} // namespace emilua
