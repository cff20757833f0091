// SPDX-License-Identifier: MIT OR BSL-1.0
// A bundle: this executable with the files of a program behind it.
#pragma once

#include <string>
#include <vector>

namespace emilua {

/// The path of the program that is behind this executable, whose files are
/// built in from now on; empty if there is none. Throws `failure`, whose text
/// says what is wrong. Before the first VM.
std::string open_bundle();

struct bundled_file {
    /// Where it is built in.
    std::string place;
    /// Where it is now.
    std::string file;
};

/// Writes the executable `output`: this one, and behind it `files`, the program
/// first. What was there is replaced at the end. Throws `failure` with the path
/// at fault.
void write_bundle(const std::string& output,
                  const std::vector<bundled_file>& files);

} // namespace emilua
