// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/descriptor_object.hpp"
#include "modules/libc_service/calls.hpp"
#include "modules/unix/rights.hpp"

#include <memory>

namespace emilua::libc_service {

using file_descriptor::file_descriptor;

/// A call that waits for its answer, which goes to a socket of its own.
struct asked {
    std::unique_ptr<request> what;
    unique_descriptor answer;
    std::vector<file_descriptor> descriptors;
};

/// Where calls come in and are answered.
class master : public descriptor_object {
public:
    master(vm& owner, unique_descriptor fd);

    void close();
    void receive(handler<> h);
    void send(const result& r, const std::optional<error_number>& error);
    void send_with_fds(const result& r, unix::lent_descriptors fds,
                       const std::optional<error_number>& error);
    void use_slave_credentials();
    std::vector<lua_argument> lua_arguments() const;
    std::vector<typescript_argument> typescript_arguments() const;
    std::vector<file_descriptor> descriptors();
    std::optional<function> name() const noexcept;

private:
    void answer(const reply& r, std::span<const int> fds);
    const request& current() const;
    const asked& unanswered() const;

    asked current_;
};

/// What a program is given, for its calls to go through.
class slave {
public:
    slave(unique_descriptor fd, unique_descriptor peer);

    std::string filter(function what) const;
    void set_filter(function what, std::optional<std::string> source);
    /// Throws EBADF when it was handed on, or closed.
    int get() const;
    /// The same, for a program that is started with it: its filters are final.
    int lend();
    /// Hands it on.
    unique_descriptor take();
    file_descriptor release() { return file_descriptor{take()}; }
    bool is_open() const noexcept { return static_cast<bool>(fd_); }
    void close();

private:
    void write_filters(const std::map<function, std::string>& filters);

    unique_descriptor fd_;
    /// Of the master: filters lie in the socket for every process to read.
    unique_descriptor peer_;
    std::map<function, std::string> filters_;
    bool lent_ = false;
};

std::tuple<master, slave> make(vm& owner);

/// The variables with which a program finds the descriptor of that number.
std::map<std::string, std::string> environment(ranged<3, 2147483647> fd);

} // namespace emilua::libc_service

template <> struct emilua::described_in<emilua::libc_service::master> {
    static constexpr auto module = "libc_service";
};
template <> struct emilua::described_in<emilua::libc_service::slave> {
    static constexpr auto module = "libc_service";
};
