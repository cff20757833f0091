// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/io_descriptor.hpp"
#include "core/open_file.hpp"
#include "modules/file/lock.hpp"
#include "modules/file_descriptor/file_descriptor.hpp"
#include "modules/filesystem/open.hpp"

#include <emilua/bytes.hpp>

namespace emilua::file {

using file_descriptor::file_descriptor;

/// Those of `filesystem::openat_flag` that the files of this module know, as
/// the same numbers.
enum class file_open_flag : unsigned {
    append = static_cast<unsigned>(filesystem::openat_flag::append),
    create = static_cast<unsigned>(filesystem::openat_flag::create),
    exclusive = static_cast<unsigned>(filesystem::openat_flag::exclusive),
    read_only = static_cast<unsigned>(filesystem::openat_flag::read_only),
    read_write = static_cast<unsigned>(filesystem::openat_flag::read_write),
    sync_all_on_write =
        static_cast<unsigned>(filesystem::openat_flag::sync_all_on_write),
    truncate = static_cast<unsigned>(filesystem::openat_flag::truncate),
    write_only = static_cast<unsigned>(filesystem::openat_flag::write_only),
};

enum class seek_origin { set, cur, end };

/// What the objects of programs that stand for an open file have in common.
class file_object {
public:
    file_object(file_object&& o) noexcept = default;
    file_object& operator=(file_object&&) = delete;
    ~file_object();

    void open(filesystem::path path, flags_of<file_open_flag> flags,
              std::optional<std::uint32_t> mode);
    void assign(consumed<file_descriptor> fd);
    file_descriptor release();
    void close();
    void cancel();

    bool is_open() const noexcept { return number() >= 0; }
    std::uint64_t size() const;
    void resize(std::uint64_t n);
    void resize_later(std::uint64_t n, handler<> h);
    void sync_all(handler<> h);
    void sync_data(handler<> h);

    void lock(handler<> h) { lock_as(lock_kind::exclusive, std::move(h)); }
    void lock_shared(handler<> h) { lock_as(lock_kind::shared, std::move(h)); }
    bool try_lock();
    bool try_lock_shared();
    void unlock();

    /// Whether an operation is pending, so that the object cannot be moved.
    bool busy() const noexcept;
    parcel pack();

protected:
    file_object(vm& owner, transfer_order order);
    void adopt(parcel&& p);

    /// Throws EBADF when it is closed.
    int get() const;
    bool has_places() const noexcept { return has_places_; }
    int number() const noexcept { return file_ ? file_->get() : io_.get(); }
    void read(mutable_bytes buffer, std::int64_t offset,
              handler<std::size_t> h);
    void write(const_bytes buffer, std::int64_t offset, handler<std::size_t> h);
    /// What they come to that need not wait for a disk.
    prompt<std::size_t> read_now(const mutable_bytes& buffer,
                                 std::int64_t offset);
    prompt<std::size_t> write_now(const const_bytes& buffer,
                                  std::int64_t offset);

private:
    void take(unique_descriptor&& fd);
    unique_descriptor let_go();
    void lock_as(lock_kind kind, handler<> h);
    void call(file_call what, const char* syscall, std::int64_t offset,
              handler<> h);

    vm& owner_;
    transfer_order order_;
    /// The file, unless it is one of which the reactor can tell when there is
    /// something to read: a FIFO, a terminal.
    std::shared_ptr<open_file> file_;
    bool has_places_ = false;
    io_descriptor io_;
};

class random_access : public file_object {
public:
    explicit random_access(vm& owner)
        : file_object{owner, transfer_order::any} {}
    static random_access make(vm& owner,
                              std::optional<consumed<file_descriptor>> fd);
    static random_access unpack(vm& owner, parcel p);

    void read_some_at(std::uint64_t offset, mutable_bytes buffer,
                      handler<std::size_t> h);
    prompt<std::size_t> read_some_at_now(vm& owner, std::uint64_t offset,
                                         const mutable_bytes& buffer);
    void write_some_at(std::uint64_t offset, const_bytes buffer,
                       handler<std::size_t> h);
    prompt<std::size_t> write_some_at_now(vm& owner, std::uint64_t offset,
                                          const const_bytes& buffer);
};

class stream : public file_object {
public:
    explicit stream(vm& owner) : file_object{owner, transfer_order::serial} {}
    static stream make(vm& owner, std::optional<consumed<file_descriptor>> fd);
    static stream unpack(vm& owner, parcel p);

    std::uint64_t seek(std::int64_t offset, seek_origin whence);
    void read_some(mutable_bytes buffer, handler<std::size_t> h);
    prompt<std::size_t> read_some_now(vm& owner, const mutable_bytes& buffer);
    void write_some(const_bytes buffer, handler<std::size_t> h);
    prompt<std::size_t> write_some_now(vm& owner, const const_bytes& buffer);
};

} // namespace emilua::file

template <> struct emilua::described_in<emilua::file::random_access> {
    static constexpr auto module = "file";
};

template <> struct emilua::described_in<emilua::file::stream> {
    static constexpr auto module = "file";
};
