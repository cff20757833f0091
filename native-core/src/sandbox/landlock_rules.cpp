// SPDX-License-Identifier: MIT OR BSL-1.0
// Files, network and signals of a guest once more, by Landlock.
#include "sandbox/steps.hpp"

#include "modules/system/landlock.hpp"

#include <emilua/unique_descriptor.hpp>

#include <map>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

using fs = system::landlock_access_fs;
using net = system::landlock_access_net;
using system::landlock_scope;

constexpr std::uint64_t bits(std::initializer_list<fs> rights) noexcept {
    std::uint64_t r = 0;
    for (const auto a : rights) r |= static_cast<unsigned>(a);
    return r;
}

constexpr auto reads = bits({fs::read_file, fs::read_dir});
// No devices: a node of number 0 is a whiteout to what lies under an overlay.
constexpr auto writes =
    bits({fs::write_file, fs::truncate, fs::remove_dir, fs::remove_file,
          fs::make_dir, fs::make_reg, fs::make_sock, fs::make_fifo,
          fs::make_sym, fs::refer});
/// What a rule for something that is no folder may have.
constexpr auto of_files = bits(
    {fs::execute, fs::write_file, fs::read_file, fs::truncate, fs::ioctl_dev});

/// The rights of files that an ABI knows, which are the lowest bits.
constexpr std::uint64_t known_to(std::uint32_t abi) noexcept {
    const int count = abi >= 5 ? 16 : abi >= 3 ? 15 : abi == 2 ? 14 : 13;
    return (1u << count) - 1;
}

struct ruleset_attributes {
    std::uint64_t files = 0, network = 0, scopes = 0;
};
struct [[gnu::packed]] path_rule {
    std::uint64_t allowed;
    std::int32_t parent;
};

class ruleset {
public:
    explicit ruleset(const confinement& c)
        : real_paths_{c.real_paths}, known_{known_to(c.landlock_abi)} {
        ruleset_attributes a{.files = known_};
        if (c.landlock_abi >= 4 && !c.shares_network)
            a.network = static_cast<unsigned>(net::bind_tcp) |
                        static_cast<unsigned>(net::connect_tcp);
        if (c.landlock_abi >= 6)
            a.scopes =
                static_cast<unsigned>(landlock_scope::abstract_unix_socket) |
                static_cast<unsigned>(landlock_scope::signal);
        fd_ = unique_descriptor{static_cast<int>(
            ::syscall(SYS_landlock_create_ruleset, &a, sizeof(a), 0))};
        if (!fd_) refuse(layer::landlock, "landlock_create_ruleset");
    }

    void allow(const std::string& path, std::uint64_t rights) {
        rights_[path] |= rights;
    }

    unique_descriptor take() {
        for (const auto& [path, rights] : rights_) add(path, rights);
        return std::move(fd_);
    }

private:
    void add(const std::string& path, std::uint64_t rights) const {
        const auto real = real_paths_.find(path);
        const auto at =
            real != real_paths_.end()
                ? open_real(real->second)
                : unique_descriptor{::open(path.c_str(), O_PATH | O_CLOEXEC)};
        if (!at) refuse(layer::files, "open", path);
        struct stat st;
        if (::fstat(at.get(), &st) == -1)
            refuse(layer::landlock, "fstat", path);
        rights &= known_;
        if (!S_ISDIR(st.st_mode)) rights &= of_files;
        const path_rule rule{rights, at.get()};
        if (::syscall(SYS_landlock_add_rule, fd_.get(),
                      system::landlock_rule_type::path_beneath, &rule, 0) == -1)
            refuse(layer::landlock, "landlock_add_rule", path);
    }

    const std::map<std::string, std::string>& real_paths_;
    std::uint64_t known_;
    /// Paths are mostly named for more than one thing.
    std::map<std::string, std::uint64_t> rights_;
    unique_descriptor fd_;
};

} // namespace

unique_descriptor make_rules(const confinement& c) {
    if (c.landlock_abi == 0) return {};
    ruleset r{c};
    for (const auto& p : c.readable) r.allow(p, reads);
    for (const auto& p : c.writable) r.allow(p, reads | writes);
    for (const auto& p : c.executable)
        r.allow(p, reads | static_cast<unsigned>(fs::execute));
    if (c.on == foundation::namespaces) {
        r.allow("/proc", reads);
        if (!c.replaced.path.empty()) r.allow(c.replaced.path, reads | writes);
        r.allow("/dev", reads | static_cast<unsigned>(fs::write_file));
        if (c.asks_to_connect && ::access("/etc/resolv.conf", F_OK) == 0)
            r.allow("/etc/resolv.conf", reads);
        if (c.temporary != 0) r.allow("/tmp", reads | writes);
        if (c.runs_temporary)
            r.allow("/tmp", static_cast<unsigned>(fs::execute));
        // Whatever there is can be listed.
        r.allow("/", static_cast<unsigned>(fs::read_dir));
    } else {
        for (const char* d : {"/dev/null", "/dev/zero", "/dev/full",
                              "/dev/random", "/dev/urandom"})
            r.allow(d, reads | static_cast<unsigned>(fs::write_file));
    }
    return r.take();
}

void restrict_by(const unique_descriptor& rules) {
    if (::syscall(SYS_landlock_restrict_self, rules.get(), 0) == -1)
        refuse(layer::landlock, "landlock_restrict_self");
}

} // namespace emilua::sandbox
