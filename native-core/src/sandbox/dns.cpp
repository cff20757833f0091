// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/dns.hpp"

namespace emilua::sandbox::dns {

namespace {

constexpr std::size_t header_size = 12, most = 512;
/// Of the second word of flags and counts.
constexpr unsigned is_answer = 0x8000, operation = 0x7800,
                   recursion_desired = 0x0100, recursion_available = 0x0080;
constexpr std::uint16_t internet = 1;
/// Seconds; what was answered stays allowed for longer.
constexpr unsigned life = 60;

unsigned number_at(std::string_view p, std::size_t at) {
    return static_cast<unsigned char>(p[at]) << 8 |
           static_cast<unsigned char>(p[at + 1]);
}

void put(std::string& to, unsigned n) {
    to.append(1, static_cast<char>(n >> 8 & 0xff));
    to.append(1, static_cast<char>(n & 0xff));
}

void set(std::string& p, std::size_t at, unsigned n) {
    p[at] = static_cast<char>(n >> 8 & 0xff);
    p[at + 1] = static_cast<char>(n & 0xff);
}

} // namespace

std::optional<question> read_question(std::string_view p) {
    if (p.size() < header_size) return std::nullopt;
    if ((number_at(p, 2) & (is_answer | operation)) != 0 ||
        number_at(p, 4) != 1)
        return std::nullopt;
    question q;
    auto at = header_size;
    for (;;) {
        if (at >= p.size()) return std::nullopt;
        const auto length = static_cast<unsigned char>(p[at++]);
        if (length == 0) break;
        // Longer ones are references, which a question has no use for.
        if (length > 63 || at + length > p.size()) return std::nullopt;
        if (!q.name.empty()) q.name += '.';
        q.name += p.substr(at, length);
        at += length;
        if (q.name.size() > 253) return std::nullopt;
    }
    if (at + 4 > p.size() || number_at(p, at + 2) != internet)
        return std::nullopt;
    q.type = static_cast<std::uint16_t>(number_at(p, at));
    q.packet = p.substr(0, at + 4);
    return q;
}

std::string answer(const question& q, result r,
                   std::span<const boost::asio::ip::address> addresses) {
    auto p = q.packet;
    set(p, 2,
        is_answer | (number_at(p, 2) & recursion_desired) |
            recursion_available | static_cast<unsigned>(r));
    unsigned count = 0;
    for (const auto& a : addresses) {
        const bool v6 = a.is_v6();
        if (q.type != static_cast<std::uint16_t>(v6 ? record::aaaa : record::a))
            continue;
        const std::size_t size = v6 ? 16 : 4;
        if (p.size() + 12 + size > most) break;
        put(p, 0xc000 | header_size); // the name of the question
        put(p, q.type);
        put(p, internet);
        put(p, 0);
        put(p, life);
        put(p, static_cast<unsigned>(size));
        const auto add = [&](const auto& bytes) {
            p.append(bytes.begin(), bytes.end());
        };
        v6 ? add(a.to_v6().to_bytes()) : add(a.to_v4().to_bytes());
        ++count;
    }
    set(p, 6, count);
    set(p, 8, 0);
    set(p, 10, 0);
    return p;
}

} // namespace emilua::sandbox::dns
