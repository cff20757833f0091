// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/io_descriptor.hpp"

#include <emilua/describe.hpp>

#include <array>

namespace emilua::socket {

/// What the system takes for an option that is a number.
using option_integer = ranged<0, std::numeric_limits<int>::max()>;

/// How long close(2) may linger.
using seconds = ranged<0, 65535>;

/// What close(2) does with data that has not been sent.
struct linger_option {
    bool enabled = false;
    seconds timeout = {0};

    friend bool operator==(const linger_option&,
                           const linger_option&) = default;
};

} // namespace emilua::socket

namespace emilua {

template <> struct fields_of<socket::linger_option> {
    using o = socket::linger_option;
    static constexpr auto name = "linger";
    static constexpr field_description items[] = {
        field<&o::enabled>("enabled", "Whether close waits at all."),
        field<&o::timeout>("timeout", "How long, in seconds.",
                           presence::optional),
    };
};

} // namespace emilua

namespace emilua::socket {

enum class option_kind {
    boolean,
    integer,
    linger,
    /// An address that is joined or left.
    membership,
    /// An address, or an interface's number.
    interface,
    /// Who the peer is.
    credentials,
    /// What a security module calls the peer.
    label,
    /// Of the object itself; the system does not know it.
    own,
};

enum class option_access { read_write, write_only, read_only };

/// Where the system keeps an option. A `v6_level` of 0 means that it does not
/// depend on the version of IP.
struct option_place {
    int level = 0;
    int name = 0;
    int v6_level = 0;
    int v6_name = 0;
};

/// One option: a line in the table of a class of sockets. The tables are all
/// there is to an option; an enum whose values are indexes into one gives the
/// names, in this order, to programs.
struct option {
    const char* name;
    option_kind kind;
    option_place place;
    const char* doc;
    option_access access = option_access::read_write;
};

/// The type of an option's value, of those that need nothing of a module.
constexpr const type* value_type(option_kind kind) noexcept {
    switch (kind) {
    case option_kind::integer:
        return &type_of<option_integer>();
    case option_kind::linger:
        return &type_of<linger_option>();
    default:
        return &type_of<bool>();
    }
}

/// Base of `enum_names<E>`: the names of the options of `Table` that can be
/// set, or of those that can be read.
template <class E, const auto& Table, bool Readable = false,
          const type* (*Type)(option_kind) = value_type>
struct option_names {
    static constexpr const auto& table = Table;

    static constexpr auto items = [] {
        constexpr auto listed = [](const option& o) {
            return o.access == option_access::read_write ||
                   Readable == (o.access == option_access::read_only);
        };
        constexpr std::size_t count = [=] {
            std::size_t n = 0;
            for (const auto& o : Table) n += listed(o);
            return n;
        }();
        std::array<enum_item<E>, count> r{};
        std::size_t to = 0;
        for (std::size_t i = 0; i < std::size(Table); ++i) {
            if (listed(Table[i]))
                r[to++] = {Table[i].name, static_cast<E>(i), Table[i].doc,
                           Type(Table[i].kind)};
        }
        return r;
    }();
};

/// The line that `e` stands for.
template <class E> constexpr const option& line_of(E e) noexcept {
    return enum_names<E>::table[static_cast<std::size_t>(e)];
}

/// The option of this name, for what is written in C++.
template <class E> consteval E option_named(std::string_view name) {
    for (const auto& i : enum_names<E>::items)
        if (name == i.name) return i.value;
    throw "no option has that name";
}

using option_value = std::variant<bool, std::int64_t, linger_option>;
/// That of the option of `E` that another argument names.
template <class E> using value_of = named_by<E, option_value>;

/// For booleans, integers and linger. Throw `failure`; `set_option` EINVAL for
/// "val" when `v` is of another kind.
option_value get_option(const io_descriptor& d, const option& o);
void set_option(io_descriptor& d, const option& o, const option_value& v);

/// Finds out what a socket that was opened elsewhere does when it is closed.
void look_for_linger(io_descriptor& d) noexcept;

} // namespace emilua::socket
