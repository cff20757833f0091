// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/failure_report.hpp"

#include "sandbox/part.hpp"

#include <emilua/error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace emilua::sandbox {
namespace {

constexpr std::size_t largest_packet = 4096, longest_headline = 1000,
                      longest_details = 2900;

int starter = -1;

void tell(failure_report::kind what, std::string_view headline,
          std::string_view details) noexcept {
    if (starter == -1) return;
    try {
        packer p;
        p.number(what)
            .text(headline.substr(0, longest_headline))
            .text(details.substr(0, longest_details));
        const auto packet = p.take();
        while (::send(starter, packet.data(), packet.size(),
                      MSG_DONTWAIT | MSG_NOSIGNAL) == -1 &&
               errno == EINTR)
            ;
    } catch (const std::bad_alloc&) {
        // The status tells the rest.
    }
}

/// How many bytes the character at the front of `s` has; 0 if it is none, or
/// one that moves the cursor or changes what is on a terminal.
std::size_t printable(std::string_view s) noexcept {
    const auto byte = [&](std::size_t i) {
        return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
    const std::size_t size = first >= 0xf0   ? 4
                             : first >= 0xe0 ? 3
                             : first >= 0xc2 ? 2
                                             : 0;
    if (size == 0 || first > 0xf4) return 0;
    std::uint32_t code = first & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U) return 0;
        code = code << 6U | (byte(i) & 0x3fU);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool wrong = code < least[size] || code > 0x10ffff ||
                       (code >= 0xd800 && code <= 0xdfff);
    // Control characters, and what turns the direction of writing.
    const bool moves = code < 0xa0 || code == 0x200e || code == 0x200f ||
                       (code >= 0x2028 && code <= 0x202e) ||
                       (code >= 0x2066 && code <= 0x2069);
    return wrong || moves ? 0 : size;
}

std::string lines_of(std::string_view details) {
    constexpr std::string_view heading = "stack traceback:";
    std::string s;
    if (details.starts_with(heading)) {
        s = heading;
        details.remove_prefix(heading.size());
    }
    return s + escaped(details, longest_details);
}

} // namespace

void tell_starter_on(int socket) noexcept { starter = socket; }

void tell_failure(std::string_view headline,
                  std::string_view details) noexcept {
    tell(failure_report::kind::failure, headline, details);
}

void tell_end(std::string_view reason, std::string_view details) noexcept {
    tell(failure_report::kind::end, reason, details);
}

hearing hear_report(int socket, failure_report& r) {
    std::array<char, largest_packet> packet;
    ssize_t n;
    while ((n = ::recv(socket, packet.data(), packet.size(), MSG_DONTWAIT)) ==
           -1)
        // A peer that has left something unread: told once, before what it
        // said.
        if (errno != EINTR && errno != ECONNRESET)
            return errno == EAGAIN ? hearing::nothing_yet : hearing::ended;
    if (n == 0) return hearing::ended;
    try {
        unpacker u{{packet.data(), static_cast<std::size_t>(n)}};
        r.what = u.number<failure_report::kind>();
        r.headline = escaped(u.text(), longest_headline);
        r.details = lines_of(u.text());
    } catch (const failure&) {
        return hearing::ended;
    }
    return r.what <= failure_report::kind::end ? hearing::report
                                               : hearing::ended;
}

std::string escaped(std::string_view text, std::size_t most) {
    constexpr char digits[] = "0123456789abcdef";
    std::string s;
    while (!text.empty() && s.size() < most) {
        if (const auto size = printable(text); size != 0) {
            s.append(text.substr(0, size));
            text.remove_prefix(size);
            continue;
        }
        const auto c = static_cast<unsigned char>(text[0]);
        text.remove_prefix(1);
        if (c == '\n') {
            s += "\n\t";
            if (text.starts_with('\t')) text.remove_prefix(1);
        } else if (c == '\t') {
            s += "\\t";
        } else {
            s += "\\x";
            s.append(1, digits[c >> 4U]).append(1, digits[c & 0xfU]);
        }
    }
    if (!text.empty()) s += "…";
    return s;
}

} // namespace emilua::sandbox
