// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/thread_pool.hpp"

#include <emilua/describe.hpp>

#include <boost/asio/post.hpp>

#include <cstdio>
#include <stdexcept>

#define CHECK(condition)                                                       \
    ::emilua::test::check((condition), #condition, __FILE__, __LINE__)

namespace emilua::test {

inline int failures = 0;

inline void check(bool holds, const char* what, const char* file, int line) {
    if (holds) return;
    std::fprintf(stderr, "%s:%d: %s\n", file, line, what);
    ++failures;
}

/// A program without a language: operations are started by hand and end when
/// the context says so.
class test_vm final : public vm {
public:
    using vm::vm;

    void completed(operation& op) override {
        op.cancellation_slot().clear();
        op.progress = operation::state::done;
    }
    void post(queue_node& node) override {
        boost::asio::post(io(), [this, &node] { node.run(*this, node); });
        ++posts_;
        posts_.notify_all();
    }
    /// How often `post` was called; `wait_post` waits until that is not `n`.
    int posts() const noexcept { return posts_; }
    void wait_post(int n) const noexcept { posts_.wait(n); }
    void escaped(std::exception_ptr) noexcept override { std::abort(); }
    std::span<std::byte> fetch_buffer(operation&, unsigned) override {
        return {};
    }
    bool is_master() const noexcept override { return true; }
    std::shared_ptr<mailbox> inbox() override { return nullptr; }

private:
    std::atomic<int> posts_ = 0;
};

/// One operation of a `test_vm`.
template <class... R> class pending {
public:
    explicit pending(test_vm& owner)
        : op_{owner.start_operation<typed_operation<R...>>()} {}
    pending(const pending&) = delete;
    pending& operator=(const pending&) = delete;
    ~pending() { op_.destroy(); }

    handler<R...> completion() { return handler<R...>{op_}; }
    bool done() const { return op_.progress == operation::state::done; }
    /// Runs the context until the operation has completed.
    void wait() {
        auto& io = op_.owner.io();
        while (!done()) {
            io.restart();
            if (io.run_one() == 0)
                throw std::logic_error{"nothing to wait for"};
        }
    }
    void cancel() { op_.cancel(); }
    /// Drops what can cancel it.
    void clear_slot() { op_.cancellation_slot().clear(); }
    const error_code& error() const { return op_.error; }
    const operation& op() const { return op_; }
    operation& op() { return op_; }
    template <std::size_t I = 0> auto& value() {
        return std::get<I>(*op_.values);
    }

private:
    typed_operation<R...>& op_;
};

/// The failure that `f` throws, or one without an error.
template <class F> failure failure_of(F&& f) {
    try {
        f();
    } catch (const failure& e) {
        return e;
    }
    return failure{error_code{}};
}

inline bool is_invalid(const failure& f, std::string_view argument) {
    return f.code == error_code{EINVAL, boost::system::system_category()} &&
           f.argument && f.argument == argument;
}

} // namespace emilua::test
