// SPDX-License-Identifier: MIT OR BSL-1.0
// What of terminals neither language sees: the flags of their descriptors.
#include "modules/serial_port/serial_port.hpp"
#include "test_vm.hpp"

#include <fcntl.h>
#include <termios.h>

using namespace emilua;
using namespace emilua::test;

namespace {

using descriptor = file_descriptor::file_descriptor;

bool closed_on_exec(int fd) { return ::fcntl(fd, F_GETFD) & FD_CLOEXEC; }

void a_pair(test_vm& v) {
    auto [master, slave] = serial_port::ptypair(v);
    CHECK(closed_on_exec(master.native_handle()));
    CHECK(closed_on_exec(slave.get()));
    CHECK(!slave.non_blocking());

    // A shell may share it.
    serial_port::serial_port port{v};
    port.assign(consumed<descriptor>{slave});
    std::string buffer(8, '\0');
    pending<std::size_t> in{v};
    port.read_some({buffer.data(), buffer.size()}, in.completion());
    CHECK(!in.done());
    pending<std::size_t> out{v};
    master.write_some({buffer.data(), 0}, out.completion());
    out.wait();
    in.cancel();
    in.wait();
    CHECK(!port.release().non_blocking());

    // Nobody shares a master.
    descriptor fd = master.release();
    fd.set_non_blocking(false);
    master.assign(consumed<descriptor>{fd});
    CHECK(master.release().non_blocking());
}

void a_device(test_vm& v) {
    auto [master, slave] = serial_port::ptypair(v);
    serial_port::serial_port port{v};
    port.open({"/proc/self/fd/" + std::to_string(slave.get())});
    CHECK(closed_on_exec(port.native_handle()));
    termios t;
    CHECK(::tcgetattr(port.native_handle(), &t) == 0);
    CHECK((t.c_lflag & (ECHO | ICANON | ISIG | IEXTEN)) == 0);
    CHECK((t.c_iflag & (ICRNL | IXON | ISTRIP)) == 0);
    CHECK((t.c_oflag & OPOST) == 0);
    CHECK((t.c_iflag & IGNPAR) && (t.c_cflag & CREAD) && (t.c_cflag & CLOCAL));
    // A rate with a constant has it: stty knows no other.
    port.set_baud_rate(57600);
    CHECK(::tcgetattr(slave.get(), &t) == 0);
    CHECK(::cfgetospeed(&t) == B57600 && ::cfgetispeed(&t) == B57600);
    port.set_baud_rate(74880);
    CHECK(port.get_baud_rate() == 74880);
    CHECK(failure_of([&] { port.open({"/dev/null"}); }).code ==
          boost::asio::error::already_open);
}

} // namespace

int main() {
    thread_pool ctx{1};
    test_vm v{ctx};
    a_pair(v);
    a_device(v);
    CHECK(v.outstanding == 0);
    return failures != 0;
}
