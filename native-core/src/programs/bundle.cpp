// SPDX-License-Identifier: MIT OR BSL-1.0
#include "programs/bundle.hpp"

#include "core/built_in.hpp"
#include "sandbox/part.hpp"

#include <emilua/error.hpp>
#include <emilua/unique_descriptor.hpp>

#include <cstdint>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emilua {
namespace {

constexpr char own_file[] = "/proc/self/exe";
/// What the files begin at a multiple of: no page is larger.
constexpr std::uint64_t granule = 64 << 10;

/// Written into the copy, so that an executable without files need not look
/// for them.
struct bundle_slot {
    char mark[24];
    std::uint64_t offset, size;
};

// volatile: what the compiler sees is not what will be there.
[[gnu::used]] const volatile bundle_slot slot{"emilua: bundle is here", 0, 0};

bundle_slot own_slot() noexcept {
    bundle_slot s{};
    for (std::size_t i = 0; i < sizeof(s.mark); ++i) s.mark[i] = slot.mark[i];
    s.offset = slot.offset;
    s.size = slot.size;
    return s;
}

[[noreturn]] void fail_at(const std::string& path, const char* syscall) {
    failure f{error_code{errno, boost::system::system_category()}, syscall};
    f.path = path;
    throw f;
}

[[noreturn]] void fail_as_damaged() {
    failure f{error_code{ENOEXEC, boost::system::system_category()}};
    f.expected = "the files of its program behind it: it was stripped or cut";
    throw f;
}

std::string content_of(const std::string& path) {
    const unique_descriptor fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat s;
    if (!fd || ::fstat(fd.get(), &s) == -1) fail_at(path, "open");
    std::string content;
    content.reserve(static_cast<std::size_t>(s.st_size));
    char block[64 << 10];
    for (;;) {
        const auto n = ::read(fd.get(), block, sizeof(block));
        if (n == -1) fail_at(path, "read");
        if (n == 0) return content;
        content.append(block, static_cast<std::size_t>(n));
    }
}

/// Removes a file that did not become what it was to be.
class unfinished_file {
public:
    explicit unfinished_file(const std::string& path)
        : output_{path}, path_{path + ".unfinished"} {
        ::unlink(path_.c_str());
        fd_ = unique_descriptor{::open(
            path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777)};
        if (!fd_) fail_at(output_, "open");
    }
    ~unfinished_file() {
        if (fd_) ::unlink(path_.c_str());
    }
    unfinished_file(const unfinished_file&) = delete;
    unfinished_file& operator=(const unfinished_file&) = delete;

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n = ::write(fd_.get(), bytes.data(), bytes.size());
            if (n == -1) fail_at(output_, "write");
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    void finish() {
        if (::rename(path_.c_str(), output_.c_str()) == -1)
            fail_at(output_, "rename");
        fd_.reset();
    }

private:
    std::string output_, path_;
    unique_descriptor fd_;
};

/// `executable`, which says that `size` bytes are behind it.
std::string with_slot(std::string executable, std::uint64_t size) {
    auto s = own_slot();
    const auto at = executable.find({s.mark, sizeof(s.mark)});
    executable.resize((executable.size() + granule - 1) / granule * granule);
    s.offset = executable.size();
    s.size = size;
    executable.replace(at, sizeof(s), reinterpret_cast<const char*>(&s),
                       sizeof(s));
    return executable;
}

} // namespace

std::string open_bundle() {
    const auto s = own_slot();
    if (s.size == 0) return {};
    const unique_descriptor fd{::open(own_file, O_RDONLY | O_CLOEXEC)};
    struct stat file;
    if (!fd || ::fstat(fd.get(), &file) == -1) throw_errno("open");
    if (static_cast<std::uint64_t>(file.st_size) != s.offset + s.size)
        fail_as_damaged();
    void* const begin = ::mmap(nullptr, s.size, PROT_READ, MAP_PRIVATE,
                               fd.get(), static_cast<off_t>(s.offset));
    if (begin == MAP_FAILED) throw_errno("mmap");
    const std::string_view all{static_cast<const char*>(begin), s.size};
    sandbox::unpacker u{all};
    std::string program;
    for (auto left = u.number<std::uint32_t>(); left > 0; --left) {
        std::string place{u.text()};
        if (program.empty()) program = place;
        add_built_in_file(std::move(place), u.text());
    }
    return program;
}

void write_bundle(const std::string& output,
                  const std::vector<bundled_file>& files) {
    sandbox::packer p;
    p.number(static_cast<std::uint32_t>(files.size()));
    struct stat there, input;
    const bool exists = ::stat(output.c_str(), &there) == 0;
    if (exists && S_ISDIR(there.st_mode)) {
        errno = EISDIR;
        fail_at(output, "open");
    }
    for (const auto& f : files) {
        if (exists && ::stat(f.file.c_str(), &input) == 0 &&
            input.st_dev == there.st_dev && input.st_ino == there.st_ino) {
            errno = EEXIST;
            fail_at(output, "open");
        }
        p.text(f.place).text(content_of(f.file));
    }
    const auto packed = p.take();
    unfinished_file to{output};
    to.write(with_slot(content_of(own_file), packed.size()));
    to.write(packed);
    to.finish();
}

} // namespace emilua
