// SPDX-License-Identifier: MIT OR BSL-1.0
// What is done with whole files and folders, and with descriptors, where system
// calls fail. See faults.hpp.
#include "faults_of_files.hpp"

#include "filesystem_tree.hpp"
#include "modules/file_descriptor/file_descriptor.hpp"
#include "modules/filesystem/capabilities.hpp"
#include "modules/filesystem/change.hpp"
#include "modules/filesystem/copy.hpp"
#include "modules/filesystem/create.hpp"
#include "modules/filesystem/directory_walk.hpp"
#include "modules/filesystem/location.hpp"
#include "modules/filesystem/open.hpp"
#include "modules/filesystem/query.hpp"
#include "modules/filesystem/remove.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" {
FAILING_CALL(int, chdir, (const char* p), (p))
FAILING_CALL(int, chroot, (const char* p), (p))
FAILING_CALL(ssize_t, copy_file_range,
             (int from, off_t* f, int to, off_t* t, size_t n, unsigned how),
             (from, f, to, t, n, how))
FAILING_CALL(int, fchdir, (int fd), (fd))
FAILING_CALL(int, fchmod, (int fd, mode_t mode), (fd, mode))
FAILING_CALL(int, fchmodat, (int at, const char* p, mode_t mode, int how),
             (at, p, mode, how))
FAILING_CALL(int, fchownat, (int at, const char* p, uid_t u, gid_t g, int how),
             (at, p, u, g, how))
FAILING_CALL(int, fstat, (int fd, struct stat* s), (fd, s))
FAILING_CALL(int, fstatat, (int at, const char* p, struct stat* s, int how),
             (at, p, s, how))
FAILING_CALL(int, getsockopt,
             (int fd, int level, int name, void* v, socklen_t* n),
             (fd, level, name, v, n))
FAILING_CALL(int, link, (const char* from, const char* to), (from, to))
FAILING_CALL(int, linkat,
             (int from, const char* f, int to, const char* t, int how),
             (from, f, to, t, how))
FAILING_CALL(off_t, lseek, (int fd, off_t o, int whence), (fd, o, whence))
FAILING_CALL(int, lstat, (const char* p, struct stat* s), (p, s))
FAILING_CALL(int, mkdir, (const char* p, mode_t mode), (p, mode))
FAILING_CALL(int, mkdirat, (int at, const char* p, mode_t mode), (at, p, mode))
FAILING_CALL(int, mkfifo, (const char* p, mode_t mode), (p, mode))
FAILING_CALL(int, mknod, (const char* p, mode_t mode, dev_t d), (p, mode, d))
FAILING_CALL(ssize_t, read, (int fd, void* p, size_t n), (fd, p, n))
FAILING_CALL(ssize_t, readlinkat, (int at, const char* p, char* to, size_t n),
             (at, p, to, n))
FAILING_CALL(int, rename, (const char* from, const char* to), (from, to))
FAILING_CALL(int, rmdir, (const char* p), (p))
FAILING_CALL(int, stat, (const char* p, struct stat* s), (p, s))
FAILING_CALL(int, statvfs, (const char* p, struct statvfs* s), (p, s))
FAILING_CALL(int, symlink, (const char* from, const char* to), (from, to))
FAILING_CALL(int, symlinkat, (const char* from, int at, const char* to),
             (from, at, to))
FAILING_CALL(int, truncate, (const char* p, off_t n), (p, n))
FAILING_CALL(int, unlink, (const char* p), (p))
FAILING_CALL(int, unlinkat, (int at, const char* p, int how), (at, p, how))
FAILING_CALL(int, utimensat,
             (int at, const char* p, const timespec* t, int how),
             (at, p, t, how))
FAILING_CALL(ssize_t, write, (int fd, const void* p, size_t n), (fd, p, n))

// Those of libcap, each of which is one system call or memory.
FAILING_CALL(int, cap_set_fd, (int fd, cap_t c), (fd, c))
FAILING_CALL(int, cap_set_file, (const char* p, cap_t c), (p, c))
#define FAILING_CAPABILITY_CALL(type, name, declaration, arguments)            \
    type __real_##name declaration;                                            \
    type __wrap_##name declaration {                                           \
        return fails(#name) ? nullptr : __real_##name arguments;               \
    }
FAILING_CAPABILITY_CALL(cap_t, cap_dup, (cap_t c), (c))
FAILING_CAPABILITY_CALL(cap_t, cap_from_text, (const char* text), (text))
FAILING_CAPABILITY_CALL(cap_t, cap_get_fd, (int fd), (fd))
FAILING_CAPABILITY_CALL(cap_t, cap_get_file, (const char* p), (p))
FAILING_CAPABILITY_CALL(char*, cap_to_text, (cap_t c, ssize_t* n), (c, n))

/// Those that the C library has no function for.
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...) {
    va_list more;
    va_start(more, number);
    long a[6];
    for (long& v : a) v = va_arg(more, long);
    va_end(more);
    const char* const name = number == SYS_getdents64 ? "getdents64"
                             : number == SYS_openat2  ? "openat2"
                             : number == SYS_kcmp     ? "kcmp"
                                                      : nullptr;
    return name && fails(name)
               ? -1
               : __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
}

using namespace emilua;
using namespace emilua::filesystem;
using namespace emilua::test;

namespace {

using descriptor = file_descriptor::file_descriptor;

/// A folder for one attempt, which no failing call makes or removes.
class place {
public:
    path operator/(const char* name) const { return path{root_.get() / name}; }
    path root() const { return path{root_.get()}; }

private:
    scratch_folder root_;
};

void make_file(const path& p) {
    open_file(AT_FDCWD, p,
              {static_cast<unsigned>(openat_flag::create) |
               static_cast<unsigned>(openat_flag::write_only)},
              0600);
    resize_file(p, 100000);
}

void make_and_ask(test_vm&) {
    const place in;
    make_file(in / "file");
    mkdir(in / "a", 0700);
    CHECK(create_directory(in / "b", in / "a"));
    mkfifo(in / "fifo", 0600);
    mknod(in / "node", 0600 | S_IFREG, 0, {});
    create_symlink(path{"a"}, in / "link");
    create_hardlink(in / "file", in / "hard");
    CHECK(status(in / "link").type == file_type::directory);
    CHECK(is_symlink(in / "link"));
    CHECK(is_fifo(in / "fifo"));
    CHECK(is_other(in / "fifo"));
    CHECK(file_size(in / "file") == 100000);
    CHECK(hardlink_count(in / "file") == 2);
    set_last_write_time(in / "file", last_write_time(in / "node"));
    chmod(in / "file", 0640);
    chown(in / "file", {-1}, {-1});
    lchown(in / "link", {-1}, {-1});
    CHECK(space(in.root()).capacity > 0);
    rename(in / "node", in / "moved");
    CHECK(remove(in / "moved"));
    CHECK(remove(in / "b"));
    chroot(path{"/"});
    set_current_working_directory({path{"."}, {}});
    set_current_working_directory({{}, open_file(AT_FDCWD, path{"."}, {}, {})});
    CHECK(!temp_directory_path().empty());
}

void copy_all(test_vm&) {
    const place in;
    mkdir(in / "a", 0700);
    mkdir(in / "a/b", 0700);
    make_file(in / "a/file");
    create_symlink(path{"file"}, in / "a/link");
    copy_options all;
    all.recursive = true;
    all.symlinks = on_symlink::copy;
    copy(in / "a", in / "copy", all);
    all.copy = copy_instead::create_hardlinks;
    copy(in / "a", in / "hard", all);
    copy(in / "a/file", in / "a/b", {});
    CHECK(copy_file(in / "a/file", in / "a/b/file", on_existing::overwrite));
    copy_symlink(in / "a/link", in / "link");
    copy_options links;
    links.copy = copy_instead::create_symlinks;
    copy(in / "a/file", in / "other", links);
}

/// What the kernel does not copy by itself.
void copy_through_memory(test_vm&) {
    const place in;
    CHECK(copy_file(path{"/proc/self/status"}, in / "status", {}));
}

void remove_everything(test_vm&) {
    const place in;
    mkdir(in / "a", 0700);
    mkdir(in / "a/b", 0700);
    mkdir(in / "a/empty", 0700);
    make_file(in / "a/b/file");
    CHECK(remove_all(in / "a") == 4);
}

template <class Walk> void go_through(const place& in, Walk walk) {
    mkdir(in / "a", 0700);
    mkdir(in / "a/b", 0700);
    make_file(in / "a/b/file");
    create_symlink(path{"a/b"}, in / "link");
    int found = 0;
    while (auto entry = walk.next()) {
        ++found;
        entry->refresh();
        CHECK(entry->status().type != file_type::not_found);
        CHECK(entry->symlink_status().type == entry->type());
        CHECK(entry->hardlink_count() > 0);
    }
    CHECK(found > 1);
}

void walk_flat(test_vm&) {
    const place in;
    go_through(in, directory_iterator::later(in.root(), {}));
}

void walk(test_vm&) {
    const place in;
    go_through(in, recursive_directory_iterator::open(
                       in.root(), recursive_directory_options{false, true}));
}

void walk_ahead(test_vm&) {
    const place in;
    go_through(in, recursive_directory_iterator::later(in.root(), {}));
}

void use_descriptors(test_vm&) {
    const place in;
    make_file(in / "file");
    descriptor folder{open_file(AT_FDCWD, in.root(), {}, {})};
    descriptor file = folder.openat(
        path{"file"}, {static_cast<unsigned>(openat_flag::resolve_beneath)},
        {});
    descriptor same = file.dup();
    CHECK(file.kcmp(same) == 0);
    CHECK(folder.openat(path{"file"}, {}, {}).type() ==
          file_descriptor::file_kind::regular);
    file.set_non_blocking(true);
    CHECK(same.non_blocking());
    int ends[2];
    CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    descriptor one{unique_descriptor{ends[0]}},
        other{unique_descriptor{ends[1]}};
    CHECK(one.is_socket(file_descriptor::socket_family::unix_, {}, {}));
}

void use_capabilities(test_vm&) {
    const place in;
    make_file(in / "file");
    set_text_of_file(in / "file", c_string{"cap_net_raw=ep"});
    CHECK(get_text_of_file(in / "file") == "cap_net_raw=ep");
    const auto caps = cap_get_file(in / "file");
    cap_set_file(in / "file", {caps.dup()});
    descriptor file{open_file(AT_FDCWD, in / "file", {}, {})};
    CHECK(file.cap_get().to_string() == caps.to_string());
    file.cap_set({caps.dup()});
    file.cap_set({});
    cap_set_file(in / "file", {caps.dup()});
    cap_set_file(in / "file", {});
}

/// Whether this program may, and there is a file system that keeps them.
bool can_set_capabilities() {
    const place in;
    make_file(in / "file");
    return !failure_of([&] {
                set_text_of_file(in / "file", c_string{"cap_net_raw=ep"});
            }).code;
}

/// What a folder had told before is given first, and then it is asked again.
bool is_a_detail(std::string_view name) { return name == "getdents64"; }

} // namespace

int main() {
    each_call_fails("making and asking", make_and_ask, is_a_detail);
    each_call_fails("copying", copy_all, is_a_detail);
    each_call_fails("copying through memory", copy_through_memory, is_a_detail);
    each_call_fails("removing", remove_everything, is_a_detail);
    each_call_fails("a flat walk", walk_flat, is_a_detail);
    // A link of which nothing can be found out is not entered.
    each_call_fails("a walk", walk, [](std::string_view name) {
        return is_a_detail(name) || name == "stat" || name == "lstat";
    });
    each_call_fails("a walk ahead", walk_ahead, is_a_detail);
    each_call_fails("descriptors", use_descriptors, is_a_detail);
    if (can_set_capabilities())
        each_call_fails("capabilities", use_capabilities, is_a_detail);
    return failures != 0;
}
