// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/want_of_descriptors.hpp"

#include <emilua/unique_descriptor.hpp>

#include <cerrno>
#include <fcntl.h>

namespace emilua {

error_code want_of_descriptors() noexcept {
    const unique_descriptor fd{::open("/", O_PATH | O_CLOEXEC)};
    if (fd || (errno != EMFILE && errno != ENFILE)) return {};
    return {errno, boost::system::system_category()};
}

} // namespace emilua
