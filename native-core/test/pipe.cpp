// SPDX-License-Identifier: MIT OR BSL-1.0
// What of pipes neither language sees: the flags of their descriptors.
#include "modules/pipe/pipe.hpp"
#include "test_vm.hpp"

#include <fcntl.h>

using namespace emilua;
using namespace emilua::test;

namespace {

int flags_of(const file_descriptor::file_descriptor& fd) {
    return ::fcntl(fd.get(), F_GETFL);
}

// A child that gets an end of ours must be able to wait.
void ends_never_become_non_blocking(test_vm& v) {
    auto [reader, writer] = pipe::pair(v);
    std::string buffer(8, '\0');
    pending<std::size_t> in{v};
    reader.read_some({buffer.data(), buffer.size()}, in.completion());
    CHECK(!in.done());
    pending<std::size_t> out{v};
    writer.write_some({buffer.data(), 3}, out.completion());
    in.wait();
    out.wait();
    CHECK(in.value() == 3 && out.value() == 3);
    CHECK(!(flags_of(reader.release()) & O_NONBLOCK));
    CHECK(!(flags_of(writer.release()) & O_NONBLOCK));
}

void both_are_closed_on_exec(test_vm& v) {
    auto [reader, writer] = pipe::pair(v);
    CHECK(::fcntl(reader.native_handle(), F_GETFD) & FD_CLOEXEC);
    CHECK(::fcntl(writer.native_handle(), F_GETFD) & FD_CLOEXEC);
}

} // namespace

int main() {
    thread_pool ctx{1};
    test_vm v{ctx};
    ends_never_become_non_blocking(v);
    both_are_closed_on_exec(v);
    return failures != 0;
}
