// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/unix/options.hpp"

namespace emilua::unix {
namespace {

credentials remote_credentials(const io_descriptor& d) {
    ucred c{};
    socklen_t size = sizeof(c);
    if (::getsockopt(d.get(), SOL_SOCKET, SO_PEERCRED, &c, &size) != 0)
        throw_errno("getsockopt");
    // What nobody has: there is no peer.
    if (c.uid == static_cast<uid_t>(-1))
        throw failure{error_code{ENOTCONN, boost::system::system_category()},
                      "getsockopt"};
    return {c.uid, {c.gid}, c.pid};
}

std::string remote_label(const io_descriptor& d) {
    std::string label(256, '\0');
    for (;;) {
        auto size = static_cast<socklen_t>(label.size());
        if (::getsockopt(d.get(), SOL_SOCKET, SO_PEERSEC, label.data(),
                         &size) == 0) {
            label.resize(size);
            if (label.ends_with('\0')) label.pop_back();
            return label;
        }
        if (errno != ERANGE || size <= label.size()) throw_errno("getsockopt");
        label.resize(size);
    }
}

} // namespace

void set_option(io_descriptor& d, const socket::option& o,
                const option_value& v) {
    std::visit([&](auto value) { socket::set_option(d, o, value); }, v);
}

state_value get_option(const io_descriptor& d, const socket::option& o) {
    if (o.kind == kind::credentials) return remote_credentials(d);
    if (o.kind == kind::label) return remote_label(d);
    const auto v = socket::get_option(d, o);
    if (auto* b = std::get_if<bool>(&v)) return *b;
    return std::get<std::int64_t>(v);
}

} // namespace emilua::unix
