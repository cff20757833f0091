// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/regex/regex.hpp"

namespace emilua {

template <> struct enum_names<regex::grammar> {
    using o = regex::grammar;
    static constexpr auto name = "grammar";
    static constexpr enum_item<o> items[] = {
        {"basic", o::basic, "POSIX basic regular expressions, as grep's."},
        {"extended", o::extended,
         "POSIX extended regular expressions, as those of grep -E and awk."},
        {"ecma", o::ecma, "Those of JavaScript, with what Perl added."},
    };
};

template <> struct fields_of<regex::options> {
    using o = regex::options;
    static constexpr auto name = "regex_options";
    static constexpr field_description items[] = {
        field<&o::pattern>("pattern", "The regular expression."),
        field<&o::rules>("grammar", "How it is written."),
        field<&o::ignore_case>("ignore_case",
                               "Letters match in either case. Only those of "
                               "ASCII have two.",
                               presence::optional),
        field<&o::nosubs>("nosubs", "Groups capture nothing.",
                          presence::optional),
        field<&o::optimize>("optimize",
                            "Takes more time to compile to match faster.",
                            presence::optional),
    };
};

} // namespace emilua

namespace emilua::regex {
namespace {

regex make(const options& o) { return regex{o}; }

std::optional<taken_one_by_one> groups_one_by_one(const regex& re,
                                                  std::string_view str) {
    const auto found = groups(re, str);
    if (!found) return std::nullopt;
    return taken_one_by_one{*found};
}

} // namespace

void describe(module_builder& m) {
    using std::optional;
    using bytes_or_text = std::variant<const_bytes, std::string>;
    using parts = std::vector<bytes_or_text>;
    constexpr auto new_doc = "Compiles a regular expression.";
    constexpr auto new_details =
        "EINVAL for a pattern that is none, telling where it is wrong. The "
        "patterns that were used last are not compiled again.";
    const parameter options_parameter{"options",
                                      "The pattern, and how it is meant."};
    const parameter re{"re", "What to look for."};
    const parameter start{"start", "How many bytes at the beginning are only "
                                   "looked back at."};
    const parameter str{"str", "Where. It is seen as bytes."};
    constexpr auto too_complex =
        "EOVERFLOW when a pattern would take too many steps on this text.";

    m.doc("Regular expressions of three grammars, on strings and bytes.");
    const parameter whole_str{"str", "The string. It is seen as bytes."};
    const parameter out{"out", "Has room for integers of 32 bits."};
    constexpr auto into =
        "Writes how many bytes the text has, and pairs of offsets, -1 for a "
        "group that took no part, as many as there is room for. Gives how many "
        "pairs there are.";
    m.cls<regex>("regex", "A compiled regular expression.")
        .constructor("new", fn<&make>, {options_parameter}, new_doc,
                     new_details)
        .only(languages::typescript)
        .property("group_names", fn<&regex::group_names>,
                  "The numbers of the groups that have a name.")
        .sync("captures_into", fn<&captures_into>,
              {whole_str, {"whole", "Whether all of it has to match."}, out},
              "Where the first match is, and its groups.", into)
        .only(languages::typescript)
        .sync("occurrences_into", fn<&occurrences_into>, {whole_str, out},
              "Where all matches are that are not empty.", into)
        .only(languages::typescript)
        .meta(metamethod::tostring, fn<&regex::to_string>);
    m.sync("new", fn<&make>, {options_parameter}, new_doc, new_details)
        .only(languages::lua);
    constexpr auto groups_doc =
        "Matches a whole string and gives what the groups took, or all of it "
        "where there are none.";
    m.sync("groups", fn<&groups>, {re, whole_str}, groups_doc, too_complex)
        .only(languages::typescript);
    m.sync("groups", fn<&groups_one_by_one>, {re, whole_str}, groups_doc,
           "Each is a result, and nil that of a group that took no part. "
           "EOVERFLOW when a pattern would take too many steps on this text.")
        .only(languages::lua);
    m.sync("captures", fn<&captures>,
           {re, str, {"whole", "Whether all of it has to match."}, start},
           "Where the first match is, and its groups.",
           "Pairs of offsets, counted from 0: where it begins, and behind its "
           "end; -1 for a group that took no part. EOVERFLOW when a pattern "
           "would take too many steps on this text.");
    m.sync(
        "occurrences", fn<&occurrences>,
        {re, str, start, {"limit", "How many are enough; nothing means all."}},
        "Where all matches are that are not empty.",
        "Pairs of offsets, counted from 0: where one begins, and behind its "
        "end. EOVERFLOW when a pattern would take too many steps on this "
        "text.");
    m.written<optional<parts>(regex&, bytes_or_text)>(
        "match", {re, str},
        "Matches the whole text and gives what the groups took, or all of it "
        "where there are none.",
        too_complex);
    m.written<value(regex&, bytes_or_text)>(
        "search", {re, str}, "Finds the first match and where it is.",
        too_complex);
    m.written<parts(regex&, bytes_or_text)>(
        "split", {re, str}, "What lies between the matches.", too_complex);
    m.written<parts(regex&, bytes_or_text)>("patsplit", {re, str},
                                            "The matches.", too_complex);
}

} // namespace emilua::regex
