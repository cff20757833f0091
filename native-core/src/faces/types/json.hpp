// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <string>
#include <string_view>

namespace emilua {

/// Writes indented JSON, one member or element a line, so that a change of the
/// description is a small difference in the committed file.
class json_writer {
public:
    json_writer& begin_object() { return begin('{'); }
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
    bool empty_ = true;
    bool after_key_ = false;
};

} // namespace emilua
