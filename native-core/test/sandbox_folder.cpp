// SPDX-License-Identifier: MIT OR BSL-1.0
// What a guest left in a folder comes to the host's while somebody changes that
// one: not a byte of it goes anywhere else.
#include "sandbox/folder_copy.hpp"
#include "test_vm.hpp"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace emilua::sandbox;
namespace fs = std::filesystem;

struct place {
    place() {
        char name[] = "/var/tmp/emilua-test-XXXXXX";
        root = ::mkdtemp(name);
        fs::create_directories(root / "host/sub/inner");
        fs::create_directories(root / "outside/inner");
        write(root / "host/sub/file", "before");
        write(root / "outside/file", "outside");
        write(root / "outside/inner/file", "outside");
    }
    ~place() { fs::remove_all(root); }
    place(const place&) = delete;
    place& operator=(const place&) = delete;

    static void write(const fs::path& p, const std::string& text) {
        std::ofstream{p} << text;
    }
    static std::string read(const fs::path& p) {
        std::ifstream f{p};
        return {std::istreambuf_iterator<char>{f}, {}};
    }
    bool outside_is_untouched() const {
        return read(root / "outside/file") == "outside" &&
               read(root / "outside/inner/file") == "outside" &&
               std::distance(fs::directory_iterator{root / "outside"}, {}) ==
                   2 &&
               std::distance(fs::directory_iterator{root / "outside/inner"},
                             {}) == 1;
    }

    fs::path root;
};

/// A copy, and where a guest would find it.
struct copied {
    explicit copied(const place& p)
        : of{std::make_shared<folder_copy>((p.root / "host").native(),
                                           foundation::process)},
          inside{of->path_inside((p.root / "host").native())} {
        const auto u = folder_copy::begin_use(of);
        of->prepare();
    }
    std::shared_ptr<folder_copy> of;
    fs::path inside;
};

/// Whether it failed, and with what.
template <class F> int error_of(F f) {
    try {
        f();
        return 0;
    } catch (const emilua::failure& e) {
        return e.code.value();
    }
}

void test_a_folder_that_becomes_a_link() {
    place p;
    copied c{p};
    for (const char* name : {"file", "new", "inner/file", "made/file"}) {
        fs::create_directories((c.inside / "sub" / name).parent_path());
        place::write(c.inside / "sub" / name, "guest");
    }
    const auto sub = p.root / "host/sub", link = p.root / "link";
    fs::create_symlink(p.root / "outside", link);
    const auto swap = [&] {
        ::renameat2(AT_FDCWD, sub.c_str(), AT_FDCWD, link.c_str(),
                    RENAME_EXCHANGE);
    };
    std::mutex still;
    std::atomic<bool> over = false;
    std::thread swapping{[&] {
        std::mt19937 random{7};
        while (!over) {
            {
                const std::lock_guard lock{still};
                swap();
            }
            // Some are over before it is another one, and some are not.
            for (auto n = random() % 3'000'000; n > 0 && !over;) --n;
        }
    }};
    int failed = 0, done = 0;
    for (int i = 0; i < 5'000 && (failed < 30 || done < 30); ++i) {
        if (error_of([&] { folder_copy::commit(c.of); }) != 0) {
            ++failed;
            continue;
        }
        ++done;
        {
            const std::lock_guard lock{still};
            if (fs::is_symlink(sub)) swap();
            const auto u = folder_copy::begin_use(c.of);
            c.of->prepare();
        }
        place::write(c.inside / "sub/file", std::to_string(i));
        place::write(c.inside / "sub/inner/file", std::to_string(i));
        place::write(c.inside / "sub" / std::to_string(i), "new");
    }
    over = true;
    swapping.join();
    CHECK(failed >= 30 && done >= 30);
    CHECK(p.outside_is_untouched());
}

void test_links_of_a_guest() {
    place p;
    copied c{p};
    fs::remove_all(c.inside / "sub");
    fs::create_symlink(p.root / "outside", c.inside / "sub");
    fs::create_symlink("/", c.inside / "root");
    fs::create_symlink("../outside/file", c.inside / "up");
    CHECK(error_of([&] { folder_copy::commit(c.of); }) == 0);
    CHECK(fs::is_symlink(p.root / "host/sub"));
    CHECK(p.outside_is_untouched());
    // And over the link that was just brought.
    copied again{p};
    fs::remove(again.inside / "sub");
    fs::create_directory(again.inside / "sub");
    place::write(again.inside / "sub/file", "guest");
    CHECK(error_of([&] { folder_copy::commit(again.of); }) == 0);
    CHECK(!fs::is_symlink(p.root / "host/sub"));
    CHECK(place::read(p.root / "host/sub/file") == "guest");
    CHECK(p.outside_is_untouched());
}

void test_use() {
    place p;
    copied c{p};
    {
        const auto u = folder_copy::begin_use(c.of);
        CHECK(error_of([&] { folder_copy::changes(c.of); }) == EBUSY);
        CHECK(error_of([&] { folder_copy::commit(c.of); }) == EBUSY);
        CHECK(error_of([&] { folder_copy::discard(c.of); }) == EBUSY);
        CHECK(error_of([&] { folder_copy::begin_use(c.of); }) == EBUSY);
    }
    CHECK(folder_copy::changes(c.of).empty());
    CHECK(error_of([&] {
              folder_copy{(p.root / "none").native(), foundation::process};
          }) == ENOENT);
}

void test_what_is_left() {
    place p;
    ::setenv("TMPDIR", p.root.c_str(), 1);
    const auto left = [&] {
        int n = 0;
        for (const auto& e : fs::directory_iterator{p.root})
            n += e.path().filename().native().starts_with("emilua-copy-");
        return n;
    };
    {
        copied c{p};
        CHECK(left() == 1);
        // As deep as one may go, and with folders that nobody may enter.
        emilua::unique_descriptor above, at{::open(c.inside.c_str(), O_PATH)};
        for (int i = 0; i < 2'100; ++i) {
            ::mkdirat(at.get(), "d", 0700);
            emilua::unique_descriptor next{::openat(at.get(), "d", O_PATH)};
            if (above && i % 100 == 0) ::fchmodat(above.get(), "d", 0, 0);
            above = std::move(at);
            at = std::move(next);
        }
        CHECK(error_of([&] { folder_copy::changes(c.of); }) == ENAMETOOLONG);
        CHECK(error_of([&] { folder_copy::commit(c.of); }) == ENAMETOOLONG);
    }
    CHECK(left() == 0);
    // Of somebody who was killed.
    const pid_t child = ::fork();
    if (child == 0) {
        copied c{p};
        ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(child, nullptr, 0);
    CHECK(left() == 1);
    copied c{p};
    CHECK(left() == 1);
    ::unsetenv("TMPDIR");
}

} // namespace

int main() {
    test_a_folder_that_becomes_a_link();
    test_links_of_a_guest();
    test_use();
    test_what_is_left();
    return emilua::test::failures != 0;
}
