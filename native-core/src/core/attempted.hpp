// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/description.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

/// What a call that failed had tried. The faces read it from the arguments, and
/// only once there is an error: a success costs nothing. What is in no argument
/// the failure itself knows.

namespace emilua {

enum class attempted : std::uint8_t {
    nothing,
    address,
    port,
    host,
    /// A name, or a port.
    service,
    /// "host:port"
    endpoint,
    path,
    /// The second path.
    destination,
};

/// Whether this is the class of paths.
bool is_path(const class_description& cls) noexcept;

/// What argument `i` says about the attempt: by its type, or by its
/// name, which means the same in every module.
attempted attempted_by(std::span<const parameter> parameters,
                       std::size_t i) noexcept;

/// Fields of an error.
struct attempt {
    std::string address, host, service;
    std::optional<std::string> path, destination;
    std::optional<int> port;

    bool empty() const noexcept {
        return address.empty() && host.empty() && service.empty() && !path &&
               !destination && !port;
    }
    /// An argument, as text.
    void add(attempted what, std::string_view text);
    /// What the failure of a call with these parameters says: an endpoint
    /// where they have one, or where a connection was lost, else a path.
    void add_told(std::span<const parameter> parameters,
                  std::string_view syscall, std::string_view text);
};

/// Symbolic name of an error's number: EADDRINUSE, EOF, HOST_NOT_FOUND.
std::string code_name(const error_code& ec);

/// "connect ECONNREFUSED 127.0.0.1:1 (localhost)", "ENOENT: No such file or
/// directory, open '/x'".
std::string tell(const error_code& ec, std::string_view syscall,
                 const attempt& a);

} // namespace emilua
