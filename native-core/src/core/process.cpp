// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/process.hpp"

#include <algorithm>
#include <atomic>
#include <string_view>

#include <unistd.h>

namespace emilua::process {

namespace {

using variables = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string>& stored_arguments() noexcept {
    static std::vector<std::string> a;
    return a;
}

variables read_environment() {
    variables r;
    for (char** e = environ; e && *e; ++e) {
        const std::string_view entry{*e};
        const auto equals = entry.find('=');
        if (equals == entry.npos) continue;
        const auto name = entry.substr(0, equals);
        // getenv finds the first of a name that appears twice.
        if (std::any_of(r.begin(), r.end(),
                        [&](auto& v) { return v.first == name; }))
            continue;
        r.emplace_back(name, entry.substr(equals + 1));
    }
    return r;
}

} // namespace

void set_arguments(std::vector<std::string> arguments) {
    stored_arguments() = std::move(arguments);
}

const std::vector<std::string>& arguments() noexcept {
    return stored_arguments();
}

const variables& environment() {
    static const variables v = read_environment();
    return v;
}

namespace {

std::atomic<bool> confined = false;

} // namespace

bool is_confined() noexcept { return confined; }
void be_confined() noexcept { confined = true; }

} // namespace emilua::process
