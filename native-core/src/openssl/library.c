// SPDX-License-Identifier: MIT OR BSL-1.0
/// libemilua-openssl.so: OpenSSL's archives, and a table of what is called of
/// them. Nothing else leaves it.
#include "openssl/names.h"

#define EMILUA_OPENSSL(name) extern void name(void);
#include "openssl/functions.inc"
#undef EMILUA_OPENSSL

#define EXPORTED __attribute__((visibility("default")))

EXPORTED const char* const emilua_openssl_names = openssl_names;

EXPORTED void (*const emilua_openssl_functions[])(void) = {
#define EMILUA_OPENSSL(name) name,
#include "openssl/functions.inc"
#undef EMILUA_OPENSSL
};
