// SPDX-License-Identifier: MIT OR BSL-1.0
// What of patterns neither language sees: those that were used last are kept.
#include "modules/regex/regex.hpp"
#include "test_vm.hpp"

using emilua::regex::grammar;
using emilua::regex::regex;

int main() {
    const regex a{{"[a-z]+", grammar::ecma}}, b{{"[a-z]+", grammar::ecma}};
    CHECK(&a.get() == &b.get());
    const regex c{{"[a-z]+", grammar::extended}};
    CHECK(&a.get() != &c.get());
    for (int i = 0; i < 100; ++i) regex{{std::to_string(i), grammar::ecma}};
    const regex d{{"[a-z]+", grammar::ecma}};
    CHECK(&a.get() != &d.get() && a.get() == d.get());
    return emilua::test::failures != 0;
}
