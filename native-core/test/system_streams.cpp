// SPDX-License-Identifier: MIT OR BSL-1.0
#include "test_vm.hpp"

#include "core/standard_stream.hpp"

#include <boost/asio/error.hpp>

#include <csignal>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <pty.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

using namespace emilua;
using namespace emilua::test;
using boost::asio::error::eof;
using boost::asio::error::operation_aborted;

namespace {

struct descriptor_pair {
    int ends[2] = {-1, -1};
    ~descriptor_pair() {
        for (int& fd : ends) close(fd);
    }
    static void close(int& fd) {
        if (fd >= 0) ::close(fd);
        fd = -1;
    }
};

bool is_blocking(int fd) { return (::fcntl(fd, F_GETFL) & O_NONBLOCK) == 0; }

int open_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd) count += ::fcntl(fd, F_GETFD) != -1;
    return count;
}

class reading {
public:
    reading(test_vm& vm, int fd) : op{vm} {
        read_shared(fd, mutable_bytes{text, sizeof(text)}, op.completion());
    }
    std::string get() {
        op.wait();
        return op.error() ? std::string{} : std::string{text, op.value()};
    }

    char text[256];
    pending<std::size_t> op;
};

class writing {
public:
    writing(test_vm& vm, int fd, std::string s) : text{std::move(s)}, op{vm} {
        write_shared(fd, const_bytes{text.data(), text.size()},
                     op.completion());
    }

    std::string text;
    pending<std::size_t> op;
};

/// `ends[0]` is read, `ends[1]` written.
void read_from(test_vm& vm, descriptor_pair& p) {
    const int before = open_descriptors();
    {
        reading r{vm, p.ends[0]};
        CHECK(!r.op.done());
        CHECK(::write(p.ends[1], "abc\n", 4) == 4);
        CHECK(r.get() == "abc\n");
    }
    {
        CHECK(::write(p.ends[1], "now\n", 4) == 4);
        reading r{vm, p.ends[0]};
        CHECK(r.op.done());
        CHECK(r.get() == "now\n");
    }
    {
        reading r{vm, p.ends[0]};
        r.op.cancel();
        r.op.wait();
        CHECK(r.op.error() == operation_aborted);
    }
    CHECK(::write(p.ends[1], "kept\n", 5) == 5);
    vm.inline_budget = 0;
    {
        reading r{vm, p.ends[0]};
        CHECK(!r.op.done());
        CHECK(r.get() == "kept\n");
    }
    vm.inline_budget = vm::default_inline_budget;
    CHECK(is_blocking(p.ends[0]));
    CHECK(open_descriptors() == before);
}

void end_of_stream(test_vm& vm, descriptor_pair& p) {
    reading r{vm, p.ends[0]};
    CHECK(!r.op.done());
    descriptor_pair::close(p.ends[1]);
    r.op.wait();
    CHECK(r.op.error() == eof);
}

void write_to(test_vm& vm, descriptor_pair& p) {
    std::size_t written = 0;
    const std::string block(1 << 20, 'x');
    for (;;) {
        writing w{vm, p.ends[1], block};
        if (w.op.done()) {
            written += w.op.value();
            continue;
        }
        char drain[4096];
        std::size_t drained = 0;
        while (drained < written) {
            const auto n = ::read(p.ends[0], drain, sizeof(drain));
            CHECK(n > 0);
            if (n <= 0) return;
            drained += static_cast<std::size_t>(n);
        }
        w.op.wait();
        CHECK(!w.op.error() && w.op.value() > 0);
        break;
    }
    CHECK(is_blocking(p.ends[1]));
    descriptor_pair::close(p.ends[0]);
    writing w{vm, p.ends[1], "nobody"};
    w.op.wait();
    CHECK(w.op.error().value() == EPIPE);
    CHECK(w.op.op().syscall == std::string_view{"write"});
}

// A terminal takes what fits, and may have room for less than a pipe has.
void full_terminal(test_vm& vm) {
    descriptor_pair p;
    termios raw{};
    ::cfmakeraw(&raw);
    CHECK(::openpty(&p.ends[0], &p.ends[1], nullptr, &raw, nullptr) == 0);
    const int before = open_descriptors();
    const std::string block(1 << 20, 'x');
    for (std::size_t written = 0;;) {
        vm.inline_budget = vm::default_inline_budget;
        writing w{vm, p.ends[1], block};
        if (w.op.done()) {
            written += w.op.value();
            continue;
        }
        std::string drain(written, '\0');
        for (std::size_t drained = 0; drained < written;) {
            const auto n = ::read(p.ends[0], drain.data(), written - drained);
            CHECK(n > 0);
            if (n <= 0) return;
            drained += static_cast<std::size_t>(n);
        }
        w.op.wait();
        CHECK(!w.op.error() && w.op.value() > 0);
        break;
    }
    CHECK(is_blocking(p.ends[1]));
    CHECK(open_descriptors() == before);
    descriptor_pair::close(p.ends[0]);
    writing w{vm, p.ends[1], "nobody"};
    w.op.wait();
    CHECK(w.op.error().value() == EIO);
}

void files(test_vm& vm) {
    char name[] = "/tmp/emilua-test-XXXXXX";
    descriptor_pair p;
    p.ends[0] = ::mkstemp(name);
    ::unlink(name);
    for (unsigned budget : {vm::default_inline_budget, 0u}) {
        vm.inline_budget = budget;
        writing w{vm, p.ends[0], "text"};
        CHECK(w.op.done() == (budget > 0));
        w.op.wait();
        CHECK(w.op.value() == 4);
    }
    vm.inline_budget = vm::default_inline_budget;
    ::lseek(p.ends[0], 0, SEEK_SET);
    reading whole{vm, p.ends[0]};
    CHECK(whole.op.done() && whole.get() == "texttext");
    reading end{vm, p.ends[0]};
    CHECK(end.op.done() && end.op.error() == eof);

    descriptor_pair null;
    null.ends[0] = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    writing w{vm, null.ends[0], "gone"};
    CHECK(w.op.done() && w.op.value() == 4);
    reading r{vm, null.ends[0]};
    CHECK(r.op.done() && r.op.error() == eof);

    reading closed{vm, -1};
    closed.op.wait();
    CHECK(closed.op.error().value() == EBADF);
}

} // namespace

int main() {
    std::signal(SIGPIPE, SIG_IGN);
    thread_pool pool{1};
    test_vm vm{pool};
    { // The context opens what it needs for itself.
        descriptor_pair p;
        CHECK(::pipe2(p.ends, O_CLOEXEC) == 0);
        reading r{vm, p.ends[0]};
        end_of_stream(vm, p);
        r.op.wait();
    }
    for (const bool socket : {false, true}) {
        descriptor_pair p, q;
        for (auto* d : {&p, &q}) {
            CHECK(socket ? ::socketpair(AF_UNIX, SOCK_STREAM, 0, d->ends) == 0
                         : ::pipe2(d->ends, O_CLOEXEC) == 0);
        }
        read_from(vm, p);
        end_of_stream(vm, p);
        write_to(vm, q);
    }
    {
        descriptor_pair terminal;
        CHECK(::openpty(&terminal.ends[1], &terminal.ends[0], nullptr, nullptr,
                        nullptr) == 0);
        read_from(vm, terminal);
        writing w{vm, terminal.ends[0], "shown"};
        CHECK(w.op.done() && w.op.value() == 5);
    }
    full_terminal(vm);
    files(vm);
    CHECK(vm.outstanding == 0);
    return failures != 0;
}
