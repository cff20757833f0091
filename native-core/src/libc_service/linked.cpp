// SPDX-License-Identifier: MIT OR BSL-1.0
// What makes it part of an executable, which has Lua already.
#include "libc_service/service.hpp"

namespace emilua::libc_service {

extern "C" load_filters emilua_load_libc_filters;

const filter_runner* find_filters(std::string_view message) noexcept {
    return emilua_load_libc_filters({ask, call_libc}, message);
}

} // namespace emilua::libc_service
