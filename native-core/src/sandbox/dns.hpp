// SPDX-License-Identifier: MIT OR BSL-1.0
// As much of the protocol of name servers (RFC 1035) as a resolver needs that
// asks for the addresses of names.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace emilua::sandbox::dns {

enum class record : std::uint16_t { a = 1, aaaa = 28 };
enum class result : std::uint8_t { ok = 0, failed = 2, no_such_name = 3 };

/// What is asked for, and the packet up to behind the question.
struct question {
    std::string name;
    std::uint16_t type;
    std::string packet;
};

/// Nothing for what is no query with one question.
std::optional<question> read_question(std::string_view packet);

/// At most as many addresses as go into 512 bytes, of the kind that was asked
/// for.
std::string answer(const question& q, result r,
                   std::span<const boost::asio::ip::address> addresses);

} // namespace emilua::sandbox::dns
