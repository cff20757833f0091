// SPDX-License-Identifier: MIT OR BSL-1.0
// What processes that trust each other hand over: bytes and descriptors.
#pragma once

#include <emilua/unique_descriptor.hpp>

#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace emilua::sandbox {

/// Two ends of a socket of packets. Throws `failure`.
struct socket_pair {
    explicit socket_pair(int flags = 0);
    unique_descriptor ours, theirs;
};

/// A pipe's end whose other end is closed. Throws `failure`.
unique_descriptor closed_end(bool reader);

struct part {
    part() = default;
    part(part&&) = default;
    part& operator=(part&&) = default;
    /// Wipes its memory.
    ~part();

    std::string bytes;
    std::vector<unique_descriptor> fds;
};

inline constexpr std::size_t most_part_descriptors = 64;

/// Sends one part on a SOCK_SEQPACKET socket: at once if it is small, else as a
/// file in memory. Throws `failure`; EPIPE if the other end is gone.
void send_part(int socket, std::string_view bytes, std::span<const int> fds);

/// Waits for one part. Throws `failure`; EPIPE if the other end is gone,
/// EBADMSG for what `send_part` never sends.
part receive_part(int socket);

/// Values in the machine's own words, one behind the other.
class packer {
public:
    template <class T> packer& number(T v) {
        static_assert(std::is_trivially_copyable_v<T>);
        out_.append(reinterpret_cast<const char*>(&v), sizeof(v));
        return *this;
    }
    packer& text(std::string_view s) {
        number(s.size());
        out_.append(s);
        return *this;
    }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

class unpacker {
public:
    explicit unpacker(std::string_view in) noexcept : in_{in} {}

    // Throw `failure`: EBADMSG.
    template <class T> T number() {
        static_assert(std::is_trivially_copyable_v<T>);
        T v;
        bytes(sizeof(v)).copy(reinterpret_cast<char*>(&v), sizeof(v));
        return v;
    }
    std::string_view text() { return bytes(number<std::size_t>()); }

private:
    std::string_view bytes(std::size_t n);

    std::string_view in_;
};

} // namespace emilua::sandbox
