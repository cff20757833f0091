// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/ip/dial.hpp"
#include "test_vm.hpp"

#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

/// What the tests of sockets share.

namespace emilua::test {

using namespace ip;

inline std::size_t open_descriptors() {
    std::size_t n = 0;
    for ([[maybe_unused]] auto& e :
         std::filesystem::directory_iterator{"/proc/self/fd"})
        ++n;
    return n;
}

inline mutable_bytes writable(std::string& s) { return {s.data(), s.size()}; }
inline const_bytes readable(std::string_view s) {
    return {const_cast<char*>(s.data()), s.size()};
}

/// A listening acceptor on a port of the system's choice.
inline tcp_acceptor listen_anywhere(test_vm& v) {
    pending<tcp_acceptor> op{v};
    listen_tcp(v, "127.0.0.1:0", op.completion());
    op.wait();
    return std::move(op.value());
}

struct connection {
    tcp_socket client, server;
};

inline connection connect_to(test_vm& v, tcp_acceptor& a) {
    pending<tcp_socket> accepted{v};
    a.accept(accepted.completion());
    pending<tcp_socket> dialed{v};
    dial_tcp(v, "127.0.0.1:" + std::to_string(a.local_port()),
             dialed.completion());
    dialed.wait();
    accepted.wait();
    return {std::move(dialed.value()), std::move(accepted.value())};
}

inline connection connected_pair(test_vm& v) {
    auto a = listen_anywhere(v);
    return connect_to(v, a);
}

/// Reads once, and gives the data or the error's message in brackets.
inline std::string read_once(test_vm& v, tcp_socket& s, std::size_t size = 64) {
    std::string buffer(size, '\0');
    pending<std::size_t> op{v};
    s.read_some(writable(buffer), op.completion());
    op.wait();
    if (op.error()) return "[" + op.error().message() + "]";
    buffer.resize(op.value());
    return buffer;
}

inline std::size_t write_once(test_vm& v, tcp_socket& s,
                              std::string_view data) {
    pending<std::size_t> op{v};
    s.write_some(readable(data), op.completion());
    op.wait();
    return op.error() ? 0 : op.value();
}

} // namespace emilua::test
