// SPDX-License-Identifier: MIT OR BSL-1.0
// What a guest with rules for the network says: questions to its name server,
// addresses that it connects to. And the rules.
#include "sandbox/egress.hpp"
#include "sandbox/dns.hpp"
#include "sandbox/outward_socket.hpp"

#include <algorithm>

namespace {

using namespace emilua::sandbox;
using boost::asio::ip::make_address;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

void ask(std::string_view packet) {
    const auto q = dns::read_question(packet);
    if (!q) return;
    require(q->packet.size() <= packet.size() && q->name.size() < 256);
    std::vector<boost::asio::ip::address> all;
    for (int i = 0; i < 100; ++i)
        all.push_back(make_address(i % 2 ? "192.0.2.1" : "2001:db8::1"));
    for (const auto r :
         {dns::result::ok, dns::result::failed, dns::result::no_such_name})
        require(dns::answer(*q, r, all).size() <= 512);
}

void connect(const std::string& bytes) {
    if (const auto to = internet_address(bytes)) {
        const auto a = egress_rules::normal(to->address());
        require(egress_rules::normal(a) == a);
    }
    if (const auto path = unix_path(bytes))
        require(path->size() <= bytes.size() && path->find('\0') == path->npos);
}

void allow(std::string_view text) {
    egress_rules rules;
    if (!rules.add(text)) return;
    // One rule allows what it says, however that is asked for.
    for (const char* a : {"127.0.0.1", "10.1.2.3", "::1", "2001:db8::1"})
        rules.allows(make_address(a), 443);
    if (text.front() == '/') {
        require(rules.allows_path(text) && !rules.has_names());
        return;
    }
    const auto host = text.substr(0, text.rfind(':'));
    rules.allows(egress_rules::normal(host));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
    if (size < 2) return 0;
    const std::string_view rest{reinterpret_cast<const char*>(data + 1),
                                size - 1};
    switch (*data % 3) {
    case 0:
        ask(rest);
        break;
    case 1:
        connect(std::string{rest.substr(0, 128)});
        break;
    default:
        allow(rest);
    }
    return 0;
}
