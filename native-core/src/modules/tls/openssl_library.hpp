// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

namespace emilua::tls {

/// Opens libemilua-openssl.so, after which OpenSSL's functions may be called.
/// One thread at a time. ENOPKG when it is not there or of another build.
void load_openssl();

} // namespace emilua::tls
