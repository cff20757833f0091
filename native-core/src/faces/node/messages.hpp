// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/environment.hpp"

/// Values that leave JavaScript and come to it: messages, and what the values
/// among the classes are made of.

namespace emilua::node {

/// Objects that left in a message. Until they are let go, they can come back,
/// unless somebody has got the message.
class departures {
public:
    void push(slot_table::handle h, const class_description& cls,
              std::shared_ptr<parcel> contents) {
        gone_.push_back({h, &cls, std::move(contents)});
    }
    void add(departures&& more) {
        gone_.insert(gone_.end(), std::make_move_iterator(more.gone_.begin()),
                     std::make_move_iterator(more.gone_.end()));
    }
    bool empty() const noexcept { return gone_.empty(); }
    void come_back(environment& owner) noexcept;

private:
    struct departure {
        slot_table::handle handle;
        const class_description* cls;
        std::shared_ptr<parcel> contents;
    };
    std::vector<departure> gone_;
};

/// Something in a message that cannot be copied faithfully.
struct unsendable : argument_error {
    /// `what`, with its article, and what to do `instead`, if there is advice.
    explicit unsendable(const std::string& what, const char* instead = nullptr)
        : text{what + " cannot be sent"} {
        if (instead) text.append("; ").append(instead);
        expected = "a value that can be copied, not " + what;
    }

    /// The whole sentence.
    std::string text;
};

/// Says why an object that is known cannot be used.
[[noreturn]] void refuse_object(slot_table::state why);

/// A deep copy of `v`. Objects that move leave, all of them or none, and are
/// added to `gone`. Throws `argument_error` where something cannot be sent:
/// whatever would arrive as less than it was.
value from_js(environment& owner, napi_value v, departures& gone);
napi_value to_js(environment& owner, value v);

/// The wire primitive of a value, both ways.
napi_value wire_to_js(napi_env env, const value& v);
value wire_from_js(napi_env env, napi_value v);

} // namespace emilua::node
