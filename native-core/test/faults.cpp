// SPDX-License-Identifier: MIT OR BSL-1.0
// Lets each system call of a file and of a pipe fail in turn.
#include "faults_of_files.hpp"
#include "modules/file/file.hpp"
#include "modules/pipe/pipe.hpp"

#include <fcntl.h>
#include <liburing.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>

// Those of liburing give the error instead of setting errno.
#define FAILING_RING_CALL(name, declaration, arguments)                        \
    int __real_##name declaration;                                             \
    int __wrap_##name declaration {                                            \
        return fails(#name) ? -EAGAIN : __real_##name arguments;               \
    }

extern "C" {
int __real_fstat(int fd, struct stat* s);

/// Not what the reactor wakes itself with.
static bool is_ours(int fd) {
    struct stat s;
    return __real_fstat(fd, &s) == 0 &&
           (S_ISREG(s.st_mode) || S_ISFIFO(s.st_mode));
}

ssize_t __real_read(int fd, void* p, size_t n);
ssize_t __wrap_read(int fd, void* p, size_t n) {
    return is_ours(fd) && fails("read") ? -1 : __real_read(fd, p, n);
}
ssize_t __real_write(int fd, const void* p, size_t n);
ssize_t __wrap_write(int fd, const void* p, size_t n) {
    return is_ours(fd) && fails("write") ? -1 : __real_write(fd, p, n);
}
FAILING_CALL(ssize_t, pread, (int fd, void* p, size_t n, off_t o),
             (fd, p, n, o))
FAILING_CALL(ssize_t, pwrite, (int fd, const void* p, size_t n, off_t o),
             (fd, p, n, o))
FAILING_CALL(ssize_t, preadv2,
             (int fd, const iovec* v, int n, off_t o, int how),
             (fd, v, n, o, how))
FAILING_CALL(ssize_t, pwritev2,
             (int fd, const iovec* v, int n, off_t o, int how),
             (fd, v, n, o, how))
FAILING_CALL(int, fsync, (int fd), (fd))
FAILING_CALL(int, fdatasync, (int fd), (fd))
FAILING_CALL(int, ftruncate, (int fd, off_t n), (fd, n))
FAILING_CALL(int, flock, (int fd, int how), (fd, how))
int __wrap_fstat(int fd, struct stat* s) {
    return fails("fstat") ? -1 : __real_fstat(fd, s);
}
FAILING_CALL(off_t, lseek, (int fd, off_t o, int whence), (fd, o, whence))
FAILING_CALL(int, pipe2, (int* fds, int how), (fds, how))
FAILING_CALL(int, eventfd, (unsigned v, int how), (v, how))
// What is registered can be taken out again.
int __real_epoll_ctl(int e, int what, int fd, epoll_event* v);
int __wrap_epoll_ctl(int e, int what, int fd, epoll_event* v) {
    return is_ours(fd) && what == EPOLL_CTL_ADD && fails("epoll_ctl")
               ? -1
               : __real_epoll_ctl(e, what, fd, v);
}

FAILING_RING_CALL(io_uring_queue_init_params,
                  (unsigned n, io_uring* r, io_uring_params* p), (n, r, p))
FAILING_RING_CALL(io_uring_register_eventfd, (io_uring * r, int fd), (r, fd))
FAILING_RING_CALL(io_uring_submit, (io_uring * r), (r))
}

using namespace emilua;
using namespace emilua::test;

namespace {

using descriptor = file_descriptor::file_descriptor;

const std::string path = "/tmp/emilua-faults-" + std::to_string(::getpid());

flags_of<file::file_open_flag> both() {
    return {static_cast<unsigned>(file::file_open_flag::create) |
            static_cast<unsigned>(file::file_open_flag::read_write)};
}

/// What a program does with a file, from its beginning to its end.
void use_a_file(test_vm& v) {
    char bytes[4] = "abc";
    file::stream f{v};
    f.open(filesystem::path{path}, both(), {});
    started<std::size_t> out{v}, in{v};
    f.write_some({bytes, 3}, out.completion());
    out.expect();
    f.seek(0, file::seek_origin::set);
    f.read_some({bytes, 3}, in.completion());
    in.expect();
    started<> sync{v}, data{v}, size{v}, lock{v};
    f.sync_all(sync.completion());
    sync.expect();
    f.sync_data(data.completion());
    data.expect();
    f.resize_later(5, size.completion());
    size.expect();
    f.lock(lock.completion());
    lock.expect();
    CHECK(f.size() == 5);
    f.unlock();
    CHECK(f.try_lock());

    descriptor fd = f.release();
    descriptor copy = fd.dup();
    file::random_access r{v};
    r.assign(consumed<descriptor>{fd});
    started<std::size_t> at{v}, from{v};
    r.write_some_at(2, {bytes, 3}, at.completion());
    at.expect();
    r.read_some_at(2, {bytes, 3}, from.completion());
    from.expect();
    r.close();
    copy.set_non_blocking(true);
    CHECK(copy.type() == file_descriptor::file_kind::regular);

    descriptor folder{
        filesystem::open_file(AT_FDCWD, filesystem::path{"/tmp"}, {}, {})};
    descriptor again = folder.openat(
        filesystem::path{std::filesystem::path{path}.filename()}, {}, {});
    again.close();
}

void use_a_pipe(test_vm& v) {
    char bytes[4] = "abc";
    auto [reader, writer] = pipe::pair(v);
    started<std::size_t> waiting{v}, out{v}, in{v};
    reader.read_some({bytes, 1}, waiting.completion());
    writer.write_some({bytes, 3}, out.completion());
    out.expect();
    waiting.expect();
    reader.read_some({bytes, 2}, in.completion());
    in.expect();
    descriptor fd = reader.release();
    pipe::read_stream other{v};
    other.assign(consumed<descriptor>{fd});
    file::stream as_file{v};
    descriptor end = other.release();
    as_file.assign(consumed<descriptor>{end});
    started<std::size_t> last{v};
    as_file.read_some({bytes, 1}, last.completion());
    started<std::size_t> more{v};
    writer.write_some({bytes, 1}, more.completion());
    more.expect();
    last.expect();
}

/// Where a failure changes how something is done, and not whether: a descriptor
/// that is handed on does not know what it was.
bool is_a_detail(std::string_view name) {
    return name.starts_with("io_uring") || name == "eventfd" ||
           name == "fcntl" || name == "fstat";
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 1) {
        each_call_fails("file", use_a_file, is_a_detail);
        each_call_fails("pipe", use_a_pipe, is_a_detail);
        ::unlink(path.c_str());
        return failures != 0;
    }
    // How files are read is decided once a process.
    const std::string self = argv[0];
    for (const char* how : {"", "EMILUA_FILE_IO=ring ", "EMILUA_FILE_IO=pool "})
        CHECK(std::system((how + ("EMILUA_POOL_THREADS=1 " + self + " child"))
                              .c_str()) == 0);
    return failures != 0;
}
