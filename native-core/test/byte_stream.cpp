// SPDX-License-Identifier: MIT OR BSL-1.0
// Byte streams of read(2) and write(2), as pipes and terminals are.
#include "core/byte_stream.hpp"
#include "core/shared_calls.hpp"
#include "test_vm.hpp"

#include <boost/asio/error.hpp>

#include <csignal>
#include <string>

#include <fcntl.h>

using namespace emilua;
using namespace emilua::test;

namespace {

using pipe_end = byte_stream<shared_calls>;

struct pipe_ends {
    pipe_end reader, writer;
};

pipe_ends make_pipe(test_vm& v) {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) throw_errno("pipe2");
    return {{v, unique_descriptor{fds[0]}}, {v, unique_descriptor{fds[1]}}};
}

mutable_bytes writable(std::string& s) { return {s.data(), s.size()}; }
const_bytes readable(const std::string& s) {
    return {const_cast<char*>(s.data()), s.size()};
}

void bytes_pass(test_vm& v) {
    auto [reader, writer] = make_pipe(v);
    std::string buffer(8, '\0');
    pending<std::size_t> in{v};
    reader.read_some(writable(buffer), in.completion());
    CHECK(!in.done());

    const std::string data = "hello";
    pending<std::size_t> out{v};
    writer.write_some(readable(data), out.completion());
    CHECK(out.done() && out.value() == data.size());
    in.wait();
    CHECK(!in.error() && buffer.substr(0, in.value()) == data);

    writer.close();
    pending<std::size_t> end{v};
    reader.read_some(writable(buffer), end.completion());
    end.wait();
    CHECK(end.error() == boost::asio::error::eof);
    CHECK(end.op().syscall == std::string_view{"read"});
}

void full_reads_go_on_at_once(test_vm& v) {
    auto [reader, writer] = make_pipe(v);
    const std::string data = "0123456789";
    pending<std::size_t> out{v};
    writer.write_some(readable(data), out.completion());
    std::string buffer(4, '\0');
    auto read = [&](bool at_once) {
        pending<std::size_t> in{v};
        reader.read_some(writable(buffer), in.completion());
        CHECK(in.done() == at_once);
        in.wait();
        return buffer.substr(0, in.value());
    };
    CHECK(read(false) == "0123");
    CHECK(read(true) == "4567");
    CHECK(read(true) == "89");
    pending<std::size_t> in{v};
    reader.read_some(writable(buffer), in.completion());
    CHECK(!in.done());
    in.cancel();
    in.wait();
    CHECK(in.error() == boost::asio::error::operation_aborted);
}

void writers_wait_for_room(test_vm& v) {
    auto [reader, writer] = make_pipe(v);
    const std::string data(1 << 20, 'x');
    std::size_t sent = 0;
    for (bool full = false; !full;) {
        pending<std::size_t> out{v};
        writer.write_some(readable(data), out.completion());
        full = !out.done();
        if (full) {
            std::string buffer(1 << 20, '\0');
            pending<std::size_t> in{v};
            reader.read_some(writable(buffer), in.completion());
            in.wait();
            CHECK(in.value() > 0 && in.value() <= sent);
        }
        out.wait();
        sent += out.value();
    }
    reader.close();
    pending<std::size_t> out{v};
    writer.write_some(readable(data), out.completion());
    out.wait();
    CHECK(out.error() == error_code(EPIPE, boost::system::system_category()));
    CHECK(out.op().syscall == std::string_view{"write"});
}

} // namespace

int main() {
    std::signal(SIGPIPE, SIG_IGN);
    thread_pool ctx{1};
    test_vm v{ctx};
    for (auto* test :
         {bytes_pass, full_reads_go_on_at_once, writers_wait_for_room}) {
        v.inline_budget = vm::default_inline_budget;
        test(v);
        CHECK(v.outstanding == 0);
    }
    return failures != 0;
}
