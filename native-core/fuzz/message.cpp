// SPDX-License-Identifier: MIT OR BSL-1.0
// Messages of actors, on both sides: what comes from anybody is taken whole or
// refused, and what was taken or made of anything goes over and comes back.
#include "sandbox/message.hpp"
#include "../test/raw_message.hpp"

#include <cmath>
#include <cstring>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace emilua;
using namespace emilua::sandbox;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

struct sockets {
    sockets() {
        require(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) ==
                0);
        require(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
                             along) == 0);
        file = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        int pair[2];
        require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) ==
                0);
        stream = pair[0];
    }
    int ends[2], along[2];
    int file, stream;
};

void send_raw(const sockets& s, const std::uint8_t* bytes, std::size_t size,
              const std::vector<int>& fds) {
    require(test::send_raw(s.ends[0], bytes, size, fds));
}

bool same(const message::leaf& a, const message::leaf& b) {
    if (a.index() != b.index()) return false;
    if (const auto* const x = std::get_if<double>(&a))
        return std::isnan(*x) ? std::isnan(std::get<double>(b))
                              : *x == std::get<double>(b);
    if (const auto* const x = std::get_if<handle>(&a))
        return x->is_address == std::get<handle>(b).is_address;
    return a == b;
}

void goes_over(const sockets& s, const message& m) {
    require(!write_message(s.ends[0], m));
    message back;
    require(read_message(s.ends[1], back) == reading::message);
    require(back.is_dictionary == m.is_dictionary &&
            back.members.size() == m.members.size());
    for (std::size_t i = 0; i < m.members.size(); ++i)
        require(back.members[i].first == m.members[i].first &&
                same(back.members[i].second, m.members[i].second));
}

/// A good message of which the last bytes of the fuzzer change some.
void spoil(const sockets& s, const message& m, const std::uint8_t* data,
           std::size_t size) {
    require(!write_message(s.ends[0], m));
    static std::uint8_t bytes[1 << 16];
    const auto n = ::recv(s.ends[1], bytes, sizeof(bytes), 0);
    require(n > 0);
    std::vector<int> fds;
    for (const auto& [key, value] : m.members)
        if (const auto* const h = std::get_if<handle>(&value))
            fds.push_back(h->fd);
    for (std::size_t i = 0; i < 4 && size >= 3; ++i, size -= 3) {
        const auto at = data[size - 1] | data[size - 2] << 8;
        bytes[at % n] ^= data[size - 3];
    }
    send_raw(s, bytes, static_cast<std::size_t>(n), fds);
    message spoilt;
    if (read_message(s.ends[1], spoilt) == reading::message)
        goes_over(s, spoilt);
}

/// Words of the fuzzer, one after the other; zero when there are no more.
struct words {
    const std::uint8_t* at;
    std::size_t left;

    std::uint8_t byte() {
        if (left == 0) return 0;
        --left;
        return *at++;
    }
    std::string text(std::size_t size) {
        std::string r;
        while (r.size() < size) r += static_cast<char>(byte());
        return r;
    }
};

/// Whatever a program may send.
message made_of(words w, const sockets& s) {
    message m;
    m.is_dictionary = w.byte() % 2;
    const std::size_t count = m.is_dictionary ? 1 + w.byte() % most_members : 1;
    for (std::size_t i = 0; i < count; ++i) {
        std::string key;
        if (m.is_dictionary)
            key = std::string{static_cast<char>(i)} + w.text(w.byte() % 20);
        message::leaf value;
        // Null is for members alone.
        switch (w.byte() % (m.is_dictionary ? 6 : 5)) {
        case 0:
            value = w.byte() % 2 == 0;
            break;
        case 1: {
            double d;
            std::memcpy(&d, w.text(sizeof(d)).data(), sizeof(d));
            value = d;
            break;
        }
        case 2:
            value = w.text(w.byte());
            break;
        case 3:
            value = handle{false, s.file};
            break;
        case 4:
            value = handle{true, s.along[0]};
            break;
        default:
            value = message::null{};
        }
        m.members.emplace_back(std::move(key), std::move(value));
    }
    return m;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
    static const sockets s;
    if (size < 2) return 0;
    const auto with = data[0];
    ++data, --size;
    if (with & 0x80) {
        const auto m = made_of({data, size}, s);
        goes_over(s, m);
        if (with & 0x40) spoil(s, m, data, size);
        return 0;
    }
    std::vector<int> fds;
    for (int i = 0; i < (with & 0x1f); ++i)
        fds.push_back(with & 0x20   ? s.file
                      : with & 0x40 ? s.stream
                                    : s.along[i % 2]);
    send_raw(s, data, size, fds);
    message m;
    if (read_message(s.ends[1], m) == reading::message) goes_over(s, m);
    return 0;
}
