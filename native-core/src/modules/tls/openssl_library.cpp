// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/tls/openssl_library.hpp"

#include "core/own_library.hpp"
#include "openssl/names.h"

#include <emilua/error.hpp>

#include <cstring>
#include <dlfcn.h>
#include <iterator>

namespace {

constexpr std::size_t function_count = 0
#define EMILUA_OPENSSL(name) +1
#include "openssl/functions.inc"
#undef EMILUA_OPENSSL
    ;

} // namespace

/// Where the functions of functions.S go on to.
extern "C" void* emilua_openssl_slots[function_count];

namespace emilua::tls {
namespace {

[[noreturn]] void refuse(const std::string& why) {
    failure f{error_code{ENOPKG, boost::system::system_category()}, "dlopen"};
    f.expected = why;
    throw f;
}

} // namespace

void load_openssl() {
    constexpr auto file = "libemilua-openssl.so";
    const auto path = find_own_library(file);
    if (path.empty())
        refuse(std::string{file} +
               ", which is built with the core and needed for TLS, in " +
               own_folder().native());
    void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) refuse(path + " that can be loaded, for TLS: " + ::dlerror());
    const auto* const names = static_cast<const char* const*>(
        ::dlsym(library, "emilua_openssl_names"));
    const void* const functions = ::dlsym(library, "emilua_openssl_functions");
    if (!names || !functions || std::strcmp(*names, openssl_names) != 0) {
        ::dlclose(library);
        refuse(path + " of the same build as the core, for TLS");
    }
    std::memcpy(emilua_openssl_slots, functions, sizeof(emilua_openssl_slots));
}

} // namespace emilua::tls
