// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace emilua {

enum class file_call : std::uint8_t {
    read,
    write,
    sync_all,
    sync_data,
    resize,
};

/// One call on an open file that may have to wait for a disk.
class file_transfer {
public:
    struct link {
        file_transfer *before = nullptr, *behind = nullptr;
    };
    /// How far it is in a ring.
    enum class ring_stage : std::uint8_t { waiting, in_kernel, ended };

    /// The position of the open file, which the transfer moves.
    static constexpr std::int64_t at_position = -1;

    file_transfer(const file_transfer&) = delete;
    file_transfer& operator=(const file_transfer&) = delete;

    /// Ends its life. `result` is what the system call gave, or -errno. On a
    /// thread of the context, without locks.
    virtual void finish() noexcept = 0;
    /// The same, on a later turn of the VM. On the VM's turn.
    virtual void finish_later() noexcept = 0;

    const file_call what;
    int fd = -1;
    void* data = nullptr;
    std::size_t size = 0;
    /// Where in the file; of a `resize`, its size.
    std::int64_t offset = at_position;
    std::int64_t result = 0;

    /// Of its file.
    link of_file;
    bool started = false;
    /// What a thread of the pool does for it.
    std::shared_ptr<void> job{};

    /// Of the ring.
    link of_ring;
    ring_stage stage = ring_stage::waiting;
    bool canceled = false;

protected:
    explicit file_transfer(file_call what) noexcept : what{what} {}
    ~file_transfer() = default;
};

/// Transfers in the order they came.
template <file_transfer::link file_transfer::*Link> class transfer_list {
public:
    file_transfer* front() const noexcept { return first_; }
    file_transfer* back() const noexcept { return last_; }
    static file_transfer* behind(const file_transfer& t) noexcept {
        return (t.*Link).behind;
    }
    static file_transfer* before(const file_transfer& t) noexcept {
        return (t.*Link).before;
    }

    void push_back(file_transfer& t) noexcept {
        t.*Link = {last_, nullptr};
        (last_ ? (last_->*Link).behind : first_) = &t;
        last_ = &t;
    }
    void remove(file_transfer& t) noexcept {
        const auto [before, behind] = t.*Link;
        (before ? (before->*Link).behind : first_) = behind;
        (behind ? (behind->*Link).before : last_) = before;
    }
    file_transfer* pop_front() noexcept {
        auto* t = first_;
        if (t) remove(*t);
        return t;
    }

private:
    file_transfer *first_ = nullptr, *last_ = nullptr;
};

} // namespace emilua
