// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace emilua::ip {

/// An IPv4 or IPv6 address, as programs see it.
class address {
public:
    address() = default;
    explicit address(boost::asio::ip::address a) noexcept
        : address_{std::move(a)} {}
    /// Throws EINVAL for `argument` when `text` is no address.
    static address parse(const std::string& text, const char* argument);

    const boost::asio::ip::address& get() const noexcept { return address_; }
    int family() const noexcept { return is_v4() ? AF_INET : AF_INET6; }

    bool is_loopback() const { return address_.is_loopback(); }
    bool is_multicast() const { return address_.is_multicast(); }
    bool is_unspecified() const { return address_.is_unspecified(); }
    bool is_v4() const noexcept { return address_.is_v4(); }
    bool is_v6() const noexcept { return address_.is_v6(); }
    bool is_link_local() const { return v6().is_link_local(); }
    bool is_multicast_global() const { return v6().is_multicast_global(); }
    bool is_multicast_link_local() const {
        return v6().is_multicast_link_local();
    }
    bool is_multicast_node_local() const {
        return v6().is_multicast_node_local();
    }
    bool is_multicast_org_local() const {
        return v6().is_multicast_org_local();
    }
    bool is_multicast_site_local() const {
        return v6().is_multicast_site_local();
    }
    bool is_site_local() const { return v6().is_site_local(); }
    bool is_v4_mapped() const { return v6().is_v4_mapped(); }
    std::uint32_t scope_id() const {
        return static_cast<std::uint32_t>(v6().scope_id());
    }
    void set_scope_id(std::uint32_t id);

    address to_v4() const;
    address to_v6() const;
    std::string to_string() const;

    std::size_t hash() const noexcept {
        return is_v4() ? address_.to_v4().to_uint()
                       : std::hash<boost::asio::ip::address>{}(address_);
    }
    /// In place, as `set_scope_id` does.
    bool can_change() const noexcept { return is_v6(); }
    bool is_same(const address& o) const { return equals(o); }
    bool equals(const address& o) const { return address_ == o.address_; }
    bool less(const address& o) const { return address_ < o.address_; }
    bool less_or_equal(const address& o) const {
        return address_ <= o.address_;
    }

private:
    boost::asio::ip::address_v6 v6() const;

    boost::asio::ip::address address_;
};

/// An address as a program may give it: an object or its text.
using address_argument = std::variant<address, std::string>;

/// Throws EINVAL for `argument` when it is text but no address.
address to_address(const address_argument& a, const char* argument);

inline boost::asio::ip::tcp::endpoint to_endpoint(const address& a,
                                                  port_number port) {
    return {a.get(), static_cast<std::uint16_t>(port.value)};
}

} // namespace emilua::ip

namespace emilua {

template <> struct described_in<ip::address> {
    static constexpr auto module = "ip";
};

template <> struct wire_traits<ip::address> {
    static value to_wire(const ip::address& a) { return a.to_string(); }
    static ip::address from_wire(const value& v);
};

} // namespace emilua
