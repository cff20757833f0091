// SPDX-License-Identifier: MIT OR BSL-1.0
// UNIX sockets without a language: what a program cannot make happen.
#include "modules/unix/unix.hpp"
#include "test_vm.hpp"

#include <boost/asio/error.hpp>

#include <cstring>
#include <filesystem>
#include <memory>
#include <random>

#include <fcntl.h>
#include <sys/resource.h>

using namespace emilua;
using namespace emilua::unix;
using namespace emilua::test;
using descriptor = emilua::file_descriptor::file_descriptor;

namespace {

std::size_t open_descriptors() {
    std::size_t n = 0;
    for ([[maybe_unused]] auto& e :
         std::filesystem::directory_iterator{"/proc/self/fd"})
        ++n;
    return n;
}

mutable_bytes writable(std::string& s) { return {s.data(), s.size()}; }
message_data readable(std::string_view s) {
    return {const_bytes{const_cast<char*>(s.data()), s.size()}, {}};
}

descriptor some_file() {
    return descriptor{
        unique_descriptor{::open("/dev/null", O_RDONLY | O_CLOEXEC)}};
}

struct received {
    std::size_t size = 0;
    received_fds fds{};
    error_code ec{};
};

received receive(test_vm& v, seqpacket_socket& s, int most) {
    std::string buffer(64, '\0');
    pending<std::size_t, received_fds> op{v};
    s.receive_with_fds(writable(buffer), descriptor_count{most},
                       cut_off::success, op.completion());
    op.wait();
    if (op.error()) return {0, {}, op.error()};
    return {op.value(), std::move(op.value<1>()), {}};
}

template <class Socket>
void send(test_vm& v, Socket& s, std::string_view data,
          std::vector<ref<descriptor>> fds) {
    pending<std::size_t> op{v};
    s.send_with_fds(readable(data), {std::move(fds)}, op.completion());
    op.wait();
    CHECK(!op.error() && op.value() == data.size());
}

// Nothing outside of the buffer is looked at, and every descriptor found lies
// inside.
void parser_takes_any_bytes() {
    std::mt19937 random{20261126};
    auto any = [&](std::size_t most) {
        return std::uniform_int_distribution<std::size_t>{0, most}(random);
    };
    for (int round = 0; round < 200'000; ++round) {
        // Of its own size on the heap, so that a sanitizer sees its ends.
        const std::size_t size = any(160);
        const std::unique_ptr<char[]> bytes{new char[size + 1]};
        for (std::size_t i = 0; i < size; ++i)
            bytes[i] = static_cast<char>(any(3) == 0 ? any(255) : 0);
        for (std::size_t at = 0; at + sizeof(cmsghdr) <= size;) {
            constexpr std::size_t huge[] = {
                0, 1, 15, SIZE_MAX, SIZE_MAX - 7, SIZE_MAX / 2};
            const std::size_t length =
                any(3) == 0 ? huge[any(5)] : CMSG_LEN(any(9) * 4 + any(3));
            const cmsghdr h{length, SOL_SOCKET,
                            any(4) == 0 ? int(any(6)) : SCM_RIGHTS};
            std::memcpy(&bytes[at], &h, sizeof(h));
            at += CMSG_ALIGN(std::min<std::size_t>(length, 64) + any(8) + 1);
        }
        msghdr m{};
        m.msg_control = bytes.get();
        m.msg_controllen = size;
        const descriptors_in found{m};
        CHECK((found.rights.size() + found.others.size()) * sizeof(int) <=
              size);
    }
}

void parser_finds_what_is_there() {
    alignas(cmsghdr) char bytes[256]{};
    std::size_t size = 0;
    auto add = [&](int level, int type, std::vector<int> values) {
        const cmsghdr h{CMSG_LEN(values.size() * sizeof(int)), level, type};
        std::memcpy(bytes + size, &h, sizeof(h));
        if (!values.empty())
            std::memcpy(bytes + size + CMSG_LEN(0), values.data(),
                        values.size() * sizeof(int));
        size += CMSG_SPACE(values.size() * sizeof(int));
    };
    add(SOL_SOCKET, SCM_CREDENTIALS, {1, 2, 3});
    add(SOL_SOCKET, SCM_RIGHTS, {10, 11, 12});
    add(IPPROTO_TCP, SCM_RIGHTS, {20});
    add(SOL_SOCKET, 4, {30});
    add(SOL_SOCKET, SCM_RIGHTS, {});
    add(SOL_SOCKET, SCM_RIGHTS, {13});
    msghdr m{};
    m.msg_control = bytes;
    m.msg_controllen = size;
    const descriptors_in found{m};
    CHECK((found.rights == std::vector{10, 11, 12, 13}));
    CHECK(found.others == std::vector{30});
}

// The kernel gives some of them and drops the rest.
void no_room_for_descriptors(test_vm& v) {
#if defined(__SANITIZE_ADDRESS__)
    // With no descriptor to spare, UBSan takes all memory for inaccessible.
    static_cast<void>(v);
#else
    auto [a, b] = pair<seqpacket_socket>(v);
    auto fd = some_file();
    const auto before = open_descriptors();
    rlimit old;
    ::getrlimit(RLIMIT_NOFILE, &old);
    auto allow = [&](int more) {
        const unique_descriptor next{::dup(0)};
        const rlimit l{static_cast<rlim_t>(next.get() + more), old.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &l);
    };
    send(v, a, "lost", {fd, fd, fd});
    send(v, a, "there", {fd});
    allow(1);
    const auto lost = receive(v, b, 3);
    const auto there = receive(v, b, 1);
    ::setrlimit(RLIMIT_NOFILE, &old);
    CHECK((lost.ec == error_code{EMFILE, boost::system::system_category()}));
    CHECK(lost.fds.empty());
    CHECK(there.size == 5 && there.fds.size() == 1);
    CHECK(open_descriptors() == before + 1);
#endif
}

// Whoever else has the socket may ask for credentials and a pidfd; they come
// first, and nobody wants them.
void others_come_along(test_vm& v) {
    auto [a, b] = pair<seqpacket_socket>(v);
    const int on = 1;
    ::setsockopt(b.native_handle(), SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
    ::setsockopt(b.native_handle(), SOL_SOCKET, 76, &on, sizeof(on));
    auto fd = some_file();
    std::vector<ref<descriptor>> many(most_descriptors, ref{fd});
    const auto before = open_descriptors();
    send(v, a, "x", many);
    CHECK(receive(v, b, 253).fds.size() == 253);
    send(v, a, "x", {fd, fd});
    const auto two = receive(v, b, 1);
    CHECK(!two.ec && two.fds.size() == 1);
    CHECK(open_descriptors() == before + 1);
}

// A read that stops at descriptors is short, and yet there is more.
void short_reads_of_a_stream(test_vm& v) {
    auto [a, b] = pair<stream_socket>(v);
    auto fd = some_file();
    std::string buffer(64, '\0');
    auto read = [&] {
        pending<std::size_t> op{v};
        b.read_some(writable(buffer), op.completion());
        op.wait();
        return op.error() ? std::string{} : buffer.substr(0, op.value());
    };
    for (int round = 0; round < 4; ++round) {
        pending<std::size_t> op{v};
        std::string first(64, '\0');
        b.read_some(writable(first), op.completion());
        CHECK(!op.done());
        send(v, a, "one ", {});
        send(v, a, "two ", {fd});
        send(v, a, "three", {});
        op.wait();
        std::string all = first.substr(0, op.value());
        while (all.size() < 13) all += read();
        CHECK(all == "one two three");
    }
}

// A sender that waits has copies, which go with it.
void copies_of_who_waits(test_vm& v) {
    auto [a, b] = pair<datagram_socket>(v);
    auto fd = some_file();
    const auto before = open_descriptors();
    const message_data x = readable("x");
    for (bool in_vain = false; !in_vain;) {
        v.inline_budget = vm::default_inline_budget;
        const auto sent = a.send_with_fds_now(v, x, {{fd, fd}});
        CHECK(sent.in_vain || (sent.values && std::get<0>(*sent.values) == 1));
        in_vain = sent.in_vain;
    }
    CHECK(open_descriptors() == before);
    pending<std::size_t> waits{v};
    a.send_with_fds(readable("x"), {{fd, fd}}, waits.completion());
    CHECK(open_descriptors() == before + 2);
    waits.cancel();
    waits.wait();
    CHECK(waits.error() == boost::asio::error::operation_aborted);
    CHECK(open_descriptors() == before);
}

void names_of_any_length() {
    for (std::size_t n = 1; n <= 108; ++n) {
        for (const char first : {'\0', 'p'}) {
            const std::string text = first + std::string(n - 1, 'x');
            CHECK(name::of(path{text}, "").to_path().to_string() == text);
        }
    }
    CHECK(failure_of([] {
              name::of(path{std::string(109, 'x')}, "at");
          }).code == boost::system::errc::filename_too_long);
    CHECK(is_invalid(failure_of([] { name::of(path{}, "at"); }), "at"));
    CHECK(name{}.to_path().empty());
    // What the kernel says need not end, nor fit.
    name n;
    std::memset(n.data(), 'y', n.capacity());
    n.resize(200);
    CHECK(n.to_path().to_string() == std::string(108, 'y'));
}

} // namespace

int main() {
    parser_takes_any_bytes();
    parser_finds_what_is_there();
    names_of_any_length();
    const auto before = open_descriptors();
    {
        thread_pool ctx{1};
        test_vm v{ctx};
        for (auto* test : {no_room_for_descriptors, others_come_along,
                           short_reads_of_a_stream, copies_of_who_waits}) {
            v.inline_budget = vm::default_inline_budget;
            test(v);
            CHECK(v.outstanding == 0);
        }
    }
    CHECK(open_descriptors() == before);
    return failures != 0;
}
