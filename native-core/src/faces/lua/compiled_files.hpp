// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <sys/stat.h>

namespace emilua::lua {

/// What actors have compiled, for the next ones that run the same files. All
/// functions from any thread.
class compiled_files {
public:
    static compiled_files& instance();

    /// The bytecode of what is at `path` and has the status `now`; null if it
    /// has changed, or is not kept.
    std::shared_ptr<const std::string> find(const std::string& path,
                                            const struct stat& now);
    /// Keeps it, unless the file has changed so shortly before it was read that
    /// another change might not be seen.
    void keep(const std::string& path, const struct stat& when_read,
              std::string bytecode);

private:
    struct entry {
        struct stat status;
        std::shared_ptr<const std::string> bytecode;
    };
    std::mutex mutex_;
    std::map<std::string, entry> entries_;
    std::size_t size_ = 0;
};

} // namespace emilua::lua
