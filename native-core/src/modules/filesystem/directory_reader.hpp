// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/unique_descriptor.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace emilua::filesystem {

/// How deep trees may be that are gone through with a descriptor a level: no
/// path names what is deeper.
inline constexpr int deepest_folder = 2048;

/// Opens a folder below `at`. Empty, with errno, if that fails.
unique_descriptor open_folder(int at, const char* name,
                              bool follow_symlink) noexcept;

/// Goes through an open folder, without "." and "..".
class directory_reader {
public:
    struct item {
        /// Ends with NUL, and is gone with the next call.
        std::string_view name;
        /// As in dirent: DT_REG, …; DT_UNKNOWN where the system does not say.
        unsigned char type;
    };

    explicit directory_reader(unique_descriptor fd) : fd_{std::move(fd)} {}

    int fd() const noexcept { return fd_.get(); }
    /// Throws what getdents64 says.
    std::optional<item> next();
    /// Begins anew.
    void rewind();

private:
    static constexpr std::size_t capacity = 32768;

    unique_descriptor fd_;
    std::unique_ptr<std::byte[]> buffer_;
    std::size_t at_ = 0, size_ = 0;
};

} // namespace emilua::filesystem
