// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace emilua::process {

/// What the process was started with. `set_arguments` is the program's, before
/// any VM exists; `arguments` is empty without it.
void set_arguments(std::vector<std::string> arguments);
const std::vector<std::string>& arguments() noexcept;

/// The variables as they were when first asked for: later changes are not
/// seen, because `setenv` beside other threads is a data race.
const std::vector<std::pair<std::string, std::string>>& environment();

/// Whether a policy says what this process may do, since `be_confined`.
bool is_confined() noexcept;
void be_confined() noexcept;

} // namespace emilua::process
