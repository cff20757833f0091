// SPDX-License-Identifier: MIT OR BSL-1.0
// Which file's bytecode is kept, and for which file it counts.
#include "test_vm.hpp"

#include "faces/lua/compiled_files.hpp"

#include <ctime>

namespace emilua::test {
namespace {

using lua::compiled_files;

struct stat an_old_file() {
    struct stat s {};
    s.st_dev = 1;
    s.st_ino = 2;
    s.st_size = 3;
    s.st_mtim = {1000, 5};
    s.st_ctim = {2000, 6};
    return s;
}

void counts_for_the_same_file_alone() {
    auto& files = compiled_files::instance();
    const auto changes = {
        +[](struct stat& s) { ++s.st_dev; },
        +[](struct stat& s) { ++s.st_ino; },
        +[](struct stat& s) { ++s.st_size; },
        +[](struct stat& s) { ++s.st_mtim.tv_nsec; },
        +[](struct stat& s) { ++s.st_ctim.tv_nsec; },
        +[](struct stat& s) { ++s.st_ctim.tv_sec; },
    };
    for (const auto change : changes) {
        const auto old = an_old_file();
        files.keep("a", old, "code");
        const auto kept = files.find("a", old);
        CHECK(kept && *kept == "code");
        CHECK(!files.find("b", old));
        auto now = old;
        change(now);
        CHECK(!files.find("a", now));
        // And counts for the old one no more, which is gone.
        CHECK(!files.find("a", old));
        files.keep("a", now, "other");
        const auto other = files.find("a", now);
        CHECK(other && *other == "other");
        CHECK(!files.find("a", old));
    }
}

void does_not_trust_a_file_just_changed() {
    auto& files = compiled_files::instance();
    auto changed = an_old_file();
    changed.st_ctim.tv_sec = std::time(nullptr);
    files.keep("changed", changed, "code");
    CHECK(!files.find("changed", changed));
    auto written = an_old_file();
    written.st_mtim.tv_sec = std::time(nullptr);
    files.keep("written", written, "code");
    CHECK(!files.find("written", written));
}

void keeps_so_much_and_no_more() {
    auto& files = compiled_files::instance();
    const auto old = an_old_file();
    files.keep("large", old, std::string(16 << 20, 'x'));
    CHECK(!files.find("large", old));
    files.keep("nothing", old, "");
    CHECK(!files.find("nothing", old));
}

} // namespace
} // namespace emilua::test

int main() {
    using namespace emilua::test;
    counts_for_the_same_file_alone();
    does_not_trust_a_file_just_changed();
    keeps_so_much_and_no_more();
    return failures == 0 ? 0 : 1;
}
