// SPDX-License-Identifier: MIT OR BSL-1.0
#include <emilua/plugin.hpp>

#include <array>
#include <fcntl.h>
#include <unistd.h>

namespace {

using emilua::const_bytes;
using emilua::fn;

constexpr auto table = [] {
    std::array<std::uint32_t, 256> t{};
    for (std::uint32_t i = 0; i < t.size(); ++i) {
        t[i] = i;
        for (int bit = 0; bit < 8; ++bit)
            t[i] = (t[i] >> 1) ^ ((t[i] & 1) != 0 ? 0xedb88320U : 0);
    }
    return t;
}();

class hasher {
public:
    static hasher make() { return {}; }

    void update(const_bytes buffer) { add(buffer.now()); }

    std::uint32_t digest() const { return ~state_; }

    void add(boost::asio::const_buffer bytes) {
        const auto* p = static_cast<const unsigned char*>(bytes.data());
        for (std::size_t i = 0; i < bytes.size(); ++i)
            state_ = (state_ >> 8) ^ table[(state_ ^ p[i]) & 0xff];
    }

private:
    std::uint32_t state_ = 0xffffffff;
};

std::uint32_t crc32(const_bytes buffer) {
    hasher h;
    h.update(buffer);
    return h.digest();
}

// Blocks; in TypeScript a thread of Emilua's pool does it.
std::uint32_t hash_file(const emilua::c_string& path) {
    const emilua::unique_descriptor fd{
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd) emilua::throw_errno("open", "path");
    hasher h;
    std::array<char, 65536> slice;
    for (;;) {
        const auto n = ::read(fd.get(), slice.data(), slice.size());
        if (n < 0) emilua::throw_errno("read", "path");
        if (n == 0) return h.digest();
        h.add({slice.data(), static_cast<std::size_t>(n)});
    }
}

void describe(emilua::module_builder& m) {
    m.doc("CRC-32, as zip, gzip and PNG have it.");
    m.sync("crc32", fn<&crc32>, {{"bytes", "What to sum up."}},
           "The checksum of a buffer.");
    m.blocking_query("hash_file", fn<&hash_file>, {{"path", "The file."}},
                     "The checksum of a file's content.",
                     "Errors are those of open(2) and read(2).");
    m.cls<hasher>("hasher", "A checksum of what comes piece by piece.")
        .constructor("new", fn<&hasher::make>, {}, "The checksum of nothing.")
        .sync("update", fn<&hasher::update>, {{"bytes", "The next piece."}},
              "Goes on with a piece.")
        .property("digest", fn<&hasher::digest>,
                  "The checksum of the pieces so far.");
}

} // namespace

EMILUA_PLUGIN_MODULE("checksum", describe);
