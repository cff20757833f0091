// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

/// Everything that decides how a translation unit of Emilua, or of a plugin,
/// lays out the types it shares with the others. Include it before any Asio
/// header; every public header does.

#define BOOST_ASIO_NO_DEPRECATED 1

// A plugin must not leave Asio symbols for the host to resolve; the host
// compiles Asio once, in core/asio.cpp.
#ifdef EMILUA_PLUGIN
#define BOOST_ASIO_HEADER_ONLY 1
#else
#define BOOST_ASIO_SEPARATE_COMPILATION 1
#endif

#define EMILUA_VERSION_MAJOR 0
#define EMILUA_VERSION_MINOR 11
#define EMILUA_VERSION_PATCH 0
#define EMILUA_VERSION "0.11.0"

/// Raised whenever a type that crosses the plugin boundary changes its layout
/// or a virtual table changes its order.
#define EMILUA_ABI 6

#include <boost/version.hpp>

#include <cstddef>

namespace emilua {

/// What a plugin and its host must agree on; compared word for word at load.
struct abi_stamp {
    unsigned abi = EMILUA_ABI;
    unsigned boost = BOOST_VERSION;
    unsigned compiler = __GXX_ABI_VERSION;
    unsigned pointer_bytes = sizeof(void*);
#ifdef _GLIBCXX_USE_CXX11_ABI
    unsigned strings = _GLIBCXX_USE_CXX11_ABI;
#else
    unsigned strings = 2;
#endif

    friend bool operator==(const abi_stamp&, const abi_stamp&) = default;
};

} // namespace emilua
