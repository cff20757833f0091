// SPDX-License-Identifier: MIT OR BSL-1.0
// Nothing of a private key's text stays in memory once it was read, and nothing
// of the key once the last that uses it is gone.
#include "modules/tls/context.hpp"
#include "modules/tls/openssl.hpp"
#include "test_vm.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <memory>

#include <sys/wait.h>
#include <unistd.h>

using namespace emilua;
using namespace emilua::test;

namespace {

const std::string path = "/tmp/emilua-wiped-" + std::to_string(::getpid());

/// Bytes to look for that are not in memory themselves: with all bits turned.
using needle = std::array<unsigned char, 24>;

struct needles {
    /// Of the text of the key, and of its number as OpenSSL has it.
    needle text, number;
};

needle turned(const char* from) {
    needle n;
    for (std::size_t i = 0; i < n.size(); ++i)
        n[i] = static_cast<unsigned char>(~from[i]);
    return n;
}

/// What a key in PEM (PKCS #8) has of itself, least byte first.
std::string number_in(std::string_view pem) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string der;
    unsigned bits = 0, value = 0;
    for (const char c : pem.substr(pem.find('\n'))) {
        const auto digit = digits.find(c);
        if (c == '-') break;
        if (digit == digits.npos) continue;
        value = value << 6 | static_cast<unsigned>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        der += static_cast<char>(value >> bits);
    }
    // ECPrivateKey: version 1, and 32 bytes.
    const auto at = der.find(std::string_view{"\x02\x01\x01\x04\x20"});
    auto number = der.substr(at + 5, 32);
    std::ranges::reverse(number);
    return number;
}

/// Makes a key, as another process: nothing of it is left here.
needles write_key() {
    int fds[2];
    CHECK(::pipe(fds) == 0);
    const auto child = ::fork();
    if (child == 0) {
        tls::prepare_openssl();
        const tls::pkey_ptr pair{EVP_EC_gen("P-256")};
        const tls::bio_ptr text{BIO_new(BIO_s_mem())};
        PEM_write_bio_PrivateKey(text.get(), pair.get(), nullptr, nullptr, 0,
                                 nullptr, nullptr);
        char* p = nullptr;
        const auto size = BIO_get_mem_data(text.get(), &p);
        std::ofstream{path}.write(p, size);
        const std::string_view pem{p, static_cast<std::size_t>(size)};
        const auto number = number_in(pem);
        // Its second line: what each key begins with is in the first.
        const needles found{turned(p + pem.find('\n') + 66),
                            turned(number.data())};
        ::_exit(::write(fds[1], &found, sizeof(found)) == sizeof(found) ? 0
                                                                        : 1);
    }
    ::close(fds[1]);
    needles found{};
    CHECK(::read(fds[0], &found, sizeof(found)) == sizeof(found));
    ::close(fds[0]);
    int status = 1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
    return found;
}

[[gnu::no_sanitize("address")]] bool is_at(const unsigned char* p,
                                           const needle& n) {
    for (std::size_t i = 0; i < n.size(); ++i)
        if (p[i] != static_cast<unsigned char>(~n[i])) return false;
    return true;
}

/// How often `n` is in what this process may write.
int times_in_memory(const needle& n) {
    int times = 0;
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        unsigned long first = 0, last = 0;
        char how[5] = {};
        if (std::sscanf(line.c_str(), "%lx-%lx %4s", &first, &last, how) != 3 ||
            std::strncmp(how, "rw", 2) != 0)
            continue;
        const auto* end = reinterpret_cast<unsigned char*>(last) - n.size();
        for (const auto* p = reinterpret_cast<unsigned char*>(first); p <= end;
             ++p)
            times += is_at(p, n);
    }
    return times;
}

/// So that the test would find what is there.
void finds_what_is_there() {
    std::array<char, 24> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(17 * i + 5);
    const auto n = turned(bytes.data());
    const auto copy = std::make_unique<std::array<char, 24>>(bytes);
    CHECK(times_in_memory(n) >= 2);
}

void from_a_file(const needles& key) {
    {
        auto context = tls::context::make(tls::method::tls_server);
        context.use_private_key_file(filesystem::path{path},
                                     tls::data_format::pem, {});
        CHECK(times_in_memory(key.text) == 0);
        CHECK(times_in_memory(key.number) != 0);
    }
    CHECK(times_in_memory(key.number) == 0);
}

void from_a_secret(const needles& key) {
    {
        auto context = tls::context::make(tls::method::tls_server);
        {
            char text[512];
            std::FILE* const file = std::fopen(path.c_str(), "r");
            std::setvbuf(file, nullptr, _IONBF, 0);
            const auto size = std::fread(text, 1, sizeof(text), file);
            std::fclose(file);
            secret given{{text, size}};
            ::explicit_bzero(text, sizeof(text));
            CHECK(times_in_memory(key.text) == 1);
            context.use_private_key(given, tls::data_format::pem, {});
        }
        CHECK(times_in_memory(key.text) == 0);
        CHECK(times_in_memory(key.number) != 0);
    }
    CHECK(times_in_memory(key.number) == 0);
}

} // namespace

int main() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    // Terabytes of a sanitizer's own are mapped, too.
    return 0;
#endif
    const auto key = write_key();
    tls::prepare_openssl();
    finds_what_is_there();
    from_a_file(key);
    from_a_secret(key);
    ::unlink(path.c_str());
    return failures != 0;
}
