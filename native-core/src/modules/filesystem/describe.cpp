// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/describe_operations.hpp"
#include "modules/filesystem/directory_walk.hpp"

namespace emilua::filesystem {
namespace {

void describe_path(module_builder& m) {
    m.cls<path>("path",
                "A path, apart from what lies there: nothing of this asks the "
                "file system. File names are bytes and need not be UTF-8.")
        .is_value()
        .text_will_do()
        .may_be_shared()
        .constructor("new", fn<&path::parse>,
                     {{"text", "Nothing means the empty path."}},
                     "Makes a path from its text.")
        .only(languages::lua)
        .constructor("new", fn<&path::join_all>,
                     {{"parts", "None mean the empty path."}},
                     "Makes a path from its text, or from several parts.",
                     "An absolute part replaces what is before it.")
        .only(languages::typescript)
        .function("from_generic", fn<&path::parse>,
                  {{"source", "With / between its parts."}},
                  "Makes a path from its portable text.",
                  "On Linux both are the same.")
        .function("from_bytes", fn<&path::from_bytes>,
                  {{"bytes", "As the kernel has them."}},
                  "Makes a path from bytes that need not be UTF-8.")
        .only(languages::typescript)
        .sync("to_bytes", fn<&path::to_bytes>, {},
              "The bytes of the path, exactly.",
              "Its text has replacement characters where it is no UTF-8.")
        .only(languages::typescript)
        .sync("to_generic", fn<&path::to_generic>, {},
              "The portable text of the path.", "On Linux its text.")
        .sync("join", fn<&path::join>, {{"parts", "What to put there."}},
              "Puts parts behind this path, each after a slash.",
              "An absolute part replaces what is before it.")
        .only(languages::typescript)
        .sync("concat", fn<&path::concat>, {{"suffix", "What to append."}},
              "Puts text behind this path, without a slash.")
        .only(languages::typescript)
        .sync("make_preferred", fn<&path::make_preferred>, {},
              "The path with the preferred separators of the system.",
              "On Linux the path itself.")
        .sync("remove_filename", fn<&path::remove_filename>, {},
              "The path without its last part; the slash before it stays.")
        .sync("replace_filename", fn<&path::replace_filename>,
              {{"replacement", "The new name."}},
              "The path with another last part.")
        .sync("replace_extension", fn<&path::replace_extension>,
              {{"replacement",
                "With or without its dot; nothing removes the extension."}},
              "The path with another extension.")
        .sync("lexically_normal", fn<&path::lexically_normal>, {},
              "The path without its superfluous parts: \".\", \"a/..\", "
              "repeated slashes.",
              "Nothing is looked up, so a symbolic link before \"..\" makes a "
              "difference.")
        .sync("lexically_relative", fn<&path::lexically_relative>,
              {{"base", "Where to begin."}}, "The way from `base` to here.",
              "Empty when there is none: one is absolute and the other is not, "
              "or `base` has more \"..\" than this.")
        .sync("lexically_proximate", fn<&path::lexically_proximate>,
              {{"base", "Where to begin."}},
              "The way from `base` to here, or the path itself when there is "
              "none.")
        .sync("iterator", fn<&path::iterator>, {},
              "Goes through the parts of the path: the root directory, if any, "
              "and the names.",
              "After a slash at the end comes an empty one.")
        .property("root_name", fn<&path::root_name>,
                  "What is before the root directory: empty on Linux.")
        .property("root_directory", fn<&path::root_directory>,
                  "\"/\" of an absolute path, otherwise empty.")
        .property("root_path", fn<&path::root_path>,
                  "The root name and the root directory.")
        .property("relative_path", fn<&path::relative_path>,
                  "What follows the root path.")
        .property("parent_path", fn<&path::parent_path>,
                  "The path without its last part; of a root itself.")
        .property("filename", fn<&path::filename>,
                  "The last part; empty after a slash.")
        .property("stem", fn<&path::stem>,
                  "The last part without its extension.")
        .property("extension", fn<&path::extension>,
                  "The last part from its last dot on, unless that is its "
                  "first character.")
        .property("empty", fn<&path::empty>, "Whether there is nothing in it.")
        .property("has_root_path", fn<&path::has_root_path>,
                  "Whether the root path is not empty.")
        .property("has_root_name", fn<&path::has_root_name>,
                  "Whether the root name is not empty.")
        .property("has_root_directory", fn<&path::has_root_directory>,
                  "Whether the root directory is not empty.")
        .property("has_relative_path", fn<&path::has_relative_path>,
                  "Whether the relative path is not empty.")
        .property("has_parent_path", fn<&path::has_parent_path>,
                  "Whether the parent path is not empty.")
        .property("has_filename", fn<&path::has_filename>,
                  "Whether the filename is not empty.")
        .property("has_stem", fn<&path::has_stem>,
                  "Whether the stem is not empty.")
        .property("has_extension", fn<&path::has_extension>,
                  "Whether the extension is not empty.")
        .property("is_absolute", fn<&path::is_absolute>,
                  "Whether it begins at the root.")
        .property("is_relative", fn<&path::is_relative>,
                  "Whether it begins wherever the process is.")
        .meta(metamethod::tostring, fn<&path::to_string>)
        .meta(metamethod::eq, fn<&path::equal>)
        .meta(metamethod::lt, fn<&path::less>)
        .meta(metamethod::le, fn<&path::less_equal>)
        .meta(metamethod::div, fn<&path::divide>)
        .meta(metamethod::concat, fn<&path::concatenate>);
    m.cls<path_iterator>("path_iterator", "Goes through the parts of a path.")
        .iterator("next", fn<&path_iterator::next>, "The next part.");
    // Lua has it in the class, where no constant can be described.
    m.constant("preferred_separator", "/",
               "What separates the parts of a path.")
        .only(languages::typescript)
        .varies();
}

void describe_clock(module_builder& m) {
    constexpr auto rounding =
        "Seconds are rounded to the nearest nanosecond, halves to even. What "
        "lies more than 292 years from the epoch stops there. NaN is EINVAL.";
    m.cls<file_time>("clock.time_point",
                     "An instant of the clock of files, exact to the "
                     "nanosecond. Instants compare with each other; an instant "
                     "plus or minus seconds is an instant, an instant minus an "
                     "instant is seconds.")
        .is_value()
        .sync("add", fn<&file_time::add>,
              {{"secs", "Seconds; may be negative."}},
              "Moves this instant forward.", rounding)
        .sync("sub", fn<&file_time::sub>,
              {{"secs", "Seconds; may be negative."}},
              "Moves this instant back.", rounding)
        .sync("to_system", fn<&file_time::to_system>, {},
              "The same instant on the system clock.",
              "What that clock cannot say stops at its end, in 2262.")
        .property("seconds_since_epoch", fn<&file_time::seconds_since_epoch>,
                  "Seconds since the epoch of the clock, which is {@ref "
                  "clock.epoch}.")
        .property("seconds_since_unix_epoch",
                  fn<&file_time::seconds_since_unix_epoch>,
                  "Seconds since 1 January 1970, 00:00 UTC.",
                  "A number has 53 bits: near the present it is exact to some "
                  "0.2 microseconds.")
        .meta(metamethod::add, fn<&file_time::plus>)
        .meta(metamethod::sub, fn<&file_time::minus>)
        .meta(metamethod::tostring, fn<&file_time::to_string>)
        .meta(metamethod::eq, fn<&file_time::equal>)
        .meta(metamethod::lt, fn<&file_time::less>)
        .meta(metamethod::le, fn<&file_time::less_equal>);
    m.sync("clock.now", fn<&file_time::now>, {}, "The present.");
    m.sync("clock.epoch", fn<&file_time::epoch>, {},
           "The epoch of this clock, which is nothing to rely on.");
    m.sync("clock.unix_epoch", fn<&file_time::unix_epoch>, {},
           "1 January 1970, 00:00 UTC.");
    m.sync("clock.from_system", fn<&file_time::from_system>,
           {{"tp", "An instant of the system clock."}},
           "The same instant on the clock of files.");
}

void describe_entry(module_builder& m) {
    constexpr auto about_target =
        "Of what a symbolic link leads to, as it was at the first look. ENOENT "
        "for a link that leads nowhere. {@ref directory_entry.refresh} looks "
        "again. stat(2).";
    m.cls<directory_entry>("directory_entry",
                           "What a folder holds. What the folder itself has "
                           "told is known; the file is asked when something "
                           "else is first wanted.")
        .property("path", fn<&directory_entry::path>,
                  "Where it lies: the folder that was given, and the way from "
                  "there.")
        .fixed()
        .property("depth", fn<&directory_entry::depth>,
                  "How deep it lies; 0 in the folder that was given.")
        .fixed()
        .only(languages::typescript)
        .property("type", fn<&directory_entry::type>,
                  "What it is; a symbolic link is itself.",
                  "The folder has told, except on some old file systems.")
        .property("file_size", fn<&directory_entry::file_size>,
                  "The size of the file in bytes.",
                  "EISDIR for a folder, ENOTSUP for what is no regular file "
                  "either. Of what a symbolic link leads to, as it was at the "
                  "first look. ENOENT for a link that leads nowhere. {@ref "
                  "directory_entry.refresh} looks again. stat(2).")
        .property("hardlink_count", fn<&directory_entry::hardlink_count>,
                  "How many names the file has.", about_target)
        .property("last_write_time", fn<&directory_entry::last_write_time>,
                  "When its content was last modified.", about_target)
        .property("status", fn<&directory_entry::status>,
                  "What {@ref status} says of it.",
                  "As it was at the first look.")
        .property("symlink_status", fn<&directory_entry::symlink_status>,
                  "What {@ref symlink_status} says of it.",
                  "As it was at the first look.")
        .blocking("refresh", fn<&directory_entry::refresh>, {},
                  "Looks at the file again.",
                  "ENOENT when it is gone. lstat(2).");
}

void describe_iteration(module_builder& m) {
    describe_entry(m);
    constexpr auto flat_failures =
        "A failure ends the iteration. getdents64(2).";
    constexpr auto failures =
        "A failure ends the iteration: EACCES for a folder that may not be "
        "read. A link that leads round in a circle is not entered. "
        "getdents64(2).";
    // The functions have the names without the underscore, which TypeScript
    // drops.
    m.cls<directory_iterator>("directory_iterator_", "Goes through a folder.")
        .iterator("next", fn<&directory_iterator::next>, "The next entry.",
                  flat_failures)
        .sync("close", fn<&directory_iterator::close>, {},
              "Ends the iteration.");
    using recursive = recursive_directory_iterator;
    m.cls<recursive>("recursive_directory_iterator_",
                     "Goes through a folder and all below.")
        .iterator("next", fn<&recursive::next_and_depth>,
                  "The next entry, and how deep it lies.", failures)
        .results({"entry", "depth"})
        .only(languages::lua)
        .iterator("next", fn<&recursive::next>, "The next entry.", failures)
        .only(languages::typescript)
        .sync("pop", fn<&recursive::pop>, {},
              "Leaves the folder: the next entry is the one after it in the "
              "folder above.",
              "In the folder that was given it ends the iteration.")
        .sync("disable_recursion_pending",
              fn<&recursive::disable_recursion_pending>, {},
              "Does not enter the folder that came last.")
        .property("recursion_pending", fn<&recursive::recursion_pending>,
                  "Whether the entry that came last is entered if it is a "
                  "folder.",
                  "See {@ref disable_recursion_pending}.")
        .sync("close", fn<&recursive::close>, {}, "Ends the iteration.");

    const parameters p = {{"p", "The folder."}, {"opts", "How."}};
    constexpr auto opened =
        "Blocks while it reads a folder. ENOENT, ENOTDIR, EACCES. opendir(3).";
    constexpr auto unopened =
        "Looks at nothing until the first entry is asked for, which fails with "
        "ENOENT, ENOTDIR, EACCES. opendir(3).";
    constexpr auto flat_doc = "Goes through a folder, in no order.";
    m.sync("directory_iterator", fn<&directory_iterator::open>, p, flat_doc,
           opened)
        .only(languages::lua);
    m.sync("directory_iterator", fn<&directory_iterator::later>, p, flat_doc,
           unopened)
        .only(languages::typescript);
    constexpr auto doc =
        "Goes through a folder and all below, in no order; an entry comes "
        "before what is in it.";
    m.sync("recursive_directory_iterator", fn<&recursive::open>, p, doc, opened)
        .only(languages::lua);
    m.sync("recursive_directory_iterator", fn<&recursive::later>, p, doc,
           unopened)
        .only(languages::typescript);
}

} // namespace

void describe(module_builder& m) {
    m.doc("Paths, and the files and folders behind them.");
    describe_path(m);
    describe_clock(m);
    describe_iteration(m);
    describe_queries(m);
    describe_locations(m);
    describe_changes(m);
}

} // namespace emilua::filesystem
