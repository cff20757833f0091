// SPDX-License-Identifier: MIT OR BSL-1.0
// The command emilua with modules of our own: in Lua, in C++, and a category of
// errors.
#include <emilua/describe.hpp>
#include <emilua/state.hpp>

#include <map>

namespace {

const std::map<std::string_view, std::string_view> sources{
    {"shop/init", "local prices = require './prices'\n"
                  "return { total = function (n) return prices.each * n end }"},
    {"shop/prices", "return { each = require('rates').vat(100) }"},
};

constexpr std::string_view errors = R"(
@prefix cat: <https://schema.emilua.org/error_category/0/#>.
<about:emilua-module>
  a <https://schema.emilua.org/error_category/0/>;
  cat:error [ cat:code 1; cat:alias "SOLD_OUT"; cat:message "Sold out" ].
)";

double vat(double net) { return net * 1.25; }

void describe_rates(emilua::module_builder &m) {
  m.doc("Taxes.").sync("vat", emilua::fn<&vat>, {{"net", "Without it."}},
                       "What `net` is with it.");
}

} // namespace

std::string_view emilua::get_builtin_module(std::string_view id) {
  const auto at = sources.find(id);
  return at == sources.end() ? std::string_view{} : at->second;
}

std::string_view emilua::get_builtin_rdf_ec(std::string_view id) {
  return id == "shop/errors" ? errors : std::string_view{};
}

emilua::native_module emilua::get_builtin_native_module(std::string_view id) {
  return id == "rates" ? &describe_rates : nullptr;
}
