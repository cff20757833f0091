// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <boost/asio/ip/address.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emilua::sandbox {

/// Where a guest may connect to, by name, number and path.
class egress_rules {
public:
    using address = boost::asio::ip::address;

    /// Adds "HOST:PORT" or the path of a UNIX socket. False if it is neither.
    ///
    /// HOST is a name, "*.NAME" for all names below, an IPv4 address or a block
    /// of them ("10.0.0.0/8"), an IPv6 address or block between brackets, or
    /// "*". PORT is a number, "FIRST-LAST" or "*". A path begins with a slash,
    /// and may be a folder: then all sockets below are meant.
    bool add(std::string_view text);

    /// Whether a rule about numbers has it. "*" has none of this machine or
    /// this link: those have to be written out.
    bool allows(const address& a, std::uint16_t port) const;
    bool allows(std::string_view name, std::uint16_t port) const;
    /// On any port.
    bool allows(std::string_view name) const;
    bool allows_path(std::string_view path) const;
    /// Whether its number is written out, for any port.
    bool has_block_of(const address& a) const;

    /// Whether a name can stand for this address: names of others must not
    /// lead to what listens on this machine or this link.
    static bool may_be_named(const address& a);
    /// As rules have it: small letters, and no dot at the end.
    static std::string normal(std::string_view name);
    /// An IPv4 address is one in IPv6 clothes, too; any of this machine's is
    /// its loopback.
    static address normal(const address& a);

    /// Whether there are names to be resolved: "*" needs none.
    bool has_names() const noexcept;
    const std::vector<std::string>& paths() const noexcept { return paths_; }

private:
    struct ports {
        std::uint16_t first = 0, last = 0;
        bool has(std::uint16_t p) const noexcept {
            return first <= p && p <= last;
        }
    };
    struct block {
        std::array<unsigned char, 16> bytes;
        unsigned prefix;
        bool v6;
        ports on;
        bool has(const address& a) const;
    };
    /// "" stands for every name, ".example.org" for those below.
    struct name {
        std::string pattern;
        ports on;
        bool has(std::string_view n) const noexcept;
    };

    static bool parse(std::string_view text, ports& to);
    bool add_block(std::string_view host, bool v6, ports on);

    std::vector<block> blocks_;
    std::vector<name> names_;
    std::vector<std::string> paths_;
};

} // namespace emilua::sandbox
