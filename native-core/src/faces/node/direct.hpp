// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/direct_form.hpp"
#include "faces/node/js.hpp"

#include <array>
#include <cstdint>

namespace emilua::node {

/// Where JavaScript puts the arguments of a direct call and finds its results,
/// as direct.ts lays it out.
struct direct_frame {
    enum kind : std::int32_t { nothing, number, value, object, list };
    static constexpr std::size_t longest_list = 256;

    /// The results that are numbers, one after the other.
    std::array<double, 2> numbers;
    /// The number of the operation, if it takes one, and the receiver.
    std::int32_t id, self;
    /// How many bytes were copied, where no buffer is given.
    std::int32_t size;
    /// What the arguments behind the buffer are, four bits each.
    std::int32_t kinds;
    /// A number, the place of a value, the handle of an object, or how many
    /// objects there are in the list.
    std::array<std::int32_t, direct_form::most_arguments> arguments;
    enum outcome : std::int32_t {
        /// It has to be called by other means.
        not_done,
        /// Here are the results.
        done,
        /// The operation waits.
        waits,
    } became;
    /// Of a result that is an object or a list: its class, and where JavaScript
    /// has it, or is to have what the call returns; or -1.
    std::int32_t cls, place;
    /// The place of a value of which JavaScript is to make an instance and has
    /// not yet: what it has there is another one. Else -1.
    std::int32_t untaken;
    /// The handles of the objects in an argument that is a list.
    std::array<std::int32_t, longest_list> objects;

    kind kind_of(std::size_t argument) const noexcept {
        return static_cast<kind>(kinds >> (4 * argument) & 15);
    }
};

/// A call of a `prompt` method with its arguments in the frame. Its buffer is
/// the only argument, or was copied. An error is that of the call by other
/// means, which follows: `environment::failed_directly` has it until then.
napi_value call_directly(napi_env env, napi_callback_info info);

} // namespace emilua::node
