// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/socket/options.hpp"

#include <sys/socket.h>

namespace emilua::socket {
namespace {

template <class T> T get(const io_descriptor& d, int level, int name) {
    T v{};
    socklen_t size = sizeof(v);
    if (::getsockopt(d.get(), level, name, &v, &size) != 0)
        throw_errno("getsockopt");
    return v;
}

template <class T>
void set(const io_descriptor& d, const option_place& p, const T& v,
         const char* invalid = nullptr) {
    if (::setsockopt(d.get(), p.level, p.name, &v, sizeof(v)) != 0)
        throw_errno("setsockopt", errno == EINVAL ? invalid : nullptr);
}

option_place place_for(const io_descriptor& d, option_place p) {
    if (p.v6_level == 0 || get<int>(d, SOL_SOCKET, SO_DOMAIN) == AF_INET)
        return p;
    return {p.v6_level, p.v6_name};
}

} // namespace

option_value get_option(const io_descriptor& d, const option& o) {
    const auto [level, name, v6_level, v6_name] = place_for(d, o.place);
    if (o.kind == option_kind::linger) {
        const auto l = get<linger>(d, level, name);
        return linger_option{l.l_onoff != 0, {l.l_linger}};
    }
    const int v = get<int>(d, level, name);
    if (o.kind == option_kind::boolean) return v != 0;
    return std::int64_t{v};
}

void set_option(io_descriptor& d, const option& o, const option_value& v) {
    const auto place = place_for(d, o.place);
    if (o.kind == option_kind::linger) {
        auto* wanted = std::get_if<linger_option>(&v);
        if (!wanted) throw_invalid_argument("val", "{ enabled, timeout }");
        const auto seconds = static_cast<int>(wanted->timeout.value);
        set(d, place, linger{wanted->enabled, seconds});
        return d.may_linger(wanted->enabled && seconds > 0);
    }
    if (o.kind == option_kind::boolean) {
        auto* b = std::get_if<bool>(&v);
        if (!b) throw_invalid_argument("val", "a boolean");
        return set(d, place, int{*b});
    }
    auto* n = std::get_if<std::int64_t>(&v);
    if (!n || *n < 0 || *n > std::numeric_limits<int>::max())
        throw_invalid_argument("val", "an integer from 0 to 2147483647");
    set(d, place, static_cast<int>(*n), "val");
}

void look_for_linger(io_descriptor& d) noexcept {
    linger l{};
    socklen_t size = sizeof(l);
    if (::getsockopt(d.get(), SOL_SOCKET, SO_LINGER, &l, &size) == 0)
        d.may_linger(l.l_onoff != 0 && l.l_linger > 0);
}

} // namespace emilua::socket
