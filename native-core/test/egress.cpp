// SPDX-License-Identifier: MIT OR BSL-1.0
// Rules for the network of a guest, and the messages of its name server.
#include "sandbox/egress.hpp"
#include "sandbox/dns.hpp"
#include "test_vm.hpp"

#include <random>

namespace {

using namespace emilua::sandbox;
using boost::asio::ip::make_address;

bool allows(const char* rule, const char* address, std::uint16_t port) {
    egress_rules r;
    CHECK(r.add(rule));
    return r.allows(make_address(address), port);
}

bool names(const char* rule, const char* name, std::uint16_t port) {
    egress_rules r;
    CHECK(r.add(rule));
    return r.allows(std::string_view{name}, port);
}

void test_rules() {
    CHECK(allows("10.0.0.0/8:5432", "10.255.255.255", 5432));
    CHECK(!allows("10.0.0.0/8:5432", "11.0.0.0", 5432));
    CHECK(!allows("10.0.0.0/8:5432", "10.0.0.1", 5433));
    CHECK(allows("10.0.0.0/9:*", "10.127.0.1", 1));
    CHECK(!allows("10.0.0.0/9:*", "10.128.0.1", 1));
    CHECK(allows("1.2.3.4/32:80-90", "1.2.3.4", 90));
    CHECK(!allows("1.2.3.4/32:80-90", "1.2.3.5", 90));
    CHECK(!allows("1.2.3.4/32:80-90", "1.2.3.4", 91));
    CHECK(allows("0.0.0.0/0:1", "169.254.169.254", 1));
    // No block of IPv4 is one of IPv6, but each address has both clothes.
    CHECK(!allows("0.0.0.0/0:1", "2001:db8::1", 1));
    CHECK(allows("10.0.0.0/8:1", "::ffff:10.1.1.1", 1));
    CHECK(allows("[::/0]:1", "2001:db8::1", 1));
    CHECK(!allows("[::/0]:1", "10.0.0.1", 1));
    CHECK(allows("[::ffff:1.2.3.4]:1", "1.2.3.4", 1));
    CHECK(allows("[2001:db8::1]:1", "2001:db8::1", 1));
    CHECK(allows("[2001:db8::/33]:1", "2001:db8:7fff::1", 1));
    CHECK(!allows("[2001:db8::/33]:1", "2001:db8:8000::1", 1));
    // "Any" leads to this machine.
    CHECK(allows("127.0.0.1:1", "0.0.0.0", 1));
    CHECK(allows("127.0.0.1:1", "::ffff:0.0.0.0", 1));
    CHECK(allows("[::1]:1", "::", 1));
    CHECK(!allows("127.0.0.1:1", "::1", 1));
    CHECK(allows("localhost:1", "::1", 1) &&
          allows("localhost:1", "127.0.0.1", 1));
    for (const char* near : {"127.0.0.1", "0.0.0.0", "::", "::1", "169.254.1.1",
                             "fe80::1", "::ffff:127.0.0.1", "224.0.0.1"})
        CHECK(!allows("*:*", near, 80));
    CHECK(allows("*:80", "93.184.216.34", 80));
    CHECK(!allows("*:80", "93.184.216.34", 81));

    CHECK(names("example.org:443", "example.org", 443));
    CHECK(!names("example.org:443", "www.example.org", 443));
    CHECK(!names("example.org:443", "example.org.evil.com", 443));
    CHECK(!names("example.org:443", "evilexample.org", 443));
    CHECK(names("*.example.org:443", "a.b.example.org", 443));
    CHECK(!names("*.example.org:443", "example.org", 443));
    CHECK(!names("*.example.org:443", ".example.org", 443));
    CHECK(!names("*.example.org:443", "evilexample.org", 443));
    CHECK(egress_rules::normal("WWW.Example.ORG.") == "www.example.org");

    egress_rules paths;
    CHECK(paths.add("/nowhere/x.sock") && paths.add("/nowhere/folder/"));
    CHECK(paths.allows_path("/nowhere/x.sock"));
    CHECK(!paths.allows_path("/nowhere/x.sock2"));
    CHECK(paths.allows_path("/nowhere/folder/y"));
    CHECK(!paths.allows_path("/nowhere/folder2/y"));
}

std::string query(std::string_view labels, std::uint16_t type) {
    std::string p{"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12};
    p += labels;
    p.append(1, '\0').append(1, '\0').append(1, static_cast<char>(type));
    return p.append(1, '\0').append(1, '\1');
}

void test_names() {
    const auto good = query("\7example\3org", 1);
    const auto q = dns::read_question(good);
    CHECK(q && q->name == "example.org" && q->type == 1);
    const std::vector<boost::asio::ip::address> addresses{
        make_address("1.2.3.4"), make_address("::5"), make_address("6.7.8.9")};
    const auto a = dns::answer(*q, dns::result::ok, addresses);
    CHECK(a.substr(0, 2) == good.substr(0, 2));
    CHECK(a.substr(2, 2) == std::string("\x81\x80", 2));
    CHECK(a[7] == 2 && a.size() == good.size() + 2 * 16);
    CHECK(a.ends_with("\6\7\x8\x9"));
    const auto none = dns::answer(*q, dns::result::no_such_name, {});
    CHECK(none.size() == good.size() && (none[3] & 15) == 3);
    const std::vector<boost::asio::ip::address> many(100, addresses[0]);
    CHECK(dns::answer(*q, dns::result::ok, many).size() <= 512);

    // An answer, a reference, a question that ends early.
    auto response = good;
    response[2] = static_cast<char>(0x80);
    CHECK(!dns::read_question(response));
    CHECK(!dns::read_question(query("\xc0\x0c", 1)));
    for (std::size_t n = 0; n < good.size(); ++n)
        CHECK(!dns::read_question(std::string_view{good}.substr(0, n)));
    std::mt19937 random{7};
    for (int i = 0; i < 100'000; ++i) {
        auto bad = good;
        bad.resize(random() % 600);
        for (auto n = random() % 8; n > 0 && !bad.empty(); --n)
            bad[random() % bad.size()] = static_cast<char>(random());
        const auto found = dns::read_question(bad);
        if (found) {
            CHECK(found->name.size() <= 253);
            CHECK(dns::answer(*found, dns::result::ok, addresses).size() <=
                  512);
        }
    }
}

} // namespace

int main() {
    test_rules();
    test_names();
    return emilua::test::failures != 0;
}
