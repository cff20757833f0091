// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/resolve.hpp"
#include "test_vm.hpp"

#include <boost/asio/error.hpp>

using namespace emilua;
using namespace emilua::ip;
using namespace emilua::test;

namespace {

address make(const char* text) { return address::parse(text, "str"); }

const error_code wrong_version =
    boost::asio::error::address_family_not_supported;

void texts() {
    CHECK(address{}.to_string() == "0.0.0.0");
    CHECK(make("2001:DB8:0::0:1").to_string() == "2001:db8::1");
    for (const char* bad : {"", "300.1.1.1", "1.2.3", "localhost", "::g",
                            "1.2.3.4 ", "01.2.3.4", "1.2.3.4.5", "1..2.3",
                            "1.2.3.", "+1.2.3.4", "1.2.3.0x4", "1.2.3.256"}) {
        CHECK(is_invalid(failure_of([&] { make(bad); }), "str"));
    }
    CHECK(is_invalid(failure_of([] {
                         address::parse(std::string("127.0.0.1\0x", 11), "str");
                     }),
                     "str"));
    // Nothing is lost on a journey through another language.
    for (const char* text : {"0.0.0.0", "10.200.30.4", "255.255.255.255", "::",
                             "fe80::1%7", "::ffff:127.0.0.1", "2001:db8::1"}) {
        const auto a = make(text);
        const auto back =
            wire_traits<address>::from_wire(wire_traits<address>::to_wire(a));
        CHECK(a.equals(back));
        CHECK(a.is_v4() || a.scope_id() == back.scope_id());
    }
}

void versions() {
    const auto v4 = make("127.0.0.1");
    auto v6 = make("fe80::1");
    CHECK(v4.to_v6().to_string() == "::ffff:127.0.0.1");
    CHECK(v4.to_v6().to_v4().equals(v4));
    CHECK(failure_of([&] { v6.to_v6(); }).code == wrong_version);
    CHECK(failure_of([&] { v6.to_v4(); }).code == wrong_version);
    CHECK(failure_of([&] { v4.to_v4(); }).code == wrong_version);
    CHECK(failure_of([&] { v4.is_link_local(); }).code == wrong_version);
    CHECK(failure_of([&] { v4.scope_id(); }).code == wrong_version);
    CHECK(v6.is_link_local() && !v6.is_site_local() && !v6.is_v4_mapped());
    v6.set_scope_id(3);
    CHECK(v6.scope_id() == 3);
    CHECK(!v6.equals(make("fe80::1")));
    // IPv4 comes before IPv6.
    CHECK(v4.less(v6) && !v6.less(v4) && v4.less_or_equal(v4));
}

void endpoints() {
    auto text = [](const char* a, int port) {
        return endpoint_to_string(make(a), port_number{port});
    };
    CHECK(text("127.0.0.1", 80) == "127.0.0.1:80");
    CHECK(text("::1", 65535) == "[::1]:65535");
    CHECK(endpoint_to_string(make("::1"), std::nullopt) == "::1");
    for (const char* e : {"192.0.2.7:443", "[2001:db8::1]:8080", "[::]:0"}) {
        const auto [a, port] = string_to_endpoint(e);
        CHECK(endpoint_to_string(a, port_number{port}) == e);
    }
    for (const char* bad :
         {"", "192.0.2.7", "192.0.2.7:", "192.0.2.7:65536", "192.0.2.7:-1",
          "192.0.2.7:http", "::1:80", "[192.0.2.7]:80", "[::1]", "[::1:80",
          "localhost:80", "192.0.2.7:80 "}) {
        CHECK(is_invalid(failure_of([&] { string_to_endpoint(bad); }), "ep"));
    }
    CHECK(split_endpoint("example.com:http").first == "example.com");
    CHECK(split_endpoint(":80").first.empty());
    CHECK(split_endpoint("[fe80::1%eth0]:http").second == "http");
}

} // namespace

int main() {
    texts();
    versions();
    endpoints();
    CHECK(!host_name().empty());
    return failures != 0;
}
