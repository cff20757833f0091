// SPDX-License-Identifier: MIT OR BSL-1.0
// What programs under libc_service and those who answer them take for messages.
#include "libc_service/protocol.hpp"

#include <algorithm>

using namespace emilua::libc_service;

namespace {

void require(bool holds) {
    if (!holds) __builtin_trap();
}

void take_request(const std::uint8_t* data, std::size_t size) {
    static request r;
    const auto taken = std::min(size, sizeof(r));
    std::memcpy(static_cast<void*>(&r), data, taken);
    if (!is_valid(r, size)) return;
    require(size <= sizeof(r));
    require(r.first().size() + r.second().size() ==
            size - offsetof(request, text));
    static request same;
    same.what = r.what;
    std::copy(std::begin(r.numbers), std::end(r.numbers), same.numbers);
    require(same.set_texts(r.first(), r.second()) && is_valid(same, size));
}

void take_reply(const std::uint8_t* data, std::size_t size) {
    reply r;
    std::memcpy(static_cast<void*>(&r), data, std::min(size, sizeof(r)));
    if (!is_valid(r, size)) return;
    require(r.address.bytes <= sizeof(r.address.address));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
    if (size == 0) return 0;
    switch (*data % 3) {
    case 0:
        take_request(data + 1, size - 1);
        break;
    case 1:
        take_reply(data + 1, size - 1);
        break;
    default: {
        const std::string_view all{reinterpret_cast<const char*>(data + 1),
                                   size - 1};
        std::size_t sum = 0, count = 0;
        const bool whole =
            each_filter(all, [&](function what, std::string_view source) {
                require(static_cast<std::uint32_t>(what) <= last_function);
                sum += source.size();
                ++count;
            });
        if (whole) require(4 + count * 8 + sum == all.size());
    }
    }
    return 0;
}
