// SPDX-License-Identifier: MIT OR BSL-1.0
#include "filesystem_tree.hpp"
#include "modules/filesystem/copy.hpp"
#include "modules/filesystem/directory_walk.hpp"
#include "modules/filesystem/remove.hpp"
#include "test_vm.hpp"

#include <cstdio>
#include <thread>

/// Nobody leads a removal, a walk or a copy out of its tree by exchanging a
/// folder with a symbolic link meanwhile.

using namespace emilua;
using namespace emilua::test;
namespace ours = emilua::filesystem;
using ours::path;

namespace {

/// `root/tree`, in which `victim` and `link` change places all the time, and
/// `root/outside`, where the link leads to.
class stage {
public:
    explicit stage(const char* tree) : tree_{root_.get() / tree} {
        fs::create_directory(outside());
        std::ofstream{outside() / "secret"} << "secret";
        fs::create_directory(outside() / "deeper");
        std::ofstream{outside() / "deeper" / "secret"} << "secret";
        restore();
        swapper_ = std::thread{[this] {
            const auto a = tree_ / "victim", b = tree_ / "link";
            while (!stop_.load(std::memory_order_relaxed))
                ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(),
                            RENAME_EXCHANGE);
        }};
    }
    ~stage() {
        stop_ = true;
        swapper_.join();
    }

    /// Puts back what is missing.
    void restore() {
        fs::create_directories(tree_);
        std::error_code ec;
        for (const char* name : {"victim", "link"}) {
            const auto p = tree_ / name;
            if (fs::symlink_status(p, ec).type() == fs::file_type::not_found) {
                if (std::string_view{name} == "victim")
                    fs::create_directory(p, ec);
                else
                    fs::create_directory_symlink(outside(), p, ec);
            }
        }
        for (const char* name : {"victim", "link"})
            for (int i = 0; i < 20 && fs::is_directory(
                                          fs::symlink_status(tree_ / name, ec));
                 ++i)
                harmless(tree_ / name / ("file" + std::to_string(i)));
    }

    const fs::path& root() const { return root_.get(); }
    const fs::path& tree() const { return tree_; }
    fs::path outside() const { return root_.get() / "outside"; }
    bool outside_is_whole() const {
        return snapshot(outside()).size() == 3 &&
               fs::file_size(outside() / "secret") == 6;
    }

private:
    /// Never outside, where the link may lead by now.
    static void harmless(const fs::path& p) {
        const int folder = ::open(p.parent_path().c_str(),
                                  O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (folder < 0) return;
        const int fd = ::openat(folder, p.filename().c_str(),
                                O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
        if (fd >= 0) ::close(fd);
        ::close(folder);
    }

    scratch_folder root_;
    const fs::path tree_;
    std::atomic<bool> stop_ = false;
    std::thread swapper_;
};

constexpr int rounds = 150;

template <class F> void whatever_comes(F f) {
    try {
        f();
    } catch (const failure&) {
    }
}

bool holds_secret(const fs::path& folder) {
    for (const auto& [name, what] : snapshot(folder))
        if (fs::path{name}.filename() == "secret") return true;
    return false;
}

void removals() {
    stage s{"tree"};
    for (int i = 0; i < rounds; ++i) {
        whatever_comes([&] { ours::remove_all(path{s.tree()}); });
        CHECK(s.outside_is_whole());
        s.restore();
    }
}

void walks() {
    stage s{"tree"};
    for (int i = 0; i < rounds; ++i) {
        whatever_comes([&] {
            auto walk =
                ours::recursive_directory_iterator::open(path{s.tree()}, {});
            while (auto e = walk.next())
                CHECK(e->path().filename() != "secret");
        });
    }
}

void copies() {
    stage s{"tree"};
    for (int i = 0; i < rounds; ++i) {
        const auto to = s.root() / "copy";
        for (const auto links :
             {ours::on_symlink::copy, ours::on_symlink::skip})
            whatever_comes([&] {
                ours::copy(path{s.tree()}, path{to},
                           ours::copy_options{{}, true, links, {}});
            });
        CHECK(!holds_secret(to));
        ours::remove_all(path{to});
    }
}

void copies_into() {
    stage s{"destination"};
    const auto from = s.root() / "source";
    for (const char* name : {"victim", "link"}) {
        fs::create_directories(from / name / "deeper");
        std::ofstream{from / name / "secret"} << "other bytes";
        std::ofstream{from / name / "deeper" / "more"};
    }
    for (int i = 0; i < rounds; ++i) {
        whatever_comes([&] {
            ours::copy(
                path{from}, path{s.tree()},
                ours::copy_options{ours::on_existing::overwrite, true, {}, {}});
        });
        CHECK(s.outside_is_whole());
    }
}

} // namespace

int main() {
    removals();
    walks();
    copies();
    copies_into();
    return failures != 0;
}
