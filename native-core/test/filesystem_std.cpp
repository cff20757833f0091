// SPDX-License-Identifier: MIT OR BSL-1.0
#include "filesystem_tree.hpp"
#include "modules/filesystem/change.hpp"
#include "modules/filesystem/copy.hpp"
#include "modules/filesystem/create.hpp"
#include "modules/filesystem/directory_walk.hpp"
#include "modules/filesystem/location.hpp"
#include "modules/filesystem/query.hpp"
#include "modules/filesystem/remove.hpp"
#include "test_vm.hpp"

#include <functional>
#include <set>
#include <sys/wait.h>

/// The same answers and errors as std::filesystem, over trees of every kind of
/// file, as root and as nobody.

using namespace emilua;
using namespace emilua::test;
namespace ours = emilua::filesystem;
using ours::path;

namespace {

/// What a call came to, as text.
template <class F> std::string outcome(F f) {
    try {
        return f();
    } catch (const failure& e) {
        return "errno " + std::to_string(e.code.value());
    } catch (const fs::filesystem_error& e) {
        return "errno " + std::to_string(e.code().value());
    }
}

std::string result(const std::error_code& ec, const std::string& text) {
    return ec ? "errno " + std::to_string(ec.value()) : text;
}

std::string text_of(bool b) { return b ? "true" : "false"; }
std::string text_of(std::uintmax_t n) { return std::to_string(n); }
std::string text_of(const fs::path& p) { return p; }
std::string text_of(const path& p) { return p.to_string(); }
std::string text_of(const fs::file_status& s) {
    static const std::map<fs::file_type, int> types = {
        {fs::file_type::not_found, 0}, {fs::file_type::regular, 1},
        {fs::file_type::directory, 2}, {fs::file_type::symlink, 3},
        {fs::file_type::block, 4},     {fs::file_type::character, 5},
        {fs::file_type::fifo, 6},      {fs::file_type::socket, 7},
        {fs::file_type::unknown, 8}};
    return std::to_string(types.at(s.type())) + ' ' +
           (s.permissions() == fs::perms::unknown
                ? "unknown"
                : std::to_string(static_cast<unsigned>(s.permissions())));
}
std::string text_of(const ours::file_status& s) {
    const auto* mode = std::get_if<std::uint32_t>(&s.mode);
    return std::to_string(static_cast<int>(s.type)) + ' ' +
           (mode ? std::to_string(*mode) : "unknown");
}
std::string text_of(fs::file_time_type t) {
    return std::to_string(t.time_since_epoch().count());
}
std::string text_of(const ours::file_time& t) {
    return std::to_string(t.since_epoch().count());
}
std::string text_of(const fs::space_info& s) {
    return std::to_string(s.capacity);
}
std::string text_of(const ours::space_info& s) {
    return std::to_string(s.capacity);
}

int compared = 0;

void same(const std::string& what, const fs::path& p,
          const std::string& standard, const std::string& own) {
    ++compared;
    if (standard == own) return;
    std::fprintf(stderr, "%s of %s: %s, and not %s\n", what.c_str(), p.c_str(),
                 standard.c_str(), own.c_str());
    ++failures;
}

// What throws, for of what is not there the other kind gives an error as well.
#define QUESTION(standard, own)                                                \
    {                                                                          \
#own,                                                                  \
            [](const fs::path& p) {                                            \
                return outcome([&] { return text_of(fs::standard(p)); });      \
            },                                                                 \
            [](const fs::path& p) {                                            \
                return outcome([&] { return text_of(ours::own(path{p})); });   \
            }       \
    }

struct question {
    const char* name;
    std::function<std::string(const fs::path&)> standard, own;
};

const question questions[] = {
    QUESTION(status, status),
    QUESTION(symlink_status, symlink_status),
    QUESTION(exists, exists),
    QUESTION(is_block_file, is_block_device),
    QUESTION(is_character_file, is_character_device),
    QUESTION(is_directory, is_directory),
    QUESTION(is_fifo, is_fifo),
    QUESTION(is_other, is_other),
    QUESTION(is_regular_file, is_regular_file),
    QUESTION(is_socket, is_socket),
    QUESTION(is_symlink, is_symlink),
    QUESTION(is_empty, is_empty),
    QUESTION(file_size, file_size),
    QUESTION(hard_link_count, hardlink_count),
    QUESTION(last_write_time, last_write_time),
    QUESTION(read_symlink, read_symlink),
    QUESTION(absolute, absolute),
    QUESTION(canonical, canonical),
    QUESTION(weakly_canonical, weakly_canonical),
    QUESTION(space, space),
};

void questions_about(const fs::path& root) {
    const auto ways = ways_in(root);
    std::mt19937 random{7};
    for (const auto& way : ways) {
        const auto p = root / way;
        for (const auto& q : questions)
            same(q.name, p, q.standard(p), q.own(p));
        const auto other = root / ways[random() % ways.size()];
        std::error_code ec;
        const bool equal = fs::equivalent(p, other, ec);
        same("equivalent", p, result(ec, text_of(equal)), outcome([&] {
                 return text_of(ours::equivalent(path{p}, path{other}));
             }));
        auto r = fs::relative(p, other, ec);
        same("relative", p, result(ec, r), outcome([&] {
                 return text_of(ours::relative(path{p}, path{other}));
             }));
        r = fs::proximate(p, other, ec);
        same("proximate", p, result(ec, r), outcome([&] {
                 return text_of(ours::proximate(path{p}, path{other}));
             }));
    }
}

std::string joined(const std::multiset<std::string>& all) {
    std::string text;
    for (const auto& s : all) text += s + '|';
    return text;
}

struct walked {
    std::multiset<std::string> found;
    std::string end;

    bool operator==(const walked&) const = default;
};

walked walk_by_standard(const fs::path& p, bool skip, bool follow) {
    walked r;
    std::error_code ec;
    auto flags = fs::directory_options::none;
    if (skip) flags |= fs::directory_options::skip_permission_denied;
    if (follow) flags |= fs::directory_options::follow_directory_symlink;
    for (fs::recursive_directory_iterator it{p, flags, ec}, end;
         !ec && it != end; it.increment(ec))
        r.found.insert(std::to_string(it.depth()) + ' ' + it->path().native());
    r.end = result(ec, "all");
    return r;
}

walked walk_by_us(const fs::path& p, bool skip, bool follow, bool ahead) {
    walked r;
    r.end = outcome([&] {
        const ours::recursive_directory_options o{skip, follow};
        auto walk = ahead
                        ? ours::recursive_directory_iterator::later(path{p}, o)
                        : ours::recursive_directory_iterator::open(path{p}, o);
        for (;;) {
            const auto e = walk.next();
            if (!e) break;
            r.found.insert(std::to_string(e->depth()) + ' ' +
                           e->path().to_string());
        }
        return std::string{"all"};
    });
    return r;
}

void walks_through(const fs::path& root) {
    unsigned ways = 0;
    for (const auto& way : ways_in(root)) {
        for (const int options : {0, 1, 2, 3, 3, 2, 1, 0}) {
            const bool skip = options & 1, follow = options & 2;
            const auto p = root / way;
            // With folders that are opened before their turn, and without.
            const bool ahead = ways++ % 2 != 0;
            auto by_standard = walk_by_standard(p, skip, follow);
            auto by_us = walk_by_us(p, skip, follow, ahead);
            // The links of a path that the kernel looks up a second time,
            // because others change what it passes, count twice for it: a
            // circle ends earlier then.
            for (int more = 8; more > 0 && by_standard != by_us; --more) {
                by_standard = walk_by_standard(p, skip, follow);
                by_us = walk_by_us(p, skip, follow, ahead);
            }
            same("the end of a walk", p, by_standard.end, by_us.end);
            same("a walk", p, joined(by_standard.found), joined(by_us.found));
        }
    }
}

bool has_links(const fs::path& p) {
    std::error_code ec;
    if (fs::is_symlink(p, ec)) return true;
    for (fs::recursive_directory_iterator it{p, ec}, end; !ec && it != end;
         it.increment(ec))
        if (it->is_symlink(ec)) return true;
    return false;
}

fs::copy_options standard_options(const ours::copy_options& o) {
    auto r = fs::copy_options::none;
    using c = fs::copy_options;
    if (o.existing)
        r |= std::array{c::skip_existing, c::overwrite_existing,
                        c::update_existing}[static_cast<int>(*o.existing)];
    if (o.recursive) r |= c::recursive;
    if (o.symlinks)
        r |= std::array{c::copy_symlinks,
                        c::skip_symlinks}[static_cast<int>(*o.symlinks)];
    if (o.copy)
        r |= std::array{c::directories_only, c::create_symlinks,
                        c::create_hard_links}[static_cast<int>(*o.copy)];
    return r;
}

/// The same changes of two trees that were equal.
class changes {
public:
    changes(unsigned seed, const fs::path& a, const fs::path& b)
        : random_{seed}, a_{a}, b_{b} {}

    void make(int count) {
        for (int i = 0; i < count; ++i) {
            const auto ways = ways_in(a_);
            from_ = ways[pick(ways.size())];
            to_ = pick(2) ? ways[pick(ways.size())]
                          : fs::path{"new" + std::to_string(i)};
            if (!from_.empty() && from_ != "." && !to_.empty()) step();
            const auto left = snapshot(a_), right = snapshot(b_);
            if (left == right) continue;
            for (const auto& [name, what] : left)
                if (!right.contains(name) || right.at(name) != what)
                    same("what became of " + last_, name, what,
                         right.contains(name) ? right.at(name) : "nothing");
            for (const auto& [name, what] : right)
                if (!left.contains(name))
                    same("what became of " + last_, name, "nothing", what);
            return;
        }
    }

private:
    std::size_t pick(std::size_t n) { return random_() % n; }
    fs::path sa() const { return a_ / from_; }
    fs::path ta() const { return a_ / to_; }
    path sb() const { return path{b_ / from_}; }
    path tb() const { return path{b_ / to_}; }

    template <class Standard, class Own>
    void both(const char* name, Standard standard, Own own) {
        last_ =
            std::string{name} + ' ' + from_.native() + " -> " + to_.native();
        std::error_code ec;
        const auto expected = standard(ec);
        same(last_, a_, result(ec, ec ? "" : text_of(expected)),
             outcome([&] { return text_of(own()); }));
    }
    template <class Own> static bool done(Own own) {
        own();
        return true;
    }

    void step() {
        switch (pick(11)) {
        case 0:
            return copy();
        case 1:
        case 2:
            return copy_file();
        case 3:
            return both(
                "copy_symlink",
                [&](auto& ec) {
                    fs::copy_symlink(sa(), ta(), ec);
                    return true;
                },
                [&] { return done([&] { ours::copy_symlink(sb(), tb()); }); });
        case 4:
            return both(
                "create_directory",
                [&](auto& ec) { return fs::create_directory(ta(), ec); },
                [&] { return ours::create_directory(tb(), {}); });
        case 5:
            return both(
                "create_directory like",
                [&](auto& ec) { return fs::create_directory(ta(), sa(), ec); },
                [&] { return ours::create_directory(tb(), sb()); });
        case 6:
            return both(
                "create_directories",
                [&](auto& ec) { return fs::create_directories(ta(), ec); },
                [&] { return ours::create_directories(tb()); });
        case 7:
            return both(
                "create_hardlink",
                [&](auto& ec) {
                    fs::create_hard_link(sa(), ta(), ec);
                    return true;
                },
                [&] {
                    return done([&] { ours::create_hardlink(sb(), tb()); });
                });
        case 8:
            return both(
                "rename",
                [&](auto& ec) {
                    fs::rename(sa(), ta(), ec);
                    return true;
                },
                [&] { return done([&] { ours::rename(sb(), tb()); }); });
        case 9:
            return both(
                "resize_file",
                [&](auto& ec) {
                    fs::resize_file(sa(), 77, ec);
                    return true;
                },
                [&] { return done([&] { ours::resize_file(sb(), 77); }); });
        default:
            return remove();
        }
    }

    void remove() {
        if (pick(3) != 0)
            return both(
                "remove", [&](auto& ec) { return fs::remove(sa(), ec); },
                [&] { return ours::remove(sb()); });
        // A link with a slash behind it: the standard library empties the
        // folder it leads to and then fails.
        std::error_code ec;
        if (!from_.has_filename() && fs::is_symlink(sa().parent_path(), ec))
            return;
        both(
            "remove_all", [&](auto& e) { return fs::remove_all(sa(), e); },
            [&] { return ours::remove_all(sb()); });
    }

    std::optional<ours::on_existing> existing() {
        const auto n = pick(4);
        if (n == 3) return std::nullopt;
        return static_cast<ours::on_existing>(n);
    }

    void copy_file() {
        const auto o = existing();
        both(
            "copy_file",
            [&](auto& ec) {
                return fs::copy_file(sa(), ta(), standard_options({o}), ec);
            },
            [&] { return ours::copy_file(sb(), tb(), o); });
    }

    void copy() {
        ours::copy_options o;
        o.existing = existing();
        o.recursive = pick(2) != 0;
        if (const auto n = pick(3); n < 2)
            o.symlinks = static_cast<ours::on_symlink>(n);
        // The first of them only, for create_symlinks wants absolute paths.
        if (pick(4) == 0)
            o.copy = std::array{ours::copy_instead::directories_only,
                                ours::copy_instead::create_hardlinks}[pick(2)];
        std::error_code ec;
        // Where ours differs on purpose: into itself, round in circles, and
        // through links inside the destination.
        const auto source = fs::weakly_canonical(sa(), ec).native() + '/';
        const auto target = fs::weakly_canonical(ta(), ec).native() + '/';
        if (target.starts_with(source) || (!o.symlinks && has_links(sa())) ||
            has_links(ta()))
            return;
        both(
            "copy",
            [&](auto& e) {
                fs::copy(sa(), ta(), standard_options(o), e);
                return true;
            },
            [&] { return done([&] { ours::copy(sb(), tb(), o); }); });
    }

    std::mt19937 random_;
    fs::path a_, b_, from_, to_;
    std::string last_;
};

// Sanitizers make each comparison ten times as slow.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr unsigned trees = 1, pairs = 8;
constexpr int least_compared = 1000;
#else
constexpr unsigned trees = 4, pairs = 30;
constexpr int least_compared = 10000;
#endif

void compare_all(bool denied) {
    for (unsigned seed = 1; seed <= trees; ++seed) {
        const scratch_folder f;
        tree_maker{seed, denied, true}.make(f.get() / "tree");
        questions_about(f.get() / "tree");
        // Circles multiply where they cross.
        tree_maker{seed, denied, false}.make(f.get() / "walked");
        ::symlink(".", (f.get() / "walked" / "round").c_str());
        walks_through(f.get() / "walked");
    }
    for (unsigned seed = 10; seed < 10 + pairs; ++seed) {
        const scratch_folder f;
        tree_maker{seed, denied, true}.make(f.get() / "a");
        tree_maker{seed, denied, true}.make(f.get() / "b");
        changes{seed, f.get() / "a", f.get() / "b"}.make(60);
    }
}

/// In a process of its own, which owns what it makes.
void compare_as_nobody() {
    std::fflush(nullptr);
    const auto child = ::fork();
    if (child == 0) {
        if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(0);
        compared = failures = 0;
        compare_all(true);
        ::_exit(failures != 0 || compared < least_compared);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
}

} // namespace

int main() {
    ::umask(022);
    compare_all(::geteuid() == 0);
    CHECK(compared > least_compared);
    if (::geteuid() == 0) compare_as_nobody();
    std::printf("%d comparisons\n", compared);
    return failures != 0;
}
