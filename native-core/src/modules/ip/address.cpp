// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/address.hpp"

#include "core/resolver.hpp"

#include <boost/asio/error.hpp>

#include <array>
#include <charconv>
#include <optional>

namespace emilua::ip {
namespace {

// Each datagram brings an address and takes one: inet_pton(3) tries IPv6 first,
// and inet_ntop(3) prints by a format.

std::optional<boost::asio::ip::address_v4> dotted(std::string_view text) {
    boost::asio::ip::address_v4::bytes_type bytes;
    const auto* at = text.data();
    const auto* const end = at + text.size();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i != 0 && (at == end || *at++ != '.')) return std::nullopt;
        const auto* const first = at;
        const auto r = std::from_chars(at, end, bytes[i]);
        if (r.ec != std::errc{} || (*first == '0' && r.ptr != first + 1))
            return std::nullopt;
        at = r.ptr;
    }
    if (at != end) return std::nullopt;
    return boost::asio::ip::address_v4{bytes};
}

std::string dotted(const boost::asio::ip::address_v4& a) {
    std::array<char, 16> text;
    auto* at = text.data();
    for (const auto byte : a.to_bytes()) {
        if (at != text.data()) *at++ = '.';
        at = std::to_chars(at, text.data() + text.size(), byte).ptr;
    }
    return {text.data(), at};
}

[[noreturn]] void throw_other_version(const char* expected) {
    failure f{boost::asio::error::address_family_not_supported};
    f.expected = expected;
    throw f;
}

} // namespace

address address::parse(const std::string& text, const char* argument) {
    if (const auto v4 = dotted(text)) return address{*v4};
    const auto a = numeric_address(text);
    if (!a) {
        throw_invalid_argument(argument,
                               text.find('%') == text.npos
                                   ? "an IP address"
                                   : "an IP address whose zone is known here");
    }
    return address{*a};
}

std::string address::to_string() const {
    return is_v4() ? dotted(address_.to_v4()) : address_.to_string();
}

boost::asio::ip::address_v6 address::v6() const {
    if (!address_.is_v6()) throw_other_version("an IPv6 address");
    return address_.to_v6();
}

void address::set_scope_id(std::uint32_t id) {
    auto a = v6();
    a.scope_id(id);
    address_ = a;
}

address address::to_v4() const {
    const auto a = v6();
    if (!a.is_v4_mapped())
        throw_other_version("an IPv6 address that maps an IPv4 one");
    return address{
        boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, a)};
}

address address::to_v6() const {
    if (!address_.is_v4()) throw_other_version("an IPv4 address");
    return address{boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped,
                                                    address_.to_v4())};
}

address to_address(const address_argument& a, const char* argument) {
    if (auto* text = std::get_if<std::string>(&a))
        return address::parse(*text, argument);
    return std::get<address>(a);
}

} // namespace emilua::ip

namespace emilua {

ip::address wire_traits<ip::address>::from_wire(const value& v) {
    auto* text = v.as<std::string>();
    if (!text) detail::refuse("an IP address");
    return ip::address::parse(*text, "address");
}

} // namespace emilua
