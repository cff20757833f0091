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
    /// Of what was read already.
    enum class ahead { something, the_end, unknown };

    explicit directory_reader(unique_descriptor fd) : fd_{std::move(fd)} {}

    int fd() const noexcept { return fd_.get(); }
    /// Throws what getdents64 says.
    std::optional<item> next();
    /// What `next` will come to, if that is known without a system call.
    ahead look_ahead() noexcept;
    /// Calls `f(item)`, until it returns false, with what was read already and
    /// is still to come.
    template <class F> void for_each_ahead(F f) const {
        for (auto at = at_; at < size_;) {
            const auto i = read(at);
            if (!is_dots(i.name) && !f(i)) return;
        }
    }
    /// Reads as much as there is room for.
    void fill();
    /// Begins anew.
    void rewind();

private:
    static constexpr std::size_t capacity = 32768;
    /// More than any entry takes.
    static constexpr std::size_t largest_entry = 512;

    static bool is_dots(std::string_view name) noexcept {
        return name == "." || name == "..";
    }
    /// The item at `at`, which is moved on.
    item read(std::size_t& at) const noexcept;

    unique_descriptor fd_;
    std::unique_ptr<std::byte[]> buffer_;
    std::size_t at_ = 0, size_ = 0;
    bool at_end_ = false;
};

} // namespace emilua::filesystem
