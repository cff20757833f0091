// SPDX-License-Identifier: MIT OR BSL-1.0
// Messages between processes: what is sent arrives, and nothing else does.
#include "raw_message.hpp"
#include "sandbox/message.hpp"
#include "test_vm.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <random>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

using namespace emilua::sandbox;
using emilua::unique_descriptor;
namespace test = emilua::test;

namespace {

constexpr std::size_t words = most_members * 8;

std::size_t open_descriptors() {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& e :
         std::filesystem::directory_iterator{"/proc/self/fd"})
        ++n;
    return n;
}

struct sockets {
    explicit sockets(int type = SOCK_SEQPACKET) {
        int fds[2];
        CHECK(::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) == 0);
        in = unique_descriptor{fds[0]};
        out = unique_descriptor{fds[1]};
    }
    unique_descriptor in, out;
};

/// A message in the bytes of the socket, as anybody can write it.
struct raw {
    std::string bytes;
    std::vector<int> fds;

    void send(int socket) const {
        CHECK(test::send_raw(socket, bytes.data(), bytes.size(), fds));
    }
};

std::uint64_t tag(std::uint64_t kind) { return 0x7ff0'0000'0000'0000 | kind; }

raw made_of(std::vector<std::uint64_t> members, std::string strings = {},
            std::vector<int> fds = {}) {
    members.resize(most_members);
    raw r{std::string(words, '\0'), std::move(fds)};
    std::memcpy(r.bytes.data(), members.data(), words);
    r.bytes += strings;
    return r;
}

reading read_of(const raw& r, message* out = nullptr) {
    sockets s;
    r.send(s.out.get());
    message m;
    const auto what = read_message(s.in.get(), m);
    if (out) *out = std::move(m);
    return what;
}

bool refused(const raw& r) { return read_of(r) == reading::ended; }

// --- what is good -----------------------------------------------------------

message single(message::leaf l) {
    message m;
    m.members.emplace_back(std::string{}, std::move(l));
    return m;
}

/// Sends and receives; also returns the bytes that were on the way.
message there_and_back(const message& m, raw* on_the_way = nullptr) {
    sockets s;
    CHECK(!write_message(s.out.get(), m));
    if (on_the_way) {
        on_the_way->bytes.resize(20000);
        const auto n =
            ::recv(s.in.get(), on_the_way->bytes.data(), 20000, MSG_PEEK);
        on_the_way->bytes.resize(static_cast<std::size_t>(n));
    }
    message r;
    CHECK(read_message(s.in.get(), r) == reading::message);
    return r;
}

bool same(double a, double b) {
    return std::isnan(a) ? std::isnan(b)
                         : std::bit_cast<std::uint64_t>(a) ==
                               std::bit_cast<std::uint64_t>(b);
}

void test_values() {
    for (double d :
         {0.0, -0.0, 1.5, -1e308, std::numeric_limits<double>::infinity(),
          -std::numeric_limits<double>::infinity(),
          std::numeric_limits<double>::denorm_min(),
          std::numeric_limits<double>::quiet_NaN(),
          -std::numeric_limits<double>::quiet_NaN(),
          std::bit_cast<double>(tag(3)),
          std::bit_cast<double>(~std::uint64_t{})}) {
        const auto m = there_and_back(single(d));
        CHECK(!m.is_dictionary);
        CHECK(same(std::get<double>(m.members.at(0).second), d));
    }
    for (bool b : {true, false})
        CHECK(std::get<bool>(there_and_back(single(b)).members.at(0).second) ==
              b);
    for (std::size_t n : {std::size_t{0}, std::size_t{1}, longest_string}) {
        const std::string s(n, '\0');
        CHECK(std::get<std::string>(
                  there_and_back(single(s)).members.at(0).second) == s);
    }
}

void test_null() {
    message m;
    m.is_dictionary = true;
    m.members.emplace_back("a", message::null{});
    m.members.emplace_back("b", 1.0);
    const auto r = there_and_back(m);
    CHECK(r.members.size() == 2);
    CHECK(std::holds_alternative<message::null>(r.members.at(0).second));
    // Only where it differs from not being there.
    CHECK(refused(made_of({tag(6), tag(7)})));
}

void test_dictionaries() {
    for (std::size_t n : {std::size_t{1}, std::size_t{2}, most_members}) {
        message m;
        m.is_dictionary = true;
        for (std::size_t i = 0; i < n; ++i) {
            std::string key(longest_string, static_cast<char>('a' + i));
            m.members.emplace_back(key, std::string(longest_string, 'v'));
        }
        raw bytes;
        const auto r = there_and_back(m, &bytes);
        CHECK(r.is_dictionary && r.members == m.members);
        CHECK(bytes.bytes.size() == words + n * 2 * 256);
    }
    message m;
    m.is_dictionary = true;
    m.members = {{"", true}, {"b", 2.0}, {"c", "text"}};
    raw bytes;
    CHECK(there_and_back(m, &bytes).members == m.members);
    // No memory of ours is left between the members.
    CHECK(bytes.bytes.size() == words + 1 + 2 + 2 + 5);
    for (std::size_t i = 4 * 8; i < words; ++i) CHECK(bytes.bytes[i] == 0);
}

ino_t inode(int fd) {
    struct stat s {};
    CHECK(::fstat(fd, &s) == 0);
    return s.st_ino;
}

void test_descriptors() {
    const auto before = open_descriptors();
    {
        sockets to;
        message m;
        m.is_dictionary = true;
        m.members = {{"address", handle{true, to.out.get()}},
                     {"file", handle{false, to.in.get()}}};
        const auto r = there_and_back(m);
        CHECK(r.descriptors.size() == 2);
        const auto a = std::get<handle>(r.members.at(0).second);
        const auto f = std::get<handle>(r.members.at(1).second);
        CHECK(a.is_address && inode(a.fd) == inode(to.out.get()));
        CHECK(!f.is_address && inode(f.fd) == inode(to.in.get()));
        CHECK(::fcntl(a.fd, F_GETFD) == FD_CLOEXEC);
    }
    {
        sockets to;
        message m;
        m.is_dictionary = true;
        for (std::size_t i = 0; i < most_members; ++i)
            m.members.emplace_back(std::to_string(i),
                                   handle{i % 2 == 0, to.out.get()});
        CHECK(there_and_back(m).descriptors.size() == most_members);
    }
    CHECK(open_descriptors() == before);
}

void test_ends() {
    message m;
    {
        sockets s;
        CHECK(read_message(s.in.get(), m) == reading::would_block);
        s.out.reset();
        CHECK(read_message(s.in.get(), m) == reading::ended);
    }
    {
        sockets s;
        s.in.reset();
        CHECK(write_message(s.out.get(), single(true)).value() == EPIPE);
    }
    {
        // Nobody reads: it does not wait.
        sockets s;
        emilua::error_code ec;
        for (int i = 0; i < 100000 && !ec; ++i)
            ec = write_message(s.out.get(), single(1.0));
        CHECK(ec.value() == EAGAIN);
    }
}

// --- what is not ------------------------------------------------------------

void test_refusals() {
    const auto before = open_descriptors();
    const auto nil = tag(6), text = tag(3), file = tag(4), address = tag(5);
    sockets s;
    const int socket = s.out.get();
    sockets stream{SOCK_STREAM};
    const unique_descriptor null{::open("/dev/null", O_RDWR | O_CLOEXEC)};

    CHECK(read_of(made_of({nil, tag(1)})) == reading::message);
    CHECK(refused(raw{}));
    CHECK(refused(raw{"x", {}}));
    CHECK(refused(raw{std::string(words - 1, '\0'), {}}));
    CHECK(refused(made_of({})));
    // No value, one too many, or what is none.
    CHECK(refused(made_of({nil, nil})));
    CHECK(refused(made_of({nil, tag(1), tag(1)})));
    CHECK(refused(made_of({nil, tag(7)})));
    CHECK(refused(made_of({nil, tag(1) | 1ULL << 63})));
    CHECK(refused(made_of({nil, tag(1) | 1ULL << 40})));
    // A NaN of any kind is a number, and the same one.
    message m;
    CHECK(read_of(made_of({nil, 0xffff'ffff'ffff'fff3}), &m) ==
          reading::message);
    CHECK(std::bit_cast<std::uint64_t>(std::get<double>(
              m.members.at(0).second)) == 0x7ff8'0000'0000'0000);
    // Strings that end outside, or are not all.
    CHECK(read_of(made_of({nil, text}, std::string("\2ab"))) ==
          reading::message);
    CHECK(refused(made_of({nil, text})));
    CHECK(refused(made_of({nil, text}, std::string("\3ab"))));
    CHECK(refused(made_of({nil, text}, std::string("\377ab"))));
    CHECK(refused(made_of({nil, text}, std::string("\1ab"))));
    CHECK(refused(made_of({nil, tag(1)}, std::string("\0", 1))));
    CHECK(refused(made_of({nil, text}, std::string(13000 - words + 1, 'x'))));
    // Keys: missing, twice.
    CHECK(read_of(made_of({tag(1), nil}, std::string("\1a"))) ==
          reading::message);
    CHECK(refused(made_of({tag(1), nil})));
    CHECK(refused(made_of({tag(1), tag(1), nil}, std::string("\1a"))));
    CHECK(refused(made_of({tag(1), tag(1), nil}, std::string("\1a\1a"))));
    CHECK(refused(made_of({tag(1), nil, tag(1)}, std::string("\1a"))));
    CHECK(refused(made_of({tag(1), nil, 1}, std::string("\1a"))));
    // Descriptors: too few, too many, of the wrong kind.
    CHECK(read_of(made_of({nil, file}, {}, {null.get()})) == reading::message);
    CHECK(read_of(made_of({nil, address}, {}, {socket})) == reading::message);
    CHECK(refused(made_of({nil, file})));
    CHECK(refused(made_of({nil, tag(1)}, {}, {null.get()})));
    CHECK(refused(made_of({nil, file}, {}, {null.get(), null.get()})));
    CHECK(refused(made_of({nil, file}, {}, std::vector<int>(60, null.get()))));
    CHECK(refused(made_of({nil, address}, {}, {null.get()})));
    CHECK(refused(made_of({nil, address}, {}, {stream.in.get()})));
    const unique_descriptor inet{
        ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    CHECK(refused(made_of({nil, address}, {}, {inet.get()})));
    CHECK(refused(raw{{}, {null.get()}}));
    m = {};
    CHECK(open_descriptors() == before + 2 + 2 + 1 + 1);
}

/// Good ones, changed at random: each is a message within the limits or is
/// refused, and no descriptor stays.
void test_mutations() {
    sockets s;
    const unique_descriptor null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    const auto nil = tag(6), text = tag(3), file = tag(4), address = tag(5);
    const raw seeds[] = {
        made_of({nil, text}, std::string("\5hello")),
        made_of({nil, file}, {}, {null.get()}),
        made_of({tag(1), tag(2), text, 0x3ff0'0000'0000'0000, nil},
                std::string("\1a\1b\1c\3xyz\1d")),
        made_of({file, address, text, nil}, std::string("\1a\1b\1c\3xyz"),
                {null.get(), s.out.get()}),
    };
    std::mt19937 random{20261127};
    const auto below = [&random](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
    };
    const auto before = open_descriptors();
    int accepted = 0;
    for (int i = 0; i < 20000; ++i) {
        auto r = seeds[below(std::size(seeds))];
        for (auto n = below(3) + 1; n > 0; --n) {
            switch (below(6)) {
            case 0:
                r.bytes.resize(below(r.bytes.size() + 1));
                break;
            case 1:
                r.bytes.append(below(300), static_cast<char>(below(256)));
                break;
            case 2: {
                const auto member = tag(below(8));
                const auto at = below(6) * 8;
                if (r.bytes.size() >= at + 8)
                    std::memcpy(r.bytes.data() + at, &member, 8);
                break;
            }
            case 3:
                r.fds.resize(below(4), null.get());
                break;
            default:
                if (!r.bytes.empty())
                    r.bytes[below(r.bytes.size())] =
                        static_cast<char>(below(256));
            }
        }
        message m;
        if (read_of(r, &m) != reading::message) continue;
        ++accepted;
        CHECK(!m.members.empty() && m.members.size() <= most_members);
        CHECK(m.is_dictionary || m.members.size() == 1);
        std::size_t handles = 0;
        for (const auto& [key, l] : m.members) {
            CHECK(key.size() <= longest_string);
            if (const auto* t = std::get_if<std::string>(&l))
                CHECK(t->size() <= longest_string);
            handles += std::holds_alternative<handle>(l);
        }
        CHECK(handles == m.descriptors.size());
        // What is accepted is what anybody could have written.
        raw again;
        CHECK(there_and_back(m, &again).members.size() == m.members.size());
    }
    CHECK(accepted > 100);
    CHECK(open_descriptors() == before);
}

} // namespace

int main() {
    test_values();
    test_null();
    test_dictionaries();
    test_descriptors();
    test_ends();
    test_refusals();
    test_mutations();
    return test::failures == 0 ? 0 : 1;
}
