// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <string>
#include <string_view>

namespace emilua {

/// Writes JSON, one member or element a line; what begins `on_one_line` stays
/// on it with all that it holds, so that a change of one thing is a change of
/// one line.
class json_writer {
public:
    json_writer& begin_object() { return begin('{'); }
    json_writer& begin_object_on_one_line();
    json_writer& end_object() { return end('}'); }
    json_writer& begin_array() { return begin('['); }
    json_writer& end_array() { return end(']'); }

    json_writer& key(std::string_view name);
    json_writer& string(std::string_view text);
    json_writer& boolean(bool b);
    /// Infinities have no place in JSON and are written as null.
    json_writer& number(double d);

    const std::string& text() const noexcept { return text_; }

private:
    json_writer& begin(char bracket);
    json_writer& end(char bracket);
    void element();
    void quoted(std::string_view text);
    void line();

    std::string text_;
    unsigned depth_ = 0;
    /// The depth inside what is on one line; 0 outside of it.
    unsigned single_ = 0;
    bool empty_ = true;
    bool after_key_ = false;
};

} // namespace emilua
