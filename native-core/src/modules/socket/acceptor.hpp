// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/socket/options.hpp"
#include "modules/socket/socket_object.hpp"

namespace emilua::socket {

/// What acceptors have in common, whatever they listen at. A `Socket` is made
/// of its VM and a descriptor.
template <class Socket> class acceptor : public socket_object {
public:
    explicit acceptor(vm& owner) : socket_object{owner} {}
    acceptor(acceptor&& o) noexcept
        : socket_object{std::move(o)}, burst_{o.burst_.load()},
          report_aborted_{o.report_aborted_} {}

    parcel pack() {
        auto p = socket_object::pack();
        p.wire = report_aborted_;
        return p;
    }

    void listen(std::optional<int> backlog) {
        if (::listen(io_.get(), backlog.value_or(SOMAXCONN)) != 0)
            throw_errno("listen");
    }
    void accept(handler<Socket> h);

protected:
    /// Opens what `pack` gave. Throws `failure`.
    void adopt(parcel&& p) {
        if (const auto* report = p.wire.as<bool>()) report_aborted_ = *report;
        socket_object::adopt(std::move(p));
    }
    void set_boolean_option(const option& o, bool val) {
        if (o.kind != option_kind::own) return socket::set_option(io_, o, val);
        require_open(io_);
        report_aborted_ = val;
    }
    bool get_boolean_option(const option& o) const {
        if (o.kind != option_kind::own)
            return std::get<bool>(socket::get_option(io_, o));
        require_open(io_);
        return report_aborted_;
    }

private:
    // Not the VM's budget: busy connections would spend it before an acceptor
    // has its turn, and new ones come in two at a time.
    static constexpr unsigned longest_burst = 64;

    /// How many connections may be accepted at once: where one was found,
    /// others may be waiting.
    std::atomic<unsigned> burst_ = 0;
    bool report_aborted_ = false;
};

template <class Socket> void acceptor<Socket>::accept(handler<Socket> h) {
    const unsigned left = burst_.exchange(0, std::memory_order_relaxed);
    perform(io_, io_direction::read, left == 0 ? at_once::no : at_once::yes,
            accept_attempt{report_aborted_}, std::move(h), "accept4",
            [this, left](handler<Socket>& h, accept_attempt& a) {
                burst_.store(left == 0 ? longest_burst : left - 1,
                             std::memory_order_relaxed);
                try {
                    h({}, Socket{h.owner(), std::move(a.peer)});
                } catch (const failure& f) {
                    h.fail(f.code, f.syscall);
                }
            });
}

} // namespace emilua::socket
