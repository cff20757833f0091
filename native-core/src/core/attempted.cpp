// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/attempted.hpp"

#include "core/error_names.hpp"
#include "core/user_category.hpp"

#include <boost/asio/ip/address.hpp>

#include <charconv>
#include <cstring>

namespace emilua {
namespace {

bool is_path(const type* t) noexcept {
    if (!t) return false;
    if (t->kind == type_kind::one_of || t->kind == type_kind::optional) {
        if (t->element && is_path(t->element)) return true;
        for (const auto* a : t->alternatives)
            if (is_path(a)) return true;
    }
    return t->kind == type_kind::object && t->cls && is_path(*t->cls);
}

std::optional<int> to_port(std::string_view text) {
    int port = 0;
    const auto* end = text.data() + text.size();
    const auto r = std::from_chars(text.data(), end, port);
    if (r.ec != std::errc{} || r.ptr != end) return {};
    return port;
}

bool has_peer(std::string_view syscall) noexcept {
    return syscall.starts_with("recv") || syscall.starts_with("send") ||
           syscall == "connect";
}

// Of a UNIX socket it is a path.
bool is_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == text.npos || !to_port(text.substr(colon + 1))) return false;
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    error_code ec;
    boost::asio::ip::make_address(host, ec);
    return !ec;
}

std::string endpoint_of(const attempt& a) {
    const auto& host = a.address.empty() ? a.host : a.address;
    const auto port = a.port ? std::to_string(*a.port) : a.service;
    if (port.empty()) return host;
    const bool v6 = host.find(':') != host.npos;
    return (v6 ? '[' + host + ']' : host) + ':' + port;
}

} // namespace

bool is_path(const class_description& cls) noexcept {
    return cls.name && std::strcmp(cls.name, "path") == 0;
}

attempted attempted_by(std::span<const parameter> parameters,
                       std::size_t i) noexcept {
    const auto& p = parameters[i];
    if (is_path(p.what)) {
        for (std::size_t j = 0; j < i; ++j)
            if (is_path(parameters[j].what)) return attempted::destination;
        return attempted::path;
    }
    const std::string_view name = p.name;
    if (name == "addr" || name == "remote_addr") return attempted::address;
    if (name == "port" || name == "remote_port") return attempted::port;
    if (name == "host") return attempted::host;
    if (name == "service") return attempted::service;
    if (name == "ep") return attempted::endpoint;
    if (name == "program" || name == "device") return attempted::path;
    return attempted::nothing;
}

void attempt::add(attempted what, std::string_view text) {
    switch (what) {
    case attempted::nothing:
        break;
    case attempted::address:
        address = text;
        break;
    case attempted::port:
        port = to_port(text);
        break;
    case attempted::host: {
        error_code ec;
        boost::asio::ip::make_address(text, ec);
        (ec ? host : address) = text;
        break;
    }
    case attempted::service:
        port = to_port(text);
        if (!port) service = text;
        break;
    case attempted::endpoint: {
        const auto colon = text.rfind(':');
        if (colon == text.npos) break;
        add(attempted::service, text.substr(colon + 1));
        auto name = text.substr(0, colon);
        if (name.starts_with('[') && name.ends_with(']'))
            name = name.substr(1, name.size() - 2);
        add(attempted::host, name);
        break;
    }
    case attempted::path:
        path = text;
        break;
    case attempted::destination:
        destination = text;
        break;
    }
}

void attempt::add_told(std::span<const parameter> parameters,
                       std::string_view syscall, std::string_view text) {
    auto what = has_peer(syscall) && is_endpoint(text) ? attempted::endpoint
                                                       : attempted::path;
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (attempted_by(parameters, i) == attempted::endpoint)
            what = attempted::endpoint;
    add(what, text);
}

std::string tell(const error_code& ec, std::string_view syscall,
                 const attempt& a) {
    std::string s;
    if (a.path) {
        s = code_name(ec) + ": " + ec.message() + ", ";
        s += syscall;
        s += " '" + *a.path + '\'';
        if (a.destination) s += " -> '" + *a.destination + '\'';
        return s;
    }
    s = syscall;
    s += ' ' + code_name(ec);
    const auto where = endpoint_of(a);
    if (!where.empty()) s += ' ' + where;
    if (!a.address.empty() && !a.host.empty()) s += " (" + a.host + ')';
    return s;
}

std::string code_name(const error_code& ec) {
    const auto upper_case = [](std::string_view text) {
        std::string s{text};
        for (char& c : s)
            if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        return s;
    };
    const auto& category = ec.category();
    if (category == boost::system::system_category() ||
        category == boost::system::generic_category()) {
        if (const char* name = ::strerrorname_np(ec.value())) return name;
    } else if (const auto* own = as_user_category(category)) {
        const auto* e = own->find(ec.value());
        if (e && !e->aliases.empty()) return e->aliases.front();
    } else if (const auto* naming =
                   dynamic_cast<const naming_category*>(&category)) {
        return naming->code_name(ec.value());
    } else {
        for (const auto& group : asio_error_names())
            for (const auto& item : group.items)
                if (item.code == ec) return upper_case(item.name);
    }
    return upper_case(category.name()) + "_" + std::to_string(ec.value());
}

} // namespace emilua
