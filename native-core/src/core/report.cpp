// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/report.hpp"

#include "core/printer.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace emilua {
namespace {

bool colours_wanted() {
    static const bool wanted = [] {
        const char* choice = std::getenv("EMILUA_COLORS");
        return choice ? std::strcmp(choice, "1") == 0
                      : isatty(STDERR_FILENO) != 0;
    }();
    return wanted;
}

void (*also_to)(std::string_view, std::string_view) = nullptr;

} // namespace

void report_also_to(void (*f)(std::string_view, std::string_view)) {
    also_to = f;
}

bool panics_are_fatal() {
    static const bool fatal = [] {
        const char* choice = std::getenv("EMILUA_PANIC");
        return choice && std::strcmp(choice, "exit") == 0;
    }();
    return fatal;
}

void report(const std::string& headline, std::string_view details) {
    std::string text = colours_wanted() ? "\x1b[1;31m" + headline + "\x1b[0m\n"
                                        : headline + '\n';
    if (!details.empty()) text.append(details).append("\n");
    printer::instance().flush();
    std::fwrite(text.data(), 1, text.size(), stderr);
    if (also_to) also_to(headline, details);
}

std::string name_with_address(const char* what, const void* address) {
    char text[32];
    std::snprintf(text, sizeof(text), " %p", address);
    return std::string{what} + text;
}

} // namespace emilua
