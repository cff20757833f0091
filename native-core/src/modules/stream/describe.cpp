// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/regex/regex.hpp"

/// What can be done with anything that has `read_some` or `write_some`. It
/// calls back into the program, so each language has it in a source of its
/// own.

namespace emilua::stream {
namespace {

/// Stands for the class, of which there is nothing in C++.
struct scanner {};

using text = std::variant<const_bytes, std::string>;

void describe_algorithms(module_builder& m) {
    const parameter writer{"stream", "What has write_some."};
    const parameter reader{"stream", "What has read_some."};
    constexpr auto write_details =
        "Suspends. Fails as write_some does; what was written until then is "
        "not told.";
    constexpr auto read_details =
        "Suspends. Fails as read_some does, with {@error eof} where the stream "
        "ends "
        "early; what was read until then is in the buffer.";
    m.written<std::size_t(value, text)>(
         "write_all", {writer, {"buffer", "The bytes."}},
         "Writes all of it and gives the number of bytes.", write_details)
        .suspends();
    m.written<std::size_t(value, text, std::size_t)>(
         "write_at_least",
         {writer,
          {"buffer", "The bytes."},
          {"minimum", "At most the length of the buffer."}},
         "Writes until `minimum` bytes are written, maybe more.", write_details)
        .suspends();
    m.written<std::size_t(value, mutable_bytes)>(
         "read_all", {reader, {"buffer", "Where the bytes go."}},
         "Reads until the buffer is full.", read_details)
        .suspends();
    m.written<std::size_t(value, mutable_bytes, std::size_t)>(
         "read_at_least",
         {reader,
          {"buffer", "Where the bytes go."},
          {"minimum", "At most the length of the buffer."}},
         "Reads until `minimum` bytes are there, maybe more.", read_details)
        .suspends();
}

void describe_scanner(module_builder& m) {
    using std::optional;
    using std::string;
    using pattern = ref<regex::regex>;
    using separator =
        std::variant<string, pattern, callback<value(value::bytes)>>;
    m.cls<scanner>("scanner", "Reads a stream record by record and takes "
                              "records apart into fields.")
        .written<scanner(optional<value>)>(
            member_kind::constructor, "new",
            {{"options", "A table of properties to begin with."}},
            "Makes a scanner.")
        .written<scanner(value)>(
            member_kind::function, "with_awk_defaults",
            {{"read_stream", "What has read_some."}},
            "A scanner that reads lines, trims them and splits them at white "
            "space.")
        .written_property<value>("stream", "Where the bytes come from.")
        .written_property<std::variant<string, pattern>>(
            "record_separator",
            "What ends a record: a line feed if it is left out.")
        .written_property<separator>(
            "field_separator",
            "What lies between fields, or what makes fields of a record.")
        .written_property<optional<pattern>>(
            "field_pattern",
            "What fields are, where it is easier to say that. Ignored if there "
            "is a field_separator.")
        .written_property<std::variant<bool, string>>(
            "trim_record", "Whether white space, or these characters, are "
                           "stripped from both ends.")
        .written_property<std::size_t>("buffer_size_hint",
                                       "The first size of the buffer.")
        .written_property<std::size_t>("max_record_size", "The largest record.")
        .written_property<std::size_t>("record_number",
                                       "How many records were read.")
        .written_property<optional<std::variant<string, value::bytes>>>(
            "record_terminator",
            "What ended the record; empty at the end of the stream.")
        .written<value()>(
            member_kind::method, "get_line", {},
            "Reads the next record; with a field separator, gives its fields.",
            "Suspends. Fails with {@error eof} at the end, with EMSGSIZE where "
            "a record is larger than max_record_size, with EBUSY while another "
            "fiber waits in it.")
        .suspends()
        .written<value::bytes()>(member_kind::method, "buffered_line", {},
                                 "The current record as it was read.")
        .written<void()>(member_kind::method, "remove_line", {},
                         "Removes the current record from the buffer.")
        .written<std::tuple<value::bytes, std::size_t>()>(
            member_kind::method, "buffer", {},
            "The buffer, and the index where what was read begins.")
        .results({"buffer", "offset"})
        .written<void(value::bytes, optional<std::size_t>)>(
            member_kind::method, "set_buffer",
            {{"buffer", "The buffer."},
             {"offset", "Where what was read begins; nothing means at its "
                        "start."}},
            "Goes on with another buffer.");
}

} // namespace

void describe(module_builder& m) {
    m.doc("What can be done with anything that has read_some or write_some.");
    describe_algorithms(m);
    describe_scanner(m);
}

} // namespace emilua::stream
