// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/io_descriptor.hpp"

#include <emilua/value.hpp>

namespace emilua {

/// Throws EBADF when `d` is closed.
void require_open(const io_descriptor& d);

/// Takes `fd`, which came from elsewhere, and makes it non-blocking. Throws
/// `failure` and leaves `fd` alone.
void assign_descriptor(io_descriptor& d, unique_descriptor&& fd);

/// The bytes that can be read without blocking (FIONREAD).
std::size_t bytes_readable(const io_descriptor& d);

/// What the objects of programs that stand for a descriptor have in common.
class descriptor_object {
public:
    explicit descriptor_object(vm& owner) : io_{owner.io()} {}

    bool is_open() const noexcept { return io_.is_open(); }
    int native_handle() const noexcept { return io_.get(); }
    /// Whether an operation is pending, so that the object cannot be moved.
    bool busy() const noexcept;

    /// Takes the descriptor out, to be opened again in another VM.
    parcel pack();

    void close() { throw_if(io_.close(), "close"); }
    void cancel();

protected:
    /// Opens what `pack` gave. Throws `failure`.
    void adopt(parcel&& p);

    io_descriptor io_;
};

} // namespace emilua
