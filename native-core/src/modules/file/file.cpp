// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/file/file.hpp"

#include "core/byte_stream.hpp"
#include "core/shared_calls.hpp"
#include "modules/file/operation.hpp"

#include <limits>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

namespace emilua::file {
namespace {

/// As every program that makes files, unless it says otherwise.
constexpr std::uint32_t mode_of_new_files = 0666;

const error_code no_places{ESPIPE, boost::system::system_category()};

/// Offsets are signed in the kernel.
std::int64_t offset_of(std::uint64_t v) noexcept {
    return static_cast<std::int64_t>(
        std::min<std::uint64_t>(v, std::numeric_limits<std::int64_t>::max()));
}

/// The error of what a call gave that was made at once, if it is one.
error_code error_of_call(ssize_t n, bool end_is_error) noexcept {
    if (n < 0) return last_error();
    if (n == 0 && end_is_error) return boost::asio::error::eof;
    return {};
}

/// Whether so many bytes may be moved at once.
bool may_move(vm& owner, std::size_t size) noexcept {
    constexpr std::size_t page = 4096;
    if (size <= page) return owner.may_do_little();
    if (owner.inline_budget == 0) return false;
    --owner.inline_budget;
    return true;
}

prompt<std::size_t> prompt_of_call(ssize_t n, bool end_is_error,
                                   const char* syscall) {
    prompt<std::size_t> p;
    if (n < 0 && errno == EAGAIN)
        p.in_vain = true;
    else if (const auto ec = error_of_call(n, end_is_error))
        p.error = failure{ec, syscall};
    else
        p.values = {static_cast<std::size_t>(n)};
    return p;
}

/// Completes `h` with what a call gave that was made at once.
void complete(handler<std::size_t> h, ssize_t n, bool end_is_error,
              const char* syscall) {
    const auto ec = error_of_call(n, end_is_error);
    const auto moved = n < 0 ? 0 : static_cast<std::size_t>(n);
    if (h.may_complete_inline()) return ec ? h.fail(ec, syscall) : h({}, moved);
    ec ? h.fail_later(ec, syscall) : h.complete_later({}, moved);
}

[[noreturn]] void refuse_place(int code) {
    failure f{error_code{code, boost::system::system_category()}, "lseek",
              "offset"};
    if (code == EINVAL)
        f.expected = "a place that is not before the beginning of the file";
    else if (code == ESPIPE)
        f.expected = "a FIFO, a terminal or a socket has no position";
    throw f;
}

template <class File>
File make_file(vm& owner, std::optional<consumed<file_descriptor>> fd) {
    File f{owner};
    if (fd) f.assign(std::move(*fd));
    return f;
}

} // namespace

file_object::file_object(vm& owner, transfer_order order)
    : owner_{owner}, order_{order}, io_{owner.io()} {}

file_object::~file_object() {
    if (!is_open()) return;
    cancel_locks(this);
    if (file_) file_->close();
}

int file_object::get() const {
    if (!is_open()) throw failure{bad_descriptor()};
    return number();
}

void file_object::open(filesystem::path path, flags_of<file_open_flag> flags,
                       std::optional<std::uint32_t> mode) {
    if (is_open()) throw failure{boost::asio::error::already_open};
    take(filesystem::open_file(AT_FDCWD, path, {flags.bits},
                               mode.value_or(mode_of_new_files)));
}

void file_object::assign(consumed<file_descriptor> fd) {
    if (is_open()) throw failure{boost::asio::error::already_open};
    auto taken = fd->take();
    try {
        take(std::move(taken));
    } catch (failure& f) {
        *fd = file_descriptor{std::move(taken)};
        f.argument = "fd";
        throw;
    }
}

void file_object::take(unique_descriptor&& fd) {
    struct stat st;
    if (::fstat(fd.get(), &st) != 0) throw_errno("fstat");
    if (order_ == transfer_order::serial && !S_ISREG(st.st_mode) &&
        !S_ISBLK(st.st_mode) && !S_ISDIR(st.st_mode)) {
        try {
            return io_.open(std::move(fd), true);
        } catch (const failure& f) {
            // Nobody ever waits for it.
            if (f.code.value() != EPERM) throw;
        }
    }
    // A ring would not refuse to read such a file at a place, but ignore it.
    has_places_ = ::lseek(fd.get(), 0, SEEK_CUR) >= 0;
    if (!has_places_ && errno != ESPIPE) throw_errno("lseek");
    file_ = std::make_shared<open_file>(owner_, std::move(fd), order_);
}

unique_descriptor file_object::let_go() {
    cancel_locks(this);
    if (!file_) return io_.release();
    auto fd = file_->release();
    file_.reset();
    return fd;
}

file_descriptor file_object::release() {
    get();
    return file_descriptor{let_go()};
}

void file_object::close() {
    if (!is_open()) return;
    cancel_locks(this);
    const lock_release released{number()};
    const auto ec = file_ ? file_->close() : io_.close();
    file_.reset();
    released.done();
    throw_if(ec, "close");
}

void file_object::cancel() {
    get();
    cancel_locks(this);
    if (file_)
        file_->cancel_all();
    else
        io_.cancel();
}

std::uint64_t file_object::size() const {
    struct stat st;
    if (::fstat(get(), &st) != 0) throw_errno("fstat");
    std::uint64_t n = 0;
    if (!S_ISBLK(st.st_mode)) return static_cast<std::uint64_t>(st.st_size);
    if (::ioctl(number(), BLKGETSIZE64, &n) != 0) throw_errno("ioctl");
    return n;
}

void file_object::resize(std::uint64_t n) {
    const int fd = get();
    while (::ftruncate(fd, offset_of(n)) != 0)
        if (errno != EINTR) throw_errno("ftruncate");
}

void file_object::resize_later(std::uint64_t n, handler<> h) {
    call(file_call::resize, "ftruncate", offset_of(n), std::move(h));
}

void file_object::sync_all(handler<> h) {
    call(file_call::sync_all, "fsync", 0, std::move(h));
}

void file_object::sync_data(handler<> h) {
    call(file_call::sync_data, "fdatasync", 0, std::move(h));
}

void file_object::call(file_call what, const char* syscall, std::int64_t offset,
                       handler<> h) {
    if (!is_open()) return h.fail(bad_descriptor(), syscall);
    // Of what is in no file system, the kernel says the same.
    if (!file_)
        return h.fail({EINVAL, boost::system::system_category()}, syscall);
    operation_on_file<no_buffer>::start(file_, what, syscall, {}, offset,
                                        std::move(h));
}

void file_object::lock_as(lock_kind kind, handler<> h) {
    if (!is_open()) return h.fail(bad_descriptor(), "flock");
    file::lock(this, number(), kind, std::move(h));
}

bool file_object::try_lock() {
    return file::try_lock(get(), lock_kind::exclusive);
}

bool file_object::try_lock_shared() {
    return file::try_lock(get(), lock_kind::shared);
}

void file_object::unlock() { file::unlock(get()); }

bool file_object::busy() const noexcept {
    if (!is_open()) return false;
    return waits_for_locks(this) ||
           (file_ ? !file_->idle()
                  : io_.pending(io_direction::read) != 0 ||
                        io_.pending(io_direction::write) != 0);
}

parcel file_object::pack() {
    parcel p;
    if (is_open()) p.descriptors.push_back(let_go());
    return p;
}

void file_object::adopt(parcel&& p) {
    if (!p.descriptors.empty()) take(std::move(p.descriptors.front()));
}

void file_object::read(mutable_bytes buffer, std::int64_t offset,
                       handler<std::size_t> h) {
    if (!is_open()) return h.fail(bad_descriptor(), "read");
    if (buffer.size() == 0) return h({}, 0);
    if (!file_)
        return perform(
            io_, io_direction::read, at_once::no,
            receive_attempt<shared_calls>{buffer}, std::move(h), "read",
            [](handler<std::size_t>& h, receive_attempt<shared_calls>& a) {
                h({}, a.received);
            });
    if (!h.op().in_vain) {
        const auto b = buffer.now();
        const auto n = file_->read_now(b.data(), b.size(), offset);
        if (n >= 0 || errno != EAGAIN)
            return complete(std::move(h), n, true, "read");
    }
    operation_on_file<mutable_bytes, std::size_t>::start(
        file_, file_call::read, "read", buffer, offset, std::move(h));
}

void file_object::write(const_bytes buffer, std::int64_t offset,
                        handler<std::size_t> h) {
    if (!is_open()) return h.fail(bad_descriptor(), "write");
    if (buffer.size() == 0) return h({}, 0);
    if (!file_)
        return perform(io_, io_direction::write, at_once::in_budget,
                       send_attempt<shared_calls>{buffer}, std::move(h),
                       "write",
                       [](handler<std::size_t>& h,
                          send_attempt<shared_calls>& a) { h({}, a.sent); });
    if (!h.op().in_vain) {
        const auto b = buffer.now();
        const auto n = file_->write_now(b.data(), b.size(), offset);
        if (n >= 0 || errno != EAGAIN)
            return complete(std::move(h), n, false, "write");
    }
    operation_on_file<const_bytes, std::size_t>::start(
        file_, file_call::write, "write", buffer, offset, std::move(h));
}

prompt<std::size_t> file_object::read_now(const mutable_bytes& buffer,
                                          std::int64_t offset) {
    if (!file_ || buffer.size() == 0 || !may_move(owner_, buffer.size()))
        return {};
    const auto b = buffer.now();
    return prompt_of_call(file_->read_now(b.data(), b.size(), offset), true,
                          "read");
}

prompt<std::size_t> file_object::write_now(const const_bytes& buffer,
                                           std::int64_t offset) {
    if (!file_ || buffer.size() == 0 || !may_move(owner_, buffer.size()))
        return {};
    const auto b = buffer.now();
    return prompt_of_call(file_->write_now(b.data(), b.size(), offset), false,
                          "write");
}

random_access random_access::make(vm& owner,
                                  std::optional<consumed<file_descriptor>> fd) {
    return make_file<random_access>(owner, std::move(fd));
}

random_access random_access::unpack(vm& owner, parcel p) {
    random_access f{owner};
    f.adopt(std::move(p));
    return f;
}

void random_access::read_some_at(std::uint64_t offset, mutable_bytes buffer,
                                 handler<std::size_t> h) {
    if (is_open() && !has_places()) return h.fail(no_places, "pread");
    read(buffer, offset_of(offset), std::move(h));
}

prompt<std::size_t>
random_access::read_some_at_now(vm&, std::uint64_t offset,
                                const mutable_bytes& buffer) {
    if (!has_places()) return {};
    return read_now(buffer, offset_of(offset));
}

void random_access::write_some_at(std::uint64_t offset, const_bytes buffer,
                                  handler<std::size_t> h) {
    if (is_open() && !has_places()) return h.fail(no_places, "pwrite");
    write(buffer, offset_of(offset), std::move(h));
}

prompt<std::size_t>
random_access::write_some_at_now(vm&, std::uint64_t offset,
                                 const const_bytes& buffer) {
    if (!has_places()) return {};
    return write_now(buffer, offset_of(offset));
}

stream stream::make(vm& owner, std::optional<consumed<file_descriptor>> fd) {
    return make_file<stream>(owner, std::move(fd));
}

stream stream::unpack(vm& owner, parcel p) {
    stream f{owner};
    f.adopt(std::move(p));
    return f;
}

std::uint64_t stream::seek(std::int64_t offset, seek_origin whence) {
    static constexpr int origins[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    const auto at = ::lseek(get(), offset, origins[static_cast<int>(whence)]);
    if (at < 0) refuse_place(errno);
    return static_cast<std::uint64_t>(at);
}

void stream::read_some(mutable_bytes buffer, handler<std::size_t> h) {
    read(buffer, file_transfer::at_position, std::move(h));
}

prompt<std::size_t> stream::read_some_now(vm&, const mutable_bytes& buffer) {
    return read_now(buffer, file_transfer::at_position);
}

void stream::write_some(const_bytes buffer, handler<std::size_t> h) {
    write(buffer, file_transfer::at_position, std::move(h));
}

prompt<std::size_t> stream::write_some_now(vm&, const const_bytes& buffer) {
    return write_now(buffer, file_transfer::at_position);
}

} // namespace emilua::file
