// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <string>
#include <string_view>

namespace emilua {

/// Tells on standard error what went wrong: a headline, in red where colours
/// are wanted (EMILUA_COLORS, else when it is a terminal), and what belongs to
/// it. What the program printed before comes first. Any thread.
void report(const std::string& headline, std::string_view details = {});

/// In the process of an actor: `f` hears of each report, too. Once, before
/// there are threads.
void report_also_to(void (*f)(std::string_view headline,
                              std::string_view details));

/// An address as programs see it in reports: "VM 0x55d0c8".
std::string name_with_address(const char* what, const void* address);

/// EMILUA_PANIC=exit: the process goes no further after a failure that nobody
/// handled.
bool panics_are_fatal();

} // namespace emilua
