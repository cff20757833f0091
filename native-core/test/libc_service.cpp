// SPDX-License-Identifier: MIT OR BSL-1.0
// What both sides make of messages that nobody of theirs has sent.
#include "libc_service/protocol.hpp"
#include "modules/libc_service/ends.hpp"
#include "raw_message.hpp"
#include "test_vm.hpp"

#include <csignal>
#include <cstdlib>
#include <netinet/in.h>
#include <random>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>

using namespace emilua;
using namespace emilua::test;
using namespace emilua::libc_service;

namespace {

int open_descriptors() {
    int n = 0;
    for (int fd = 0; fd < 1024; ++fd) n += ::fcntl(fd, F_GETFD) != -1;
    return n;
}

void send(int to, const void* bytes, std::size_t size,
          const std::vector<int>& fds) {
    CHECK(send_raw(to, bytes, size, fds));
}

struct pair_of_sockets {
    explicit pair_of_sockets(int type = SOCK_SEQPACKET) {
        CHECK(::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) == 0);
    }
    ~pair_of_sockets() {
        for (int fd : ends) ::close(fd);
    }
    pair_of_sockets(const pair_of_sockets&) = delete;
    pair_of_sockets& operator=(const pair_of_sockets&) = delete;
    int ends[2];
};

request good(function what) {
    request r;
    std::memset(r.text, 'x', sizeof(r.text));
    r.what = what;
    const auto bytes = address_size(what);
    if (bytes != 0)
        r.set_texts(std::string(bytes, '\1'), "");
    else if (what == function::rename || what == function::getaddrinfo)
        r.set_texts("one", "two");
    else
        r.set_texts("/a/path", "");
    return r;
}

int receive(test_vm& v, master& m) {
    pending<> p{v};
    m.receive(p.completion());
    p.wait();
    return p.error().value();
}

void every_function_is_received(test_vm& v) {
    auto [m, s] = make(v);
    pair_of_sockets answer;
    for (std::uint32_t i = 1; i <= last_function; ++i) {
        const auto r = good(static_cast<function>(i));
        send(s.get(), &r, r.size(), {answer.ends[1]});
        CHECK(receive(v, m) == 0);
        CHECK(m.name() == static_cast<function>(i));
        CHECK(!m.lua_arguments().empty());
        m.use_slave_credentials();
        reply a;
        CHECK(::recv(answer.ends[0], &a, sizeof(a), MSG_DONTWAIT) == sizeof(a));
        CHECK(is_valid(a, sizeof(a)));
    }
}

void hostile_requests_are_refused(test_vm& v) {
    const int before = open_descriptors();
    {
        auto ends = make(v);
        auto& m = std::get<master>(ends);
        auto& s = std::get<slave>(ends);
        pair_of_sockets answer;
        pair_of_sockets stream{SOCK_STREAM};
        const auto refused = [&](const void* bytes, std::size_t size,
                                 const std::vector<int>& fds) {
            send(s.get(), bytes, size, fds);
            return receive(v, m) == EBADMSG && !m.name();
        };
        const auto r = good(function::open);
        const int a = answer.ends[1];
        CHECK(refused(&r, r.size(), {}));
        CHECK(refused(&r, r.size(), {stream.ends[0]}));
        CHECK(refused(&r, r.size(), {0}));
        CHECK(refused(&r, r.size(), {a, a, a}));
        CHECK(refused(&r, r.size() - 1, {a}));
        CHECK(refused(&r, r.size() + 1, {a}));
        CHECK(refused(&r, 7, {a}));
        std::string long_one(sizeof(request) + 100, 'x');
        CHECK(refused(long_one.data(), long_one.size(), {a}));
        const auto mutated = [&](auto change) {
            auto x = good(function::connect_inet);
            change(x);
            return refused(&x, std::min(x.size(), sizeof(x)), {a});
        };
        CHECK(mutated([](request& x) { x.magic = 0; }));
        CHECK(mutated([](request& x) { x.what = function{}; }));
        CHECK(mutated([](request& x) { x.what = function{18}; }));
        CHECK(mutated([](request& x) { x.sizes[0] = 5; }));
        CHECK(mutated([](request& x) { x.sizes[0] = 0; }));
        CHECK(mutated([](request& x) { x.sizes[1] = 0xffffffff; }));
        CHECK(mutated([](request& x) { x.numbers[0] = 65536; }));
        CHECK(mutated([](request& x) { x.numbers[1] = -1; }));
        CHECK(mutated([](request& x) {
            x.what = function::stat;
            x.text[1] = '\0';
        }));
        CHECK(mutated([](request& x) {
            x.what = function::connect_unix;
            x.sizes[0] = 109;
        }));
        // Nothing is the end.
        send(s.get(), "", 0, {});
        CHECK(receive(v, m) == boost::asio::error::eof);
    }
    CHECK(open_descriptors() == before);
}

// Whatever a program sends, the master reads it whole or refuses it.
void random_requests(test_vm& v) {
    std::mt19937 random{static_cast<unsigned>(
        std::getenv("SEED") ? std::atoi(std::getenv("SEED")) : 1)};
    const int before = open_descriptors();
    int taken = 0;
    {
        auto [m, s] = make(v);
        pair_of_sockets answer;
        for (int i = 0; i < 20000; ++i) {
            auto r = good(static_cast<function>(1 + random() % last_function));
            auto size = r.size();
            for (auto n = random() % 4; n != 0; --n) {
                auto* const bytes = reinterpret_cast<unsigned char*>(&r);
                const auto at = random() % 64;
                bytes[at] = static_cast<unsigned char>(
                    random() % 3 == 0 ? random()
                                      : bytes[at] ^ (1u << random() % 8));
            }
            if (random() % 8 == 0) size = 1 + random() % sizeof(r);
            send(s.get(), &r, size,
                 std::vector<int>(random() % 4, answer.ends[1]));
            if (receive(v, m) != 0) continue;
            ++taken;
            CHECK(!m.lua_arguments().empty());
            m.descriptors();
            m.send_with_fds(m.name() == function::getaddrinfo ? result{}
                                                              : result{-1},
                            {}, error_number{ranged<0, 4095>{EACCES}});
            reply a;
            CHECK(::recv(answer.ends[0], &a, sizeof(a), MSG_DONTWAIT) ==
                  sizeof(a));
        }
    }
    CHECK(taken > 1000);
    CHECK(open_descriptors() == before);
}

void answers_are_checked() {
    reply r;
    CHECK(is_valid(r, sizeof(r)));
    CHECK(!is_valid(r, sizeof(r) - 1));
    const auto refused = [](auto change) {
        reply x;
        change(x);
        return !is_valid(x, sizeof(x));
    };
    CHECK(refused([](reply& x) { x.magic = 1; }));
    CHECK(refused([](reply& x) { x.kind = reply_kind{3}; }));
    CHECK(refused([](reply& x) { x.error = -1; }));
    CHECK(refused([](reply& x) { x.error = 4096; }));
    CHECK(refused([](reply& x) { x.address.bytes = 17; }));
    CHECK(refused([](reply& x) { x.address.port = 65536; }));

    const auto filters = [](std::string_view message) {
        int n = 0;
        return each_filter(message, [&](function, std::string_view) { ++n; })
                   ? n
                   : -1;
    };
    const std::string magic{"elf1"}, one{"\1\0\0\0\2\0\0\0ab", 10};
    CHECK(filters(magic) == 0);
    CHECK(filters(magic + one) == 1);
    CHECK(filters(magic + one + one) == 2);
    for (std::size_t i = 0; i < 10; ++i)
        CHECK(filters(magic + one.substr(0, i)) == (i == 0 ? 0 : -1));
    CHECK(filters("elf2") == -1 && filters("") == -1);
    CHECK(filters(magic + std::string{"\0\0\0\0\0\0\0\0", 8}) == -1);
    CHECK(filters(magic + std::string{"\x12\0\0\0\0\0\0\0", 8}) == -1);
    CHECK(filters(magic + std::string{"\1\0\0\0\xff\xff\xff\xff", 8}) == -1);
}

// Whoever asks and is gone, or has no room, keeps nobody waiting.
void answers_to_nobody(test_vm& v) {
    auto [m, s] = make(v);
    {
        pair_of_sockets answer;
        const auto r = good(function::unlink);
        send(s.get(), &r, r.size(), {answer.ends[1]});
    }
    CHECK(receive(v, m) == 0);
    m.send(result{0}, {});
    pair_of_sockets answer;
    while (::send(answer.ends[1], "x", 1, MSG_DONTWAIT) == 1) {
    }
    const auto r = good(function::unlink);
    send(s.get(), &r, r.size(), {answer.ends[1]});
    CHECK(receive(v, m) == 0);
    m.send(result{0}, {});
    s.close();
    CHECK(receive(v, m) == boost::asio::error::eof);
}

void filters_stay_for_everybody(test_vm& v) {
    auto [m, s] = make(v);
    s.set_filter(function::open, "one");
    s.set_filter(function::open, "two");
    s.set_filter(function::stat, "three");
    for (int i = 0; i < 2; ++i) {
        char bytes[100];
        const auto n =
            ::recv(s.get(), bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT);
        std::string found;
        CHECK(each_filter({bytes, static_cast<std::size_t>(n)},
                          [&](function, std::string_view source) {
                              found.append(source).append(" ");
                          }));
        CHECK(found == "two three ");
    }
}

} // namespace

int main() {
    std::signal(SIGPIPE, SIG_DFL);
    thread_pool ctx{1};
    test_vm v{ctx};
    every_function_is_received(v);
    hostile_requests_are_refused(v);
    random_requests(v);
    answers_are_checked();
    answers_to_nobody(v);
    filters_stay_for_everybody(v);
    return failures != 0;
}
