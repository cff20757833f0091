// SPDX-License-Identifier: MIT OR BSL-1.0
#include <emilua/config.hpp>

#include <boost/asio/impl/src.hpp>
