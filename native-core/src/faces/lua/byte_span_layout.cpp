// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/byte_span_layout.hpp"

#include <sys/random.h>

#include <cerrno>
#include <cstdlib>

namespace emilua {
namespace {

std::uint64_t draw() noexcept {
    std::uint64_t cookie = 0;
    auto* bytes = reinterpret_cast<unsigned char*>(&cookie);
    for (std::size_t have = 0; have < sizeof(cookie);) {
        const auto n = ::getrandom(bytes + have, sizeof(cookie) - have, 0);
        if (n > 0)
            have += static_cast<std::size_t>(n);
        else if (errno != EINTR)
            std::abort(); // a cookie that can be guessed protects nothing
    }
    return cookie;
}

} // namespace

std::uint64_t byte_span_cookie() noexcept {
    static const std::uint64_t cookie = draw();
    return cookie;
}

} // namespace emilua
