// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/types/json.hpp"

#include <charconv>
#include <cmath>

namespace emilua {

json_writer& json_writer::key(std::string_view name) {
    element();
    quoted(name);
    text_ += ": ";
    after_key_ = true;
    return *this;
}

json_writer& json_writer::string(std::string_view text) {
    element();
    quoted(text);
    return *this;
}

json_writer& json_writer::boolean(bool b) {
    element();
    text_ += b ? "true" : "false";
    return *this;
}

json_writer& json_writer::number(double d) {
    element();
    if (!std::isfinite(d)) {
        text_ += "null";
        return *this;
    }
    char digits[32];
    const auto r = std::to_chars(digits, digits + sizeof(digits), d);
    text_.append(digits, r.ptr);
    return *this;
}

json_writer& json_writer::begin_object_on_one_line() {
    begin('{');
    if (single_ == 0) single_ = depth_;
    return *this;
}

json_writer& json_writer::begin(char bracket) {
    element();
    text_ += bracket;
    ++depth_;
    empty_ = true;
    return *this;
}

json_writer& json_writer::end(char bracket) {
    --depth_;
    if (!empty_ && single_ == 0) line();
    if (depth_ < single_) single_ = 0;
    text_ += bracket;
    empty_ = false;
    return *this;
}

void json_writer::element() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (depth_ == 0) return;
    if (!empty_) text_ += single_ > 0 ? ", " : ",";
    if (single_ == 0) line();
    empty_ = false;
}

void json_writer::quoted(std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    text_ += '"';
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            text_ += '\\';
            text_ += c;
        } else if (c == '\n') {
            text_ += "\\n";
        } else if (u < 0x20) {
            text_ += "\\u00";
            text_ += hex[u >> 4];
            text_ += hex[u & 15];
        } else {
            text_ += c;
        }
    }
    text_ += '"';
}

void json_writer::line() {
    text_ += '\n';
    text_.append(std::size_t{2} * depth_, ' ');
}

} // namespace emilua
