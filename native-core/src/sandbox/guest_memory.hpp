// SPDX-License-Identifier: MIT OR BSL-1.0
// Pages that a guest which waits asks for before it is wanted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace emilua::sandbox {

/// What the kernel maps in one go: pages to be written, which it copies; or
/// such of a file as it brings along with the first one.
struct memory_piece {
    std::uintptr_t from, to;
    bool is_written;
};

/// All that is mapped here, and in copies of this process; looked at once.
const std::vector<memory_piece>& memory_of_server();

/// What one copy of this process has used of it, in memory that both share.
class memory_notes {
public:
    /// Throws `failure`.
    memory_notes();

    /// In the copy. Nothing where the kernel does not say what it has used.
    void take() noexcept;
    /// In this process, once the copy has ended.
    std::vector<memory_piece> read() const;

private:
    static constexpr std::size_t most = 1024;
    struct table {
        std::size_t count;
        memory_piece pieces[most];
    };
    struct unmap {
        void operator()(table* t) const noexcept;
    };
    std::unique_ptr<table, unmap> table_;
};

/// Has the kernel do now what it does at the first use of each page.
void map_now(const memory_piece& p) noexcept;

} // namespace emilua::sandbox
