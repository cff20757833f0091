// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/capabilities.hpp"
#include "modules/filesystem/open.hpp"

#include <emilua/describe.hpp>
#include <emilua/unique_descriptor.hpp>

namespace emilua::file_descriptor {

enum class socket_family { unix_, inet, inet6 };
enum class socket_kind { stream, datagram, seqpacket };
enum class socket_protocol { tcp, udp };
enum class file_kind {
    regular,
    directory,
    symlink,
    block,
    character,
    fifo,
    socket,
    unknown,
};

/// A descriptor in the hands of a program, attached to no reactor.
class file_descriptor {
public:
    explicit file_descriptor(unique_descriptor fd) noexcept
        : fd_{std::move(fd)} {}

    /// Throws EBADF when it is closed, or was handed on.
    int get() const;
    /// Hands the descriptor on; this object is closed afterwards.
    unique_descriptor take();

    void close();
    file_descriptor dup() const;
    bool is_socket(socket_family family, std::optional<socket_kind> type,
                   std::optional<socket_protocol> protocol) const;
    int kcmp(const file_descriptor& other) const;
    file_descriptor openat(filesystem::path path,
                           flags_of<filesystem::openat_flag> flags,
                           std::optional<std::uint32_t> mode);
    /// For TypeScript.
    file_descriptor
    openat_bytes(std::variant<filesystem::path, value::bytes> path,
                 flags_of<filesystem::openat_flag> flags,
                 std::optional<std::uint32_t> mode);
    filesystem::linux_capabilities cap_get() const;
    void cap_set(filesystem::capabilities_to_set caps);
    std::string cap_get_text() const { return cap_get().to_string(); }
    void cap_set_text(filesystem::capability_text caps);
    bool non_blocking() const;
    void set_non_blocking(bool v);
    file_kind type() const;
    /// The same, and what it was when it was handed on.
    file_kind last_type() const { return was_ ? *was_ : type(); }
    std::string to_string() const;

    parcel pack() {
        parcel p;
        p.descriptors.push_back(take());
        return p;
    }
    static file_descriptor unpack(vm&, parcel p) {
        return file_descriptor{std::move(p.descriptors.at(0))};
    }

private:
    unique_descriptor fd_;
    /// Once it was handed on.
    std::optional<file_kind> was_{};
};

} // namespace emilua::file_descriptor

template <>
struct emilua::described_in<emilua::file_descriptor::file_descriptor> {
    static constexpr auto module = "file_descriptor";
};
