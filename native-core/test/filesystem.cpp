// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/change.hpp"
#include "modules/filesystem/directory_walk.hpp"
#include "modules/filesystem/query.hpp"
#include "test_vm.hpp"

#include <fstream>
#include <map>
#include <set>

using namespace emilua;
using namespace emilua::test;
using emilua::filesystem::path;
using emilua::filesystem::recursive_directory_iterator;
using emilua::filesystem::recursive_directory_options;

namespace {

error_code system_error(int code) {
    return {code, boost::system::system_category()};
}

bool fails(const failure& f, int code, std::string_view syscall,
           std::string_view argument = {}) {
    return f.code == system_error(code) && f.syscall && f.syscall == syscall &&
           (argument.empty() ? !f.argument
                             : f.argument && f.argument == argument);
}

/// A folder of its own: `a/b/file`, `a/empty`, `away`, which leads nowhere, and
/// `round`, which leads to `a`.
class folder {
public:
    folder() {
        std::string name =
            std::filesystem::temp_directory_path() / "emilua-XXXXXX";
        root_ = ::mkdtemp(name.data());
        std::filesystem::create_directories(root_ / "a" / "b");
        std::ofstream{root_ / "a" / "b" / "file"} << "content";
        std::ofstream{root_ / "a" / "empty"} << "";
        std::filesystem::create_symlink("nowhere", root_ / "away");
        std::filesystem::create_directory_symlink("a", root_ / "round");
    }
    ~folder() { std::filesystem::remove_all(root_); }

    path operator/(const char* name) const { return path{root_ / name}; }
    path get() const { return path{root_}; }

private:
    std::filesystem::path root_;
};

void what_paths_travel_as() {
    const auto text = [](const char* s) {
        const path p{s};
        const auto wire = wire_traits<path>::to_wire(p);
        CHECK(wire_traits<path>::from_wire(wire).equal(p));
        return wire.as<std::string>() != nullptr;
    };
    for (const char* s :
         {"", "/a/b", "\xC3\xA9", "\xE0\xA0\x80", "\xED\x9F\xBF",
          "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
        CHECK(text(s));
    for (const char* s :
         {"\x80", "\xC3", "\xC3(", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF",
          "\xED\xA0\x80", "\xE2\x82", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\xFF", "a\xE2\x82z"})
        CHECK(!text(s));
}

void what_the_kernel_gets() {
    const path odd{std::string{"a\0b", 3}};
    CHECK(is_invalid(failure_of([&] { odd.c_str("p"); }), "p"));
    CHECK(std::string_view{path{"/a"}.c_str("p")} == "/a");
    CHECK(is_invalid(failure_of([&] { filesystem::space(odd); }), "p"));
    CHECK(is_invalid(failure_of([&] { filesystem::rename(odd, odd); }),
                     "old_path"));
    CHECK(is_invalid(
        failure_of([&] { recursive_directory_iterator::open(odd, {}); }), "p"));
}

void moving() {
    const folder f;
    filesystem::rename(f / "a/empty", f / "a/full");
    CHECK(std::filesystem::exists((f / "a/full").get()));
    CHECK(
        fails(failure_of([&] { filesystem::rename(f / "none", f / "other"); }),
              ENOENT, "rename", "old_path"));
    CHECK(fails(
        failure_of([&] { filesystem::rename(f / "a", f / "none/other"); }),
        ENOENT, "rename", "new_path"));
}

void room() {
    const auto s = filesystem::space(path{"/"});
    CHECK(s.capacity > 0 && s.capacity >= s.free && s.free >= s.available);
    CHECK(fails(failure_of([] { filesystem::space(path{"/nonexistent"}); }),
                ENOENT, "statvfs", "p"));
}

std::map<std::string, int> found(recursive_directory_iterator walk,
                                 const path& root) {
    std::map<std::string, int> all;
    while (auto next = walk.next_and_depth()) {
        auto& [entry, depth] = *next;
        CHECK(entry.depth() == depth);
        all[entry.path().lexically_relative(root).to_string()] = depth;
    }
    CHECK(!walk.next());
    return all;
}

void walks() {
    const folder f;
    const std::map<std::string, int> all = {{"a", 0},        {"a/b", 1},
                                            {"a/b/file", 2}, {"a/empty", 1},
                                            {"away", 0},     {"round", 0}};
    CHECK(found(recursive_directory_iterator::open(f.get(), {}), f.get()) ==
          all);
    CHECK(found(recursive_directory_iterator::later(f.get(), {}), f.get()) ==
          all);
    const auto more =
        found(recursive_directory_iterator::open(
                  f.get(), recursive_directory_options{false, true}),
              f.get());
    CHECK(more.size() == all.size() + 3 && more.at("round/b/file") == 2);

    CHECK(fails(
        failure_of([&] { recursive_directory_iterator::open(f / "none", {}); }),
        ENOENT, "opendir", "p"));
    auto late = recursive_directory_iterator::later(f / "a/empty", {});
    CHECK(fails(failure_of([&] { late.next(); }), ENOTDIR, "opendir", "p"));
    CHECK(!late.next());
}

void steering() {
    const folder f;
    auto below = recursive_directory_iterator::open(f / "a", {});
    while (auto next = below.next()) {
        CHECK(next->depth() == 0 && below.recursion_pending());
        below.disable_recursion_pending();
        CHECK(!below.recursion_pending());
    }

    // Out of `b`, so that `file` never comes, whatever the order is.
    int entries = 0;
    auto out = recursive_directory_iterator::open(f / "a", {});
    while (auto next = out.next()) {
        ++entries;
        if (next->depth() == 1) out.pop();
    }
    CHECK(entries == 3);

    auto ended = recursive_directory_iterator::open(f / "a", {});
    CHECK(ended.next().has_value());
    ended.pop();
    ended.pop();
    CHECK(!ended.next());
    ended.pop();
    ended.disable_recursion_pending();
    CHECK(!ended.next());

    auto closed = recursive_directory_iterator::open(f.get(), {});
    closed.close();
    closed.close();
    CHECK(!closed.next());
}

/// What was opened ahead is left out and gone through as the program says.
void steering_ahead() {
    const folder f;
    std::set<std::string> expected;
    for (int i = 0; i < 200; ++i) {
        const auto name = std::to_string(i);
        const auto p = f.get().get() / "a" / "b" / name;
        std::filesystem::create_directory(p);
        std::ofstream{p / "one"};
        std::filesystem::create_directories(p / "two" / "three");
        expected.insert(name);
        if (i % 3 == 1) expected.insert(name + "/one");
        if (i % 3 == 1) expected.insert(name + "/two");
        if (i % 3 == 1) expected.insert(name + "/two/three");
    }
    expected.insert("file");
    std::set<std::string> found;
    int steps = 0, waits = 0, left = 0;
    auto walk = recursive_directory_iterator::later(f / "a/b", {});
    for (;;) {
        ++steps;
        waits += !walk.next_is_ready();
        const auto e = walk.next();
        if (!e) break;
        const auto way = e->path().lexically_relative(f / "a/b").to_string();
        if (e->depth() == 0 && way != "file" && std::stoi(way) % 3 == 0)
            walk.disable_recursion_pending();
        if (e->depth() > 0 && std::stoi(way) % 3 == 2) {
            walk.pop();
            ++left;
            continue;
        }
        CHECK(found.insert(way).second);
    }
    CHECK(found == expected);
    CHECK(left == 66);
    // Some sixty folders are opened at once, and 600 there are.
    CHECK(steps > 400 && waits < 30);
}

void entries() {
    const folder f;
    auto walk = recursive_directory_iterator::open(f.get(), {});
    while (auto next = walk.next()) {
        auto& entry = *next;
        const auto name = entry.path().filename();
        const auto error = failure_of([&] { entry.file_size(); });
        if (name == "file") {
            CHECK(entry.file_size() == 7);
            std::ofstream{entry.path().get(), std::ios::app} << "!";
            CHECK(entry.file_size() == 7);
            entry.refresh();
            CHECK(entry.file_size() == 8);
        } else if (name == "away") {
            CHECK(fails(error, ENOENT, "stat"));
            entry.refresh();
            std::filesystem::remove(entry.path().get());
            CHECK(fails(failure_of([&] { entry.refresh(); }), ENOENT, "lstat"));
        } else if (name == "a" || name == "b" || name == "round") {
            CHECK(error.code == system_error(EISDIR));
        }
    }
}

} // namespace

int main() {
    what_paths_travel_as();
    what_the_kernel_gets();
    moving();
    room();
    walks();
    steering();
    steering_ahead();
    entries();
    return failures != 0;
}
