// SPDX-License-Identifier: MIT OR BSL-1.0
// Transfers on a ring and on threads of the pool: who ends them, when, and with
// what.
#include "modules/file/file.hpp"
#include "core/file_ring.hpp"
#include "modules/file/operation.hpp"
#include "modules/pipe/pipe.hpp"
#include "test_vm.hpp"

#include <chrono>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

using namespace emilua;
using namespace emilua::test;

namespace {

using read_operation = file::operation_on_file<mutable_bytes, std::size_t>;

struct ends {
    unique_descriptor reader, writer;

    ends() {
        int fds[2];
        if (::pipe2(fds, O_CLOEXEC) != 0) throw_errno("pipe2");
        reader = unique_descriptor{fds[0]};
        writer = unique_descriptor{fds[1]};
    }
};

unique_descriptor unnamed() {
    unique_descriptor fd{::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
    if (!fd) throw_errno("open");
    return fd;
}

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

/// One that is read from with a transfer, whatever poll() says of it.
struct reading {
    std::shared_ptr<open_file> file;
    char bytes[8] = {};
    pending<std::size_t> op;

    reading(test_vm& v, std::shared_ptr<open_file> f)
        : file{std::move(f)}, op{v} {
        read_operation::start(file, file_call::read, "read",
                              {bytes, sizeof(bytes)},
                              file_transfer::at_position, op.completion());
    }
};

bool was_canceled(const error_code& ec) {
    return ec == boost::asio::error::operation_aborted;
}

void until_in_kernel(test_vm& v) {
    v.io().restart();
    v.io().poll();
}

void a_pending_read_is_canceled(test_vm& v) {
    ends e;
    const auto f = std::make_shared<open_file>(v, std::move(e.reader),
                                               transfer_order::serial);
    reading first{v, f}, second{v, f};
    until_in_kernel(v);
    CHECK(!first.op.done());
    second.op.cancel();
    second.op.wait();
    CHECK(was_canceled(second.op.error()) && !first.op.done());
    first.op.cancel();
    first.op.wait();
    CHECK(was_canceled(first.op.error()));
    CHECK(f->idle());
}

// What waits for the kernel hears of it when somebody else has taken all that
// the kernel had, and keeps no context that has nothing left to do.
void nothing_waits_for_what_was_taken(test_vm& v) {
    ends e;
    const auto f = std::make_shared<open_file>(v, std::move(e.reader),
                                               transfer_order::serial);
    const auto whole =
        std::make_shared<open_file>(v, unnamed(), transfer_order::serial);
    CHECK(::pwrite(whole->get(), "xyz", 3, 0) == 3);
    reading waiting{v, f};
    until_in_kernel(v);
    CHECK(!waiting.op.done());
    boost::asio::post(v.io(),
                      [&] { CHECK(::write(e.writer.get(), "abc", 3) == 3); });
    reading ready{v, whole};
    v.io().restart();
    v.io().run_for(std::chrono::minutes{1});
    CHECK(waiting.op.done() && ready.op.done());
    CHECK(v.io().stopped());
}

// It never reached the kernel.
void a_fresh_read_is_canceled(test_vm& v) {
    ends e;
    const auto f = std::make_shared<open_file>(v, std::move(e.reader),
                                               transfer_order::serial);
    reading r{v, f};
    r.op.cancel();
    r.op.wait();
    CHECK(was_canceled(r.op.error()));
    CHECK(::write(e.writer.get(), "abc", 3) == 3);
    reading again{v, f};
    again.op.wait();
    CHECK(!again.op.error() && again.op.value() == 3);
}

void what_the_kernel_has_read_is_delivered(test_vm& v) {
    ends e;
    const auto f = std::make_shared<open_file>(v, std::move(e.reader),
                                               transfer_order::serial);
    reading r{v, f};
    until_in_kernel(v);
    CHECK(::write(e.writer.get(), "abc", 3) == 3);
    // Any system call lets the kernel finish, which nobody here knows yet.
    for (int n = 3; n != 0;) {
        CHECK(::ioctl(e.writer.get(), FIONREAD, &n) == 0);
    }
    r.op.cancel();
    r.op.wait();
    CHECK(!r.op.error() && r.op.value() == 3 &&
          std::string_view(r.bytes, 3) == "abc");
}

void closing_ends_what_is_pending(test_vm& v) {
    ends e;
    const int number = e.reader.get();
    const auto f = std::make_shared<open_file>(v, std::move(e.reader),
                                               transfer_order::serial);
    reading first{v, f}, second{v, f};
    until_in_kernel(v);
    CHECK(!f->close());
    CHECK(!is_open(number));
    first.op.wait();
    second.op.wait();
    CHECK(was_canceled(first.op.error()) && was_canceled(second.op.error()));
}

// More than the kernel's queue holds.
void thousand_reads_at_once(test_vm& v) {
    file::random_access f{v};
    file_descriptor::file_descriptor fd{unnamed()};
    f.assign(consumed<file_descriptor::file_descriptor>{fd});
    f.resize(1000 * 8);
    std::vector<std::unique_ptr<pending<std::size_t>>> ops;
    std::vector<char> bytes(1000 * 8, 'x');
    for (unsigned i = 0; i < 1000; ++i) {
        ops.push_back(std::make_unique<pending<std::size_t>>(v));
        f.read_some_at(i * 8, {bytes.data() + i * 8, 8},
                       ops.back()->completion());
    }
    for (auto& op : ops) op->wait();
    CHECK(std::all_of(ops.begin(), ops.end(),
                      [](auto& op) { return op->value() == 8; }));
    CHECK(std::all_of(bytes.begin(), bytes.end(), [](char c) { return !c; }));
    CHECK(!f.busy());
}

// A thread of the pool may be in the middle of a call: the number stays taken
// until it comes back.
void a_call_under_way_keeps_its_descriptor(test_vm& v) {
    ends e;
    const int number = e.reader.get();
    const auto f = std::make_shared<open_file>(v, std::move(e.reader),
                                               transfer_order::serial);
    reading r{v, f};
    const auto copy = f->release();
    CHECK(copy && is_open(copy.get()));
    CHECK(::write(e.writer.get(), "abc", 3) == 3);
    r.op.wait();
    CHECK(was_canceled(r.op.error()) || r.op.value() == 3);
    CHECK(copy.get() == number || !is_open(number));
}

void locks_wait_without_a_thread(test_vm& v) {
    const auto fd = unnamed();
    const auto path = "/proc/self/fd/" + std::to_string(fd.get());
    file::stream a{v}, b{v};
    const flags_of<file::file_open_flag> both{
        static_cast<unsigned>(file::file_open_flag::read_write)};
    a.open(filesystem::path{path}, both, {});
    b.open(filesystem::path{path}, both, {});
    CHECK(a.try_lock() && !b.try_lock());
    pending<> waits{v};
    b.lock(waits.completion());
    CHECK(!waits.done() && b.busy());
    a.close();
    waits.wait();
    CHECK(!waits.error() && !b.busy());
    file::stream c{v};
    c.open(filesystem::path{path}, both, {});
    pending<> canceled{v};
    c.lock(canceled.completion());
    canceled.cancel();
    canceled.wait();
    CHECK(was_canceled(canceled.error()) && !c.busy());
}

int all(bool ring) {
    thread_pool ctx{1};
    test_vm v{ctx};
    const bool has_ring = file_ring::of(v.io()) != nullptr;
    if (ring && !has_ring)
        std::fprintf(stderr, "The kernel gives no ring: not tested.\n");
    CHECK(ring || !has_ring);
    if (has_ring) {
        nothing_waits_for_what_was_taken(v);
        a_pending_read_is_canceled(v);
        a_fresh_read_is_canceled(v);
        what_the_kernel_has_read_is_delivered(v);
        closing_ends_what_is_pending(v);
    } else {
        a_call_under_way_keeps_its_descriptor(v);
    }
    thousand_reads_at_once(v);
    locks_wait_without_a_thread(v);
    return failures != 0;
}

/// In a process of its own: how files are read is decided once.
bool passes(const char* way, bool ring) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::setenv("EMILUA_FILE_IO", way, 1);
        std::exit(all(ring));
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && status == 0;
}

} // namespace

int main() {
    CHECK(passes("ring", true));
    CHECK(passes("pool", false));
    return failures != 0;
}
