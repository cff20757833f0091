// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace emilua {

/// Bytes that are overwritten when they are not needed any more: a password,
/// a key. There is one copy of them, and no message, error or `value` takes
/// it.
class secret {
public:
    secret() = default;
    explicit secret(std::string_view text)
        : bytes_{std::make_unique<char[]>(text.size())}, size_{text.size()} {
        std::copy(text.begin(), text.end(), bytes_.get());
    }
    secret(secret&& o) noexcept
        : bytes_{std::move(o.bytes_)}, size_{std::exchange(o.size_, 0)} {}
    secret& operator=(secret&& o) noexcept {
        std::swap(bytes_, o.bytes_);
        std::swap(size_, o.size_);
        return *this;
    }
    ~secret() {
        // Volatile, or the compiler sees that nobody reads it.
        for (volatile char *p = bytes_.get(), *end = p + size_; p != end; ++p)
            *p = 0;
    }

    const char* data() const noexcept { return bytes_.get(); }
    std::size_t size() const noexcept { return size_; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
};

} // namespace emilua
