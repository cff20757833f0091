// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/type_traits/base.hpp>

namespace emilua {

template <> struct type_traits<mutable_bytes> : traits_base {
    static constexpr type description{.kind = type_kind::mutable_bytes};
    static constexpr bool borrows = true, has_buffers = true;
    static mutable_bytes read(reader& r, place p) { return r.writable(p); }
    static void bind(mutable_bytes& b, operation& op) { b.bind(op); }
};

template <> struct type_traits<const_bytes> : traits_base {
    static constexpr type description{.kind = type_kind::const_bytes};
    static constexpr bool borrows = true, has_buffers = true;
    static const_bytes read(reader& r, place p) { return r.readable(p); }
    static void bind(const_bytes& b, operation& op) { b.bind(op); }
};

/// Bytes of one's own: a copy of the buffer, or a new one.
template <> struct type_traits<value::bytes> : traits_base {
    static constexpr type description{.kind = type_kind::const_bytes};
    static value::bytes read(reader& r, place p) {
        const auto b = r.readable(p).now();
        return {{static_cast<const char*>(b.data()), b.size()}};
    }
    static void write(results& out, const value::bytes& v) {
        out.bytes(v.data);
    }
};

template <> struct type_traits<value> : traits_base {
    static constexpr type description{.kind = type_kind::any};
    static value read(reader& r, place p) { return r.any(p); }
    static void write(results& out, value v) { out.any(std::move(v)); }
};

} // namespace emilua
