// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace emilua {

/// What a `byte_span` of Lua begins with.
///
/// Lua allocates and collects it; the prelude declares the same fields to the
/// FFI. Neither the header nor the memory it points to moves or changes size
/// for as long as Lua can reach the span.
struct byte_span_header {
    std::uint64_t cookie;
    unsigned char* data;
    std::int32_t length;
    std::int32_t capacity;
};

static_assert(std::is_trivially_copyable_v<byte_span_header>);
static_assert(offsetof(byte_span_header, data) == 8);
static_assert(offsetof(byte_span_header, length) == 16);
static_assert(offsetof(byte_span_header, capacity) == 20);
static_assert(sizeof(byte_span_header) == 24);

/// By which a header is told from whatever else a C object of Lua can hold:
/// chosen at random by each process, so that no program can make one up.
std::uint64_t byte_span_cookie() noexcept;

} // namespace emilua
