// SPDX-License-Identifier: MIT OR BSL-1.0
// The set-up of a guest, which comes from nobody but us: it is read whole or
// refused.
#include "sandbox/program.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
    using namespace emilua::sandbox;
    try {
        const auto s = decode({reinterpret_cast<const char*>(data), size});
        const auto again = encode(s);
        if (encode(decode(again)) != again) __builtin_trap();
    } catch (const emilua::failure&) {
    }
    return 0;
}
