// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/egress.hpp"

#include <emilua/unique_descriptor.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <memory>

#include <boost/asio/ip/udp.hpp>
#include <sys/socket.h>

namespace emilua::sandbox {

namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;

address_v6::bytes_type bytes_of(const egress_rules::address& a) {
    return a.is_v6() ? a.to_v6().to_bytes()
                     : boost::asio::ip::make_address_v6(
                           boost::asio::ip::v4_mapped, a.to_v4())
                           .to_bytes();
}

template <class T> bool parse_number(std::string_view text, T& to) {
    const auto [end, e] =
        std::from_chars(text.data(), text.data() + text.size(), to);
    return e == std::errc{} && end == text.data() + text.size();
}

bool is_name(std::string_view n) {
    // The longest that a name server takes.
    if (n.empty() || n.size() > 253) return false;
    for (std::size_t at = 0; at <= n.size();) {
        const auto dot = std::min(n.find('.', at), n.size());
        if (dot == at || dot - at > 63) return false;
        at = dot + 1;
    }
    return std::all_of(n.begin(), n.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    });
}

bool is_link_local(const egress_rules::address& a) {
    if (a.is_v6()) return a.to_v6().is_link_local();
    const auto b = a.to_v4().to_bytes();
    return b[0] == 169 && b[1] == 254;
}

/// Whether this machine has it, as its kernel says: what goes there does not
/// leave it. Nothing is sent.
bool is_own(const egress_rules::address& a) {
    namespace ip = boost::asio::ip;
    const ip::udp::endpoint to{a, 9};
    const unique_descriptor s{
        ::socket(to.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    if (!s ||
        ::connect(s.get(), to.data(), static_cast<socklen_t>(to.size())) == -1)
        return false;
    ip::udp::endpoint from;
    auto size = static_cast<socklen_t>(from.capacity());
    if (::getsockname(s.get(), from.data(), &size) == -1) return false;
    from.resize(size);
    return from.address() == a;
}

/// Where it really is, if it is there.
std::string real_path(const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> r{
        ::realpath(path.c_str(), nullptr), std::free};
    return r ? r.get() : path;
}

} // namespace

bool egress_rules::name::has(std::string_view n) const noexcept {
    if (pattern.empty()) return true;
    if (pattern.front() != '.') return n == pattern;
    return n.size() > pattern.size() && n.ends_with(pattern);
}

std::string egress_rules::normal(std::string_view name) {
    std::string r{name};
    if (r.ends_with('.')) r.pop_back();
    for (char& c : r)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return r;
}

egress_rules::address egress_rules::normal(const address& a) {
    if (a.is_v6()) {
        const auto v6 = a.to_v6();
        if (v6.is_v4_mapped())
            return normal(address{boost::asio::ip::make_address_v4(
                boost::asio::ip::v4_mapped, v6)});
        return v6.is_unspecified() ? address{address_v6::loopback()} : a;
    }
    return a.is_unspecified() ? address{address_v4::loopback()} : a;
}

bool egress_rules::may_be_named(const address& given) {
    const auto a = normal(given);
    return !a.is_loopback() && !is_link_local(a) && !a.is_multicast() &&
           !is_own(a);
}

bool egress_rules::parse(std::string_view text, ports& to) {
    if (text == "*") {
        to = {1, 65535};
        return true;
    }
    const auto dash = text.find('-');
    if (!parse_number(text.substr(0, dash), to.first)) return false;
    if (dash == text.npos)
        to.last = to.first;
    else if (!parse_number(text.substr(dash + 1), to.last))
        return false;
    return to.first >= 1 && to.first <= to.last;
}

bool egress_rules::add_block(std::string_view host, bool v6, ports on) {
    const auto slash = host.find('/');
    boost::system::error_code ec;
    const auto a =
        boost::asio::ip::make_address(std::string{host.substr(0, slash)}, ec);
    if (ec || a.is_v6() != v6) return false;
    const unsigned most = v6 ? 128 : 32;
    unsigned prefix = most;
    if (slash != host.npos &&
        (!parse_number(host.substr(slash + 1), prefix) || prefix > most))
        return false;
    const auto base = slash == host.npos ? normal(a) : a;
    blocks_.push_back(
        {bytes_of(base), prefix + (128 - most), base.is_v6(), on});
    return true;
}

bool egress_rules::add(std::string_view text) {
    if (text.starts_with('/')) {
        std::string path{text};
        while (path.size() > 1 && path.ends_with('/')) path.pop_back();
        paths_.push_back(real_path(path));
        return path.find('\0') == path.npos;
    }
    const auto colon = text.rfind(':');
    ports on;
    if (colon == text.npos || !parse(text.substr(colon + 1), on)) return false;
    auto host = text.substr(0, colon);
    if (host.starts_with('[')) {
        if (!host.ends_with(']')) return false;
        return add_block(host.substr(1, host.size() - 2), true, on);
    }
    // Of numbers that are none, as "10.0.0.300", no name is made either.
    if (host.find_first_not_of("0123456789./") == host.npos)
        return add_block(host, false, on);
    auto n = normal(host);
    if (n == "localhost")
        return add_block("127.0.0.1", false, on) && add_block("::1", true, on);
    const bool below = n.starts_with("*.");
    if (host == "*")
        n.clear();
    else if (!is_name(below ? std::string_view{n}.substr(2) : n))
        return false;
    names_.push_back({below ? n.substr(1) : n, on});
    return true;
}

bool egress_rules::block::has(const address& a) const {
    const auto n = normal(a);
    if (n.is_v6() != v6) return false;
    const auto other = bytes_of(n);
    const auto whole = prefix / 8, rest = prefix % 8;
    if (!std::equal(bytes.begin(), bytes.begin() + whole, other.begin()))
        return false;
    return rest == 0 || (bytes[whole] ^ other[whole]) >> (8 - rest) == 0;
}

bool egress_rules::has_block_of(const address& a) const {
    return std::any_of(blocks_.begin(), blocks_.end(),
                       [&](const block& b) { return b.has(a); });
}

bool egress_rules::allows(const address& a, std::uint16_t port) const {
    for (const auto& b : blocks_)
        if (b.on.has(port) && b.has(a)) return true;
    return std::any_of(names_.begin(), names_.end(),
                       [&](const name& n) {
                           return n.pattern.empty() && n.on.has(port);
                       }) &&
           may_be_named(a);
}

bool egress_rules::allows(std::string_view n, std::uint16_t port) const {
    return std::any_of(names_.begin(), names_.end(), [&](const name& rule) {
        return rule.on.has(port) && rule.has(n);
    });
}

bool egress_rules::allows(std::string_view n) const {
    return std::any_of(names_.begin(), names_.end(),
                       [&](const name& rule) { return rule.has(n); });
}

bool egress_rules::has_names() const noexcept {
    return std::any_of(names_.begin(), names_.end(),
                       [](const name& n) { return !n.pattern.empty(); });
}

bool egress_rules::allows_path(std::string_view path) const {
    return std::any_of(paths_.begin(), paths_.end(), [&](const auto& p) {
        return path == p || p == "/" ||
               (path.size() > p.size() && path.starts_with(p) &&
                path[p.size()] == '/');
    });
}

} // namespace emilua::sandbox
