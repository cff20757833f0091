// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/open_file.hpp"

#include "core/file_ring.hpp"

#include <emilua/blocking.hpp>

#include <algorithm>
#include <cstdlib>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace emilua {
namespace {

/// What one attempt moves at most: it keeps the thread of the VM.
constexpr std::size_t most_at_once = 1 << 20;

bool attempts_are_wanted() noexcept {
    static const bool wanted = std::getenv("EMILUA_FILE_IO") == nullptr;
    return wanted;
}

/// -1 with EAGAIN when it would have waited, and for ever after the first that
/// the file system cannot do without waiting.
template <class Call> ssize_t without_waiting(bool& tries, Call call) noexcept {
    const ssize_t n = call();
    if (n >= 0 || errno == EAGAIN) return n;
    if (errno == EOPNOTSUPP || errno == ENOSYS) {
        tries = false;
        errno = EAGAIN;
    } else if (errno == EINTR) {
        errno = EAGAIN;
    }
    return n;
}

std::int64_t call_of(const file_transfer& t) noexcept {
    const bool here = t.offset == file_transfer::at_position;
    switch (t.what) {
    case file_call::read:
        return here ? ::read(t.fd, t.data, t.size)
                    : ::pread(t.fd, t.data, t.size, t.offset);
    case file_call::write:
        return here ? ::write(t.fd, t.data, t.size)
                    : ::pwrite(t.fd, t.data, t.size, t.offset);
    case file_call::sync_all:
        return ::fsync(t.fd);
    case file_call::sync_data:
        return ::fdatasync(t.fd);
    case file_call::resize:
        return ::ftruncate(t.fd, t.offset);
    }
    return 0;
}

/// On a thread of the pool. The transfer waits for it, and stays.
struct make_call {
    const file_transfer* t;

    std::int64_t operator()() const noexcept {
        for (;;) {
            const auto n = call_of(*t);
            if (n >= 0) return n;
            if (errno != EINTR) return -errno;
        }
    }
};

} // namespace

/// On the VM's turn.
struct open_file::pool_call {
    std::shared_ptr<open_file> file;
    file_transfer* t;

    using job = blocking_call<make_call, pool_call, std::int64_t>;

    void operator()(blocking_outcome<std::int64_t>& o) {
        t->result = o.values ? std::get<0>(*o.values) : -EIO;
        {
            const std::lock_guard lock{file->mutex_};
            file->left_pool();
        }
        t->finish();
    }
};

open_file::open_file(vm& owner, unique_descriptor fd, transfer_order order)
    : owner_{owner}, fd_{std::move(fd)}, order_{order},
      tries_reads_{attempts_are_wanted()}, tries_writes_{
                                               attempts_are_wanted()} {}

// What comes later does not overtake.
bool open_file::may_try() const noexcept {
    return order_ == transfer_order::any || idle();
}

ssize_t open_file::read_now(void* data, std::size_t size, std::int64_t offset) {
    errno = EAGAIN;
    if (!tries_reads_ || !may_try()) return -1;
    const iovec v{data, std::min(size, most_at_once)};
    return without_waiting(tries_reads_, [&] {
        return ::preadv2(fd_.get(), &v, 1, offset, RWF_NOWAIT);
    });
}

ssize_t open_file::write_now(const void* data, std::size_t size,
                             std::int64_t offset) {
    errno = EAGAIN;
    if (!tries_writes_ || !may_try()) return -1;
    const iovec v{const_cast<void*>(data), std::min(size, most_at_once)};
    return without_waiting(tries_writes_, [&] {
        return ::pwritev2(fd_.get(), &v, 1, offset, RWF_NOWAIT);
    });
}

void open_file::start(file_transfer& t) {
    const std::lock_guard lock{mutex_};
    t.fd = fd_.get();
    const bool alone =
        order_ == transfer_order::serial && t.what != file_call::resize;
    if (!alone || !current_) dispatch(t);
    if (alone && !current_) current_ = &t;
    transfers_.push_back(t);
    pending_.fetch_add(1, std::memory_order_relaxed);
}

void open_file::dispatch(file_transfer& t) {
    if (!ring_known_) {
        // Of a file with O_NONBLOCK a ring would say EAGAIN, which read(2)
        // never does where there is a disk.
        const int flags = ::fcntl(fd_.get(), F_GETFL);
        if (flags >= 0 && !(flags & O_NONBLOCK))
            ring_ = file_ring::of(owner_.io());
        ring_known_ = true;
    }
    if (ring_ && t.what != file_call::resize) {
        ring_->submit(t);
    } else {
        t.job = start_blocking<std::int64_t>(
            owner_, general_pool(), blocking_policy::finish, make_call{&t},
            pool_call{shared_from_this(), &t});
        ++in_pool_;
    }
    t.started = true;
}

void open_file::ended(file_transfer& t) noexcept {
    const std::lock_guard lock{mutex_};
    drop(t);
}

void open_file::drop(file_transfer& t) noexcept {
    transfers_.remove(t);
    pending_.fetch_sub(1, std::memory_order_release);
    if (current_ != &t) return;
    current_ = nullptr;
    auto* next = transfers_.front();
    while (next) {
        auto* const after = list::behind(*next);
        if (!next->started) {
            try {
                dispatch(*next);
                current_ = next;
                return;
            } catch (const failure& f) {
                // Only the pool fails, and calls this on the VM's turn.
                transfers_.remove(*next);
                pending_.fetch_sub(1, std::memory_order_release);
                next->result = -f.code.value();
                next->finish_later();
            }
        }
        next = after;
    }
}

bool open_file::take_back(file_transfer& t) noexcept {
    if (!t.started) return true;
    if (!t.job) return ring_->take_back(t);
    if (!static_cast<pool_call::job*>(t.job.get())->cancel()) return false;
    left_pool();
    return true;
}

void open_file::left_pool() noexcept {
    if (--in_pool_ == 0 && closed_) fd_.reset();
}

void open_file::cancel(const file_transfer* which) noexcept {
    const std::lock_guard lock{mutex_};
    for (auto* t = transfers_.front(); t; t = list::behind(*t))
        if (t == which) return end_early(*t);
}

// From the last to the first: none begins because one before it goes.
void open_file::cancel_all() noexcept {
    const std::lock_guard lock{mutex_};
    for (auto* t = transfers_.back(); t;) {
        auto* const before = list::before(*t);
        end_early(*t);
        t = before;
    }
}

void open_file::end_early(file_transfer& t) noexcept {
    if (!take_back(t)) return;
    t.result = -ECANCELED;
    drop(t);
    t.finish_later();
}

error_code open_file::close() noexcept {
    cancel_all();
    const std::lock_guard lock{mutex_};
    closed_ = true;
    if (in_pool_ == 0 && ::close(fd_.release()) != 0)
        return {errno, boost::system::system_category()};
    return {};
}

unique_descriptor open_file::release() {
    cancel_all();
    const std::lock_guard lock{mutex_};
    if (in_pool_ == 0) return std::move(fd_);
    unique_descriptor copy{::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 3)};
    if (!copy) throw_errno("fcntl");
    closed_ = true;
    return copy;
}

} // namespace emilua
