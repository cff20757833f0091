// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/file_descriptor/file_descriptor.hpp"

namespace emilua::system {

using file_descriptor::file_descriptor;

/// What the standard streams have in common. Names a descriptor number of the
/// process; owns nothing.
class standard_stream {
public:
    file_descriptor dup() const;
    void dup_from(const file_descriptor& oldd);
    bool isatty() const noexcept;
    int tcgetpgrp() const;
    void tcsetpgrp(int pgid);

protected:
    explicit standard_stream(int fd) noexcept : fd_{fd} {}

    int fd_;
};

class standard_input : public standard_stream {
public:
    static standard_input in();

    void read_some(mutable_bytes buffer, handler<std::size_t> h);

private:
    using standard_stream::standard_stream;
};

class standard_output : public standard_stream {
public:
    static standard_output out();
    static standard_output err();

    void write_some(const_bytes buffer, handler<std::size_t> h);

private:
    using standard_stream::standard_stream;
};

/// Adds `in_`, `out` and `err` to the module.
void describe_standard_streams(module_builder& m);

} // namespace emilua::system
