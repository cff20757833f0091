// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <openssl/opensslv.h>

/// Tells a library apart that was built for another core: OpenSSL's version,
/// and the names of the table in its order.
static const char openssl_names[] = OPENSSL_VERSION_TEXT
#define EMILUA_OPENSSL(name) "\n" #name
#include "openssl/functions.inc"
#undef EMILUA_OPENSSL
    ;
