// SPDX-License-Identifier: MIT OR BSL-1.0
// Lets each system call of a file and of a pipe fail in turn: the right error
// comes, nothing hangs, no descriptor and no memory is lost.
//
// The linker puts the functions below between the core and the C library
// (--wrap, see CMakeLists.txt), in this program and in no other.
#include "modules/file/file.hpp"
#include "modules/pipe/pipe.hpp"
#include "test_vm.hpp"

#include <algorithm>
#include <chrono>
#include <cstdarg>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <liburing.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>

namespace {

/// Which call fails, counted from 1; 0 for none. Threads of the pool call too.
std::atomic<int> failing = 0, made = 0;
std::atomic<const char*> failed = nullptr;

bool fails(const char* name) {
    if (failing == 0 || ++made != failing) return false;
    failed = name;
    errno = EIO;
    return true;
}

/// What there is of memory that was allocated and not given back.
std::atomic<long> blocks = 0;

} // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
    void* const p = std::malloc(size);
    if (!p) throw std::bad_alloc{};
    ++blocks;
    return p;
}
[[gnu::noinline]] void operator delete(void* p) noexcept {
    if (p) --blocks;
    std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept {
    ::operator delete(p);
}

#define FAILING_CALL(type, name, declaration, arguments)                       \
    type __real_##name declaration;                                            \
    type __wrap_##name declaration {                                           \
        return fails(#name) ? static_cast<type>(-1) : __real_##name arguments; \
    }

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

int __real_openat(int at, const char* path, int how, ...);
int __wrap_openat(int at, const char* path, int how, ...) {
    va_list more;
    va_start(more, how);
    const auto mode = va_arg(more, mode_t);
    va_end(more);
    return fails("openat") ? -1 : __real_openat(at, path, how, mode);
}

int __real_fcntl(int fd, int what, ...);
int __wrap_fcntl(int fd, int what, ...) {
    va_list more;
    va_start(more, what);
    const auto argument = va_arg(more, long);
    va_end(more);
    return fails("fcntl") ? -1 : __real_fcntl(fd, what, argument);
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

/// An operation that is over when this goes, whatever happened.
template <class... R> class started {
public:
    explicit started(test_vm& v) : op_{v} {}
    ~started() {
        if (!begun_ || op_.done()) return;
        op_.cancel();
        op_.wait();
    }

    handler<R...> completion() {
        begun_ = true;
        return op_.completion();
    }
    void expect() {
        op_.wait();
        if (op_.error()) throw failure{op_.error(), op_.op().syscall};
    }

private:
    pending<R...> op_;
    bool begun_ = false;
};

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

std::size_t descriptors() {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& e :
         std::filesystem::directory_iterator{"/proc/self/fd"})
        ++n;
    return n;
}

/// Where a failure changes how something is done, and not whether.
bool is_a_detail(std::string_view name) {
    return name.starts_with("io_uring") || name == "eventfd" || name == "fcntl";
}

/// In a context of its own, so that it leaves nothing.
failure attempt_of(void (*use)(test_vm&), int n) {
    thread_pool ctx{1};
    test_vm v{ctx};
    made = 0;
    failed = nullptr;
    failing = n;
    const auto f = failure_of([&] { use(v); });
    failing = 0;
    return f;
}

/// Threads of the pool give back what they hold when they are done with it.
bool settles(long allocated) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    while (blocks > allocated && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    return blocks <= allocated;
}

void each_call_fails(const char* what, void (*use)(test_vm&)) {
    CHECK(!attempt_of(use, 0).code);
    const auto open = descriptors();
    auto allocated = blocks.load();
    // The least of some: what a thread still holds is not counted.
    for (int i = 0; i < 20; ++i) {
        CHECK(!attempt_of(use, 0).code);
        allocated = std::min(allocated, blocks.load());
    }
    int n = 1;
    for (;; ++n) {
        const auto f = attempt_of(use, n);
        if (!failed) {
            CHECK(!f.code);
            break;
        }
        const bool right =
            f.code == error_code{EIO, boost::system::system_category()} ||
            (!f.code && is_a_detail(failed.load()));
        if (!right)
            std::fprintf(stderr, "%s, call %d: %s failed: %s (%s)\n", what, n,
                         failed.load(), f.code.message().c_str(),
                         f.syscall ? f.syscall : "");
        CHECK(right);
        const bool settled = settles(allocated);
        if (descriptors() != open || !settled)
            std::fprintf(stderr,
                         "%s, call %d: %s failed: %zd descriptors and %ld "
                         "blocks are lost\n",
                         what, n, failed.load(), descriptors() - open,
                         blocks.load() - allocated);
        CHECK(descriptors() == open);
        CHECK(settled);
    }
    std::printf("%s: %d calls failed\n", what, n - 1);
    CHECK(n > 5);
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 1) {
        each_call_fails("file", use_a_file);
        each_call_fails("pipe", use_a_pipe);
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
