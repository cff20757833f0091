// SPDX-License-Identifier: MIT OR BSL-1.0
#include <emilua/plugin.hpp>

#include <boost/asio/post.hpp>

#include <array>
#include <fcntl.h>
#include <unistd.h>

namespace {

using emilua::const_bytes;
using emilua::error_code;
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

/// A file that is read slice by slice, each on a turn of its own, so that
/// neither other fibers nor a cancellation wait for the whole of it.
class file_hasher : public std::enable_shared_from_this<file_hasher> {
public:
    file_hasher(int fd, emilua::handler<std::uint32_t> h) : fd_{fd}, h_{h} {}
    file_hasher(const file_hasher&) = delete;
    file_hasher& operator=(const file_hasher&) = delete;
    ~file_hasher() { ::close(fd_); }

    void start() {
        h_.get_cancellation_slot().assign(
            [self = weak_from_this()](boost::asio::cancellation_type) {
                if (const auto s = self.lock()) s->canceled_ = true;
            });
        next();
    }

private:
    void next() {
        boost::asio::post(h_.owner().io(),
                          [self = shared_from_this()] { self->read(); });
    }

    void read() {
        if (canceled_) return h_(boost::asio::error::operation_aborted, 0);
        const auto n = ::read(fd_, slice_.data(), slice_.size());
        if (n < 0) {
            return h_.fail({errno, boost::system::system_category()}, "read",
                           "path");
        }
        if (n == 0) return h_({}, hasher_.digest());
        hasher_.add({slice_.data(), static_cast<std::size_t>(n)});
        next();
    }

    int fd_;
    emilua::handler<std::uint32_t> h_;
    hasher hasher_;
    std::atomic<bool> canceled_ = false;
    std::array<char, 65536> slice_;
};

void hash_file(std::string path, emilua::handler<std::uint32_t> h) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) emilua::throw_errno("open", "path");
    std::make_shared<file_hasher>(fd, h)->start();
}

emilua::module_description describe_checksum() {
    emilua::module_description d;
    d.name = "checksum";
    d.doc = "CRC-32, as zip, gzip and PNG have it.";
    emilua::module_builder m{d};
    m.sync("crc32", fn<&crc32>, {{"bytes", "What to sum up."}},
           "The checksum of a buffer.");
    m.async("hash_file", fn<&hash_file>, {{"path", "The file."}},
            "The checksum of a file's content.",
            "Errors are those of open(2) and read(2).");
    m.cls<hasher>("hasher", "A checksum of what comes piece by piece.")
        .constructor("new", fn<&hasher::make>, {}, "The checksum of nothing.")
        .sync("update", fn<&hasher::update>, {{"bytes", "The next piece."}},
              "Goes on with a piece.")
        .property("digest", fn<&hasher::digest>,
                  "The checksum of the pieces so far.");
    return d;
}

} // namespace

EMILUA_PLUGIN_MODULE(describe_checksum);
