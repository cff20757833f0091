// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace emilua {

class vm;
class results;
struct member;
class operation;

template <class T> void write_result(results& out, T&& value);

/// Serves one block at a time from memory inside the operation, so that an
/// Asio operation usually costs no allocation of its own.
template <class T> class operation_allocator {
public:
    using value_type = T;

    explicit operation_allocator(operation& op) noexcept : op_{&op} {}
    template <class U>
    operation_allocator(const operation_allocator<U>& o) noexcept
        : op_{o.op_} {}

    T* allocate(std::size_t n);
    void deallocate(T* p, std::size_t n) noexcept;

    template <class U>
    bool operator==(const operation_allocator<U>& o) const noexcept {
        return op_ == o.op_;
    }

private:
    template <class> friend class operation_allocator;
    operation* op_;
};

/// Links things that wait for a VM's turn.
struct queue_node {
    queue_node* next = nullptr;
    /// What the VM does with it on its turn.
    void (*run)(vm&, queue_node&) = nullptr;
};

/// What one attempt to write came to that no operation was made for.
struct prompt_write {
    /// Whether it wrote or failed. Otherwise it would have to wait, or has to
    /// leave the first turn to somebody else.
    bool done = false;
    std::size_t size = 0;
    /// Why it failed.
    std::optional<failure> error{};
};

/// What a suspending call comes to before an operation is made for it.
template <class... R> struct prompt {
    /// Its results, if they are there.
    std::optional<std::tuple<R...>> values{};
    /// Why it failed.
    std::optional<failure> error{};
    /// An attempt that the operation makes at once would be in vain as well.
    bool in_vain = false;
};

/// One suspending call, from its start to the delivery of its result. Lives in
/// its VM's pool; everything but the completion happens on the VM's turn.
class operation : public queue_node {
public:
    enum class state : std::uint8_t { initiating, pending, done };

    operation(vm& owner) noexcept : owner{owner} {}
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;

    /// Writes the results of a success; consumes them.
    virtual void deliver(results& out) = 0;
    /// Ends the operation's life and gives its memory back to the VM.
    virtual void destroy() noexcept = 0;

    /// Fails with `e`, an exception of any type.
    void fail_with(std::exception_ptr e);
    void fail_with(failure& f);

    /// Requests cancellation. Does nothing once the operation completed.
    void cancel() {
        cancel_requested = true;
        // Either may end this operation, so it is the last that is done.
        if (give_up_) return give_up_(waits_at_, key_, which_);
        cancellation_.emit(boost::asio::cancellation_type::all);
    }

    /// Where to say what a cancellation does from now on; what was said before
    /// counts no more.
    boost::asio::cancellation_slot cancellation_slot() noexcept {
        give_up_ = nullptr;
        return cancellation_.slot();
    }
    /// Says it without memory for it: a cancellation calls
    /// `give_up(at, key, which)`.
    void on_cancel(void (*give_up)(void* at, void* key, int which), void* at,
                   void* key, int which) noexcept {
        cancellation_.slot().clear();
        give_up_ = give_up;
        waits_at_ = at;
        key_ = key;
        which_ = which;
    }

    vm& owner;
    error_code error;
    std::atomic<state> progress{state::initiating};
    /// Set by the face when a buffer it was asked for is gone (a detached
    /// ArrayBuffer): the operation then fails with EINVAL.
    bool buffer_lost = false;

private:
    template <class> friend class operation_allocator;
    bool memory_used_ = false;

public:
    std::uint32_t id = 0;
    // What comes before this is in one line of the processor's caches, and the
    // end of an operation that succeeds needs nothing else of it.
    bool cancel_requested = false;
    /// What it would attempt first was attempted right before it was made.
    bool in_vain = false;
    /// Its handler was destroyed without a call, so it is in the VM's queue.
    bool lost = false;
    const char* syscall = nullptr;
    const char* argument = nullptr;
    /// As in `failure`; nothing instead of an empty text.
    std::unique_ptr<std::string> expected;
    std::unique_ptr<std::string> path;
    /// What the program raised, if that is why it failed: an exception that
    /// only the face can read. Then `error` is only some code.
    std::exception_ptr exception;
    /// The member that started it, set by the face.
    const member* what = nullptr;
    /// The face's own: the fiber that waits, or a slot.
    void* waiter = nullptr;

protected:
    ~operation() = default;

private:
    boost::asio::cancellation_signal cancellation_;
    void (*give_up_)(void* at, void* key, int which) = nullptr;
    void* waits_at_ = nullptr;
    void* key_ = nullptr;
    int which_ = 0;
    alignas(std::max_align_t) std::byte memory_[256];
};

template <class T> T* operation_allocator<T>::allocate(std::size_t n) {
    const auto bytes = n * sizeof(T);
    if (!op_->memory_used_ && bytes <= sizeof(op_->memory_)) {
        op_->memory_used_ = true;
        return reinterpret_cast<T*>(op_->memory_);
    }
    return static_cast<T*>(::operator new(bytes));
}

template <class T>
void operation_allocator<T>::deallocate(T* p, std::size_t) noexcept {
    if (reinterpret_cast<std::byte*>(p) == op_->memory_)
        op_->memory_used_ = false;
    else
        ::operator delete(p);
}

template <class... R> class typed_operation final : public operation {
public:
    using operation::operation;

    void deliver(results& out) override {
        std::apply([&](auto&... v) { (write_result(out, std::move(v)), ...); },
                   *values);
        values.reset();
    }
    void destroy() noexcept override;

    std::optional<std::tuple<R...>> values;
};

/// The completion handler of a suspending operation: an Asio handler with the
/// signature `void(error_code, R...)`, an allocator and a cancellation slot.
///
/// Call it once, on any thread of the VM's context. Calling it before the
/// initiating function returned is allowed and means that nothing had to wait.
/// A call, whichever, leaves it empty, as being moved from does.
///
/// One that is destroyed without a call, on any thread, completes its operation
/// with errc::broken_promise on a later turn of the VM. That is a mistake of
/// whoever had it, unless an exception leaves the initiating function: a debug
/// build aborts and names the member.
template <class... R> class handler {
public:
    using allocator_type = operation_allocator<void>;
    using cancellation_slot_type = boost::asio::cancellation_slot;

    explicit handler(typed_operation<R...>& op) noexcept : op_{&op} {}
    handler(handler&& o) noexcept : op_{std::exchange(o.op_, nullptr)} {}
    handler& operator=(handler&& o) noexcept {
        handler moved{std::move(o)};
        std::swap(op_, moved.op_);
        return *this;
    }
    ~handler() {
        if (op_) lose();
    }

    allocator_type get_allocator() const noexcept {
        return allocator_type{*op_};
    }
    cancellation_slot_type get_cancellation_slot() const noexcept {
        return op_->cancellation_slot();
    }

    vm& owner() const noexcept { return op_->owner; }
    operation& op() const noexcept { return *op_; }

    /// Whether the operation may be tried at once: false when this VM has
    /// completed so much without waiting that others must have a turn.
    bool may_complete_inline() const noexcept;

    void operator()(const error_code& ec, R... r);

    /// Fails and names the system call or the argument at fault (static
    /// strings).
    void fail(const error_code& ec, const char* syscall = nullptr,
              const char* argument = nullptr);
    void fail(failure f);
    /// Fails with an exception of any type. What a `callback` threw reaches
    /// the program unchanged.
    void fail(std::exception_ptr e);

    /// Completes on a later turn of the VM, never at once. Callable from any
    /// thread, also from one that is not the context's, and from inside a
    /// cancellation slot's handler. Whoever waits outside Asio keeps the
    /// context busy with a work guard until this was called.
    void complete_later(const error_code& ec, R... r);
    void fail_later(const error_code& ec, const char* syscall = nullptr,
                    const char* argument = nullptr);

    /// Calls `next(handler<R...>& h)` on a later turn of the VM, where it may
    /// call functions of the program (`callback`), and leaves this handler
    /// empty. `next` completes `h` or moves it on. What it throws while it has
    /// not, ends the operation as `fail` does; thrown later, it is a panic of
    /// the VM. Once the VM ends, `next` is destroyed without a call and the
    /// operation fails with ECANCELED. Callable from any thread; whoever waits
    /// outside Asio keeps the context busy until then.
    template <class F> void continue_later(F next);

    /// Whether it can still complete an operation.
    explicit operator bool() const noexcept { return op_ != nullptr; }

private:
    typed_operation<R...>& take() noexcept {
        return *std::exchange(op_, nullptr);
    }
    void lose() noexcept;

    typed_operation<R...>* op_;
};

} // namespace emilua
