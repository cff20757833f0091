// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/vm.hpp>

/// Advisory locks of open files, flock(2).
///
/// A thread inside of flock cannot be called back, so who has to wait tries
/// again: when this process gives a lock of the same file back, and otherwise
/// every now and then.

namespace emilua::file {

enum class lock_kind { exclusive, shared };

/// Waits for a lock on `fd`, in the name of `owner`, which keeps it open.
void lock(const void* owner, int fd, lock_kind kind, handler<> h);
/// Whether `fd` got the lock. Throws `failure`.
bool try_lock(int fd, lock_kind kind);
void unlock(int fd);

bool waits_for_locks(const void* owner) noexcept;
/// What waits in the name of `owner` fails with operation_aborted. On the turn
/// of its VM.
void cancel_locks(const void* owner) noexcept;
/// `fd` is about to be closed, or given away: call what this returns
/// afterwards, and who waits for the locks it held tries again.
class lock_release {
public:
    explicit lock_release(int fd) noexcept;
    void done() const noexcept;

private:
    unsigned long device_ = 0, inode_ = 0;
};

} // namespace emilua::file
