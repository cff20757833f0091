// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/file_ring.hpp"

#include <boost/asio/post.hpp>

#include <cstdlib>
#include <memory>
#include <string_view>

#include <sys/eventfd.h>

namespace emilua {
namespace {

using boost::asio::detail::execution_context_service_base;
using stage = file_transfer::ring_stage;

/// Whether programs, and tests, want none.
bool is_wanted() noexcept {
    const char* how = std::getenv("EMILUA_FILE_IO");
    return !how || std::string_view{how} != "pool";
}

class ring_service final : public execution_context_service_base<ring_service> {
public:
    explicit ring_service(boost::asio::execution_context& c)
        : execution_context_service_base{c} {}

    void shutdown() override { ring_.reset(); }

    file_ring* get(boost::asio::io_context& io) {
        const std::lock_guard lock{mutex_};
        if (std::exchange(tried_, true) || !is_wanted()) return ring_.get();
        try {
            ring_ = std::make_unique<file_ring>(io);
        } catch (const failure&) {
            // Forbidden, or there is no memory or descriptor for one: the pool
            // does it then.
        }
        return ring_.get();
    }

private:
    std::mutex mutex_;
    std::unique_ptr<file_ring> ring_;
    bool tried_ = false;
};

void check(int result, const char* syscall) {
    if (result < 0)
        throw failure{error_code{-result, boost::system::system_category()},
                      syscall};
}

struct free_ring {
    void operator()(io_uring* r) const noexcept { ::io_uring_queue_exit(r); }
};

} // namespace

/// Waits in the reactor for what the kernel has completed.
struct file_ring::completions {
    file_ring* ring;
    list done{};

    attempt operator()(int, error_code&) {
        const std::lock_guard lock{ring->mutex_};
        ring->collect(done);
        // What is missing a flush has taken, and then the eventfd says no more.
        return done.front() || ring->in_kernel_ == 0 ? attempt::done
                                                     : attempt::would_block;
    }
};

file_ring* file_ring::of(boost::asio::io_context& io) {
    return boost::asio::use_service<ring_service>(io).get(io);
}

file_ring::file_ring(boost::asio::io_context& io) : io_{io}, event_{io} {
    io_uring_params p{};
    check(::io_uring_queue_init_params(entries, &ring_, &p), "io_uring_setup");
    std::unique_ptr<io_uring, free_ring> guard{&ring_};
    // Without these, completions are lost when there are too many, and reads
    // at the position of the file are not known.
    constexpr unsigned needed =
        IORING_FEAT_NODROP | IORING_FEAT_RW_CUR_POS | IORING_FEAT_SUBMIT_STABLE;
    if ((p.features & needed) != needed) check(-ENOSYS, "io_uring_setup");
    unique_descriptor event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!event) throw_errno("eventfd");
    check(::io_uring_register_eventfd(&ring_, event.get()),
          "io_uring_register");
    event_.open(std::move(event));
    guard.release();
}

file_ring::~file_ring() {
    event_.close();
    ::io_uring_queue_exit(&ring_);
}

void file_ring::submit(file_transfer& t) {
    const std::lock_guard lock{mutex_};
    t.stage = stage::waiting;
    waiting_.push_back(t);
    flush_later();
}

bool file_ring::take_back(file_transfer& t) noexcept {
    const std::lock_guard lock{mutex_};
    if (t.stage == stage::waiting) {
        waiting_.remove(t);
        return true;
    }
    if (t.stage == stage::ended) return false;
    t.canceled = true;
    auto* entry = ::io_uring_get_sqe(&ring_);
    if (!entry) {
        enter();
        entry = ::io_uring_get_sqe(&ring_);
    }
    // Without one, the transfer takes its time.
    if (entry) {
        ::io_uring_prep_cancel(entry, &t, 0);
        ::io_uring_sqe_set_data(entry, nullptr);
        enter();
    }
    return false;
}

void file_ring::flush_later() {
    if (std::exchange(flush_posted_, true)) return;
    boost::asio::post(io_, [this] { flush(); });
}

void file_ring::flush() {
    list done;
    bool watch = false;
    {
        const std::lock_guard lock{mutex_};
        flush_posted_ = false;
        fill();
        enter();
        collect(done);
        if (in_kernel_ != 0 && !watching_) watch = watching_ = true;
        if (::io_uring_sq_ready(&ring_) != 0) flush_later();
    }
    if (watch) {
        struct completed {
            file_ring* ring;
            void operator()(const error_code& ec, completions& c) const {
                if (ec) return;
                {
                    const std::lock_guard lock{ring->mutex_};
                    ring->watching_ = false;
                    // It watches again, if there still is something.
                    ring->flush_later();
                }
                ring->complete(c.done);
            }
        };
        event_.start(io_direction::read, first_step::attempt, completions{this},
                     completed{this});
    }
    complete(done);
}

void file_ring::fill() noexcept {
    while (in_kernel_ < entries) {
        auto* t = waiting_.front();
        if (!t) return;
        auto* entry = ::io_uring_get_sqe(&ring_);
        if (!entry) return;
        const auto size = static_cast<unsigned>(t->size);
        const auto offset = static_cast<std::uint64_t>(t->offset);
        switch (t->what) {
        case file_call::read:
            ::io_uring_prep_read(entry, t->fd, t->data, size, offset);
            break;
        case file_call::write:
            ::io_uring_prep_write(entry, t->fd, t->data, size, offset);
            break;
        case file_call::sync_all:
            ::io_uring_prep_fsync(entry, t->fd, 0);
            break;
        case file_call::sync_data:
        case file_call::resize: // not for a ring
            ::io_uring_prep_fsync(entry, t->fd, IORING_FSYNC_DATASYNC);
            break;
        }
        ::io_uring_sqe_set_data(entry, t);
        waiting_.remove(*t);
        t->stage = stage::in_kernel;
        ++in_kernel_;
    }
}

// A kernel that is short of memory, or of room for completions, takes the rest
// later: it stays in the queue.
void file_ring::enter() noexcept {
    while (::io_uring_submit(&ring_) == -EINTR) {
    }
}

void file_ring::collect(list& done) noexcept {
    io_uring_cqe* entry = nullptr;
    while (::io_uring_peek_cqe(&ring_, &entry) == 0 && entry) {
        auto* t = static_cast<file_transfer*>(::io_uring_cqe_get_data(entry));
        const int result = entry->res;
        ::io_uring_cqe_seen(&ring_, entry);
        if (!t) continue; // a cancellation
        --in_kernel_;
        if (result == -EINTR && !t->canceled) {
            t->stage = stage::waiting;
            waiting_.push_back(*t);
            flush_later();
            continue;
        }
        t->result = result == -EINTR ? -ECANCELED : result;
        t->stage = stage::ended;
        done.push_back(*t);
    }
    if (waiting_.front() && in_kernel_ < entries) flush_later();
}

void file_ring::complete(list& done) {
    while (auto* t = done.pop_front()) t->finish();
}

} // namespace emilua
