// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/file/lock.hpp"

#include "core/perform.hpp"

#include <boost/asio/steady_timer.hpp>

#include <list>
#include <mutex>

#include <sys/file.h>
#include <sys/stat.h>

namespace emilua::file {
namespace {

using namespace std::chrono_literals;

// How long before the first try again; twice as long before each further one.
constexpr auto shortest = 1ms, longest = 32ms;

int operation_of(lock_kind kind) noexcept {
    return kind == lock_kind::shared ? LOCK_SH : LOCK_EX;
}

/// 0, or what flock says.
int flock_now(int fd, int operation) noexcept {
    for (;;) {
        if (::flock(fd, operation | LOCK_NB) == 0) return 0;
        if (errno != EINTR) return errno;
    }
}

class lock_wait;

/// Those who wait, of this process.
struct waiting {
    std::mutex mutex;
    std::atomic<std::size_t> count = 0;
    std::list<std::shared_ptr<lock_wait>> all;

    static waiting& list() {
        // Never destroyed: a thread of the pool may outlive main.
        static auto& instance = *new waiting;
        return instance;
    }
};

class lock_wait final : public std::enable_shared_from_this<lock_wait> {
public:
    lock_wait(const void* owner, int fd, lock_kind kind, handler<> h)
        : owner{owner}, context_{h.owner().context()}, h_{std::move(h)},
          timer_{context_.io()}, fd_{fd}, operation_{operation_of(kind)} {}

    void begin() {
        auto& w = waiting::list();
        const std::lock_guard lock{w.mutex};
        where_ = w.all.insert(w.all.end(), shared_from_this());
        ++w.count;
        h_.get_cancellation_slot().assign([weak = weak_from_this()](auto) {
            if (const auto self = weak.lock()) self->cancel();
        });
        rest();
    }

    /// On a thread of its context.
    void attempt() {
        const auto keep = shared_from_this();
        int e;
        {
            const std::lock_guard lock{waiting::list().mutex};
            if (over_) return;
            e = flock_now(fd_, operation_);
            if (e == EWOULDBLOCK) return rest();
            leave();
        }
        if (e != 0)
            h_.fail({e, boost::system::system_category()}, "flock");
        else
            h_({});
    }

    /// Under the lock of the list.
    void attempt_soon() {
        context_.post([self = shared_from_this()] { self->attempt(); });
    }

    /// On the VM's turn.
    void cancel() noexcept {
        const auto keep = shared_from_this();
        {
            const std::lock_guard lock{waiting::list().mutex};
            if (over_) return;
            leave();
        }
        h_.fail_later(boost::asio::error::operation_aborted, "flock");
    }

    bool is_of(unsigned long device, unsigned long inode) const noexcept {
        struct stat st;
        return ::fstat(fd_, &st) == 0 && st.st_dev == device &&
               st.st_ino == inode;
    }

    const void* const owner;

private:
    void rest() {
        timer_.expires_after(delay_);
        delay_ = std::min(delay_ * 2, std::chrono::milliseconds{longest});
        timer_.async_wait([self = shared_from_this()](const error_code& ec) {
            if (!ec) self->attempt();
        });
    }

    void leave() noexcept {
        over_ = true;
        timer_.cancel();
        --waiting::list().count;
        waiting::list().all.erase(where_);
    }

    emilua::context& context_;
    handler<> h_;
    boost::asio::steady_timer timer_;
    const int fd_;
    const int operation_;
    std::chrono::milliseconds delay_{shortest};
    std::list<std::shared_ptr<lock_wait>>::iterator where_;
    bool over_ = false;
};

} // namespace

void lock(const void* owner, int fd, lock_kind kind, handler<> h) {
    const int e = flock_now(fd, operation_of(kind));
    if (e == EWOULDBLOCK)
        return std::make_shared<lock_wait>(owner, fd, kind, std::move(h))
            ->begin();
    if (e != 0) return h.fail({e, boost::system::system_category()}, "flock");
    if (h.may_complete_inline()) return h({});
    h.complete_later({});
}

bool try_lock(int fd, lock_kind kind) {
    const int e = flock_now(fd, operation_of(kind));
    if (e != 0 && e != EWOULDBLOCK)
        throw failure{error_code{e, boost::system::system_category()}, "flock"};
    return e == 0;
}

void unlock(int fd) {
    const lock_release released{fd};
    if (::flock(fd, LOCK_UN) != 0) throw_errno("flock");
    released.done();
}

bool waits_for_locks(const void* owner) noexcept {
    auto& w = waiting::list();
    const std::lock_guard lock{w.mutex};
    for (const auto& one : w.all)
        if (one->owner == owner) return true;
    return false;
}

void cancel_locks(const void* owner) noexcept {
    auto& w = waiting::list();
    std::list<std::shared_ptr<lock_wait>> own;
    {
        const std::lock_guard lock{w.mutex};
        for (const auto& one : w.all)
            if (one->owner == owner) own.push_back(one);
    }
    for (const auto& one : own) one->cancel();
}

lock_release::lock_release(int fd) noexcept {
    struct stat st;
    if (waiting::list().count == 0 || ::fstat(fd, &st) != 0) return;
    device_ = st.st_dev;
    inode_ = st.st_ino;
}

void lock_release::done() const noexcept {
    auto& w = waiting::list();
    const std::lock_guard lock{w.mutex};
    for (const auto& one : w.all)
        if (one->is_of(device_, inode_)) one->attempt_soon();
}

} // namespace emilua::file
