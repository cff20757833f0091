// SPDX-License-Identifier: MIT OR BSL-1.0
// Messages between actors of different processes.
#pragma once

#include <emilua/error.hpp>
#include <emilua/unique_descriptor.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// A message is one packet of a SOCK_SEQPACKET socket, and whoever sends it is
/// not trusted. It is a record of fixed layout, in the machine's own words:
///
///   members   25 words of 64 bits
///   strings   at most 25 * 512 bytes, as many as are used
///
/// A member is a double or, where its bits are those of a signaling NaN, what
/// the lowest bits say: 1 true, 2 false, 3 a string, 4 a file descriptor, 5 the
/// address of an actor, 6 nil, 7 null: what a member of a dictionary is that
/// has no value and is there, which TypeScript tells from nil.
///
/// If the first member is nil, the second one is all there is; otherwise the
/// message is a dictionary, which ends with a nil or with the last member.
/// Members after that are zero.
///
/// `strings` has, one behind the other, what the members need in their order:
/// in a dictionary its key, then the value if that is a string. Each is one
/// byte of length and as many bytes. Nothing is left over.
///
/// Descriptors and addresses come along with SCM_RIGHTS, in the order of the
/// members; an address is a connected socket of this kind. There are as many as
/// members say.

namespace emilua::sandbox {

inline constexpr std::size_t most_members = 25;
inline constexpr std::size_t longest_string = 255;

/// Of a message that is sent, `fd` is a number that somebody else owns; of one
/// that was received, one of `message::descriptors`.
struct handle {
    bool is_address;
    int fd;
    bool operator==(const handle&) const = default;
};

struct message {
    struct null {
        bool operator==(const null&) const = default;
    };
    using leaf = std::variant<bool, double, std::string, handle, null>;

    bool is_dictionary = false;
    /// From one to `most_members`. The only one of what is no dictionary has an
    /// empty key.
    std::vector<std::pair<std::string, leaf>> members;
    /// What it owns.
    std::vector<unique_descriptor> descriptors;
};

/// Sends `m`, which obeys the limits above, and does not wait: EAGAIN. EPIPE
/// when nobody can receive it.
error_code write_message(int socket, const message& m) noexcept;

enum class reading {
    message,
    would_block,
    /// Nobody can send any more, or something came that is no message: the
    /// socket is of no use any more.
    ended,
};

/// Receives the next message and does not wait. May throw std::bad_alloc.
reading read_message(int socket, message& m);

} // namespace emilua::sandbox
