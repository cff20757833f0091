// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/file_transfer.hpp"

#include <emilua/unique_descriptor.hpp>
#include <emilua/vm.hpp>

#include <memory>
#include <mutex>

#include <sys/types.h>

namespace emilua {

class file_ring;

/// How transfers of a file that are under way at the same time go.
enum class transfer_order : std::uint8_t {
    /// All at once.
    any,
    /// One after the other: they share the position of the file.
    serial,
};

/// A file of which poll(2) has nothing to say, open in one VM.
///
/// Most of what is asked for is in memory already. So a transfer is attempted
/// at once, without waiting (RWF_NOWAIT); what would have waited goes to the
/// ring of the context, or to a thread of the pool where the kernel refuses
/// rings. The environment variable EMILUA_FILE_IO says `ring` or `pool` to
/// leave the attempt out, and the latter the ring as well: for tests.
class open_file : public std::enable_shared_from_this<open_file> {
public:
    open_file(vm& owner, unique_descriptor fd, transfer_order order);

    int get() const noexcept { return fd_.get(); }
    bool idle() const noexcept {
        return pending_.load(std::memory_order_acquire) == 0;
    }

    /// What the system call gives that does not wait, or -1 and `errno`:
    /// EAGAIN when it cannot be known without waiting. On the VM's turn.
    ssize_t read_now(void* data, std::size_t size, std::int64_t offset);
    ssize_t write_now(const void* data, std::size_t size, std::int64_t offset);

    /// Starts `t`, or has it wait for those before it; it ends with a call of
    /// `finish` or `finish_later`. Throws `failure` when no thread can be had.
    /// On the VM's turn.
    void start(file_transfer& t);
    /// What `finish` does first: gives the place of `t` to the next.
    void ended(file_transfer& t) noexcept;

    /// Takes `t` back, if it has not ended, and gives it ECANCELED. What
    /// cannot be taken back any more ends as it would have. On the VM's turn.
    void cancel(const file_transfer* t) noexcept;
    void cancel_all() noexcept;

    /// Both cancel everything. A thread that is inside of a call has the
    /// descriptor until it comes back.
    error_code close() noexcept;
    unique_descriptor release();

private:
    struct pool_call;
    using list = transfer_list<&file_transfer::of_file>;

    bool may_try() const noexcept;
    void dispatch(file_transfer& t);
    bool take_back(file_transfer& t) noexcept;
    void end_early(file_transfer& t) noexcept;
    /// Forgets `t` and starts the next.
    void drop(file_transfer& t) noexcept;
    void left_pool() noexcept;

    vm& owner_;
    unique_descriptor fd_;
    file_ring* ring_ = nullptr;
    bool ring_known_ = false;
    const transfer_order order_;
    bool tries_reads_, tries_writes_;
    bool closed_ = false;

    std::mutex mutex_;
    /// All that have not ended.
    list transfers_;
    std::atomic<unsigned> pending_ = 0;
    /// The one that is under way, of a serial file.
    file_transfer* current_ = nullptr;
    /// Calls that threads of the pool have.
    unsigned in_pool_ = 0;
};

} // namespace emilua
