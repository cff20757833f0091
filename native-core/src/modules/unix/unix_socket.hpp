// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/socket/socket_object.hpp"
#include "modules/unix/name.hpp"

/// What sockets and acceptors of every kind do with their names.

namespace emilua::unix {

using socket::file_descriptor;
using socket::socket_kind;

void open_unix_socket(io_descriptor& d, socket_kind kind);
/// Opens a closed one. An empty path lets the system choose a name.
void bind_unix_socket(io_descriptor& d, socket_kind kind, const operand& to);
/// Opens a closed one. Never waits.
error_code connect_unix_socket(io_descriptor& d, socket_kind kind,
                               const name& to);
void disconnect_unix_socket(const io_descriptor& d);
name local_name(const io_descriptor& d);
name remote_name(const io_descriptor& d);
std::pair<unique_descriptor, unique_descriptor> socket_pair(socket_kind kind);

/// Adds names to `Base`, a `socket_object`.
template <class Base, socket_kind Kind> class named : public Base {
public:
    static constexpr auto kind = Kind;

    using Base::Base;
    named(vm& owner, std::optional<consumed<file_descriptor>> fd)
        : Base{owner} {
        if (fd) assign(*fd);
    }

    void open() { open_unix_socket(this->io_, Kind); }
    void bind(const operand& pathname) {
        bind_unix_socket(this->io_, Kind, pathname);
    }
    /// Takes `fd` if it is a socket of that kind; otherwise throws, and the
    /// caller keeps it.
    void assign(consumed<file_descriptor> fd) {
        socket::assign(this->io_, socket::socket_family::unix_, Kind, *fd);
    }
    path local_path() const { return local_name(this->io_).to_path(); }
};

/// Adds a peer to `Base`.
template <class Base, socket_kind Kind>
class connectable : public named<Base, Kind> {
public:
    using named<Base, Kind>::named;

    void connect(const operand& pathname, handler<> h) {
        if (const auto ec = connect_to(name::of(pathname, "pathname")))
            h.fail(ec, "connect");
        else
            h({});
    }
    error_code connect_to(const name& to) {
        return connect_unix_socket(this->io_, Kind, to);
    }
    void disconnect() { disconnect_unix_socket(this->io_); }
    path remote_path() const { return remote_name(this->io_).to_path(); }
};

} // namespace emilua::unix
