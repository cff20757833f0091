// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/directory.hpp"
#include "modules/filesystem/operations.hpp"

namespace emilua {

template <> struct fields_of<filesystem::space_info> {
    using s = filesystem::space_info;
    static constexpr auto name = "space_info";
    static constexpr field_description items[] = {
        field<&s::capacity>("capacity", "The size of the file system."),
        field<&s::free>("free", "What of it is free."),
        field<&s::available>("available",
                             "What of it is free for other users than root."),
    };
};

template <> struct fields_of<filesystem::recursive_directory_options> {
    using o = filesystem::recursive_directory_options;
    static constexpr auto name = "recursive_directory_options";
    static constexpr field_description items[] = {
        field<&o::skip_permission_denied>(
            "skip_permission_denied",
            "Passes over the folders that may not be read.",
            presence::optional),
        field<&o::follow_directory_symlink>(
            "follow_directory_symlink",
            "Enters folders through symbolic links too.", presence::optional),
    };
};

} // namespace emilua

namespace emilua::filesystem {
namespace {

void describe_path(module_builder& m) {
    m.cls<path>("path",
                "A path, apart from what lies there: nothing of this asks the "
                "file system. File names are bytes and need not be UTF-8.")
        .is_value()
        .text_will_do()
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

void describe_iteration(module_builder& m) {
    m.cls<directory_entry>("directory_entry", "What a folder holds.")
        .property("path", fn<&directory_entry::path>,
                  "Where it lies: the folder that was given, and the way from "
                  "there.")
        .fixed()
        .property("depth", fn<&directory_entry::depth>,
                  "How deep it lies; 0 in the folder that was given.")
        .fixed()
        .only(languages::typescript)
        .property(
            "file_size", fn<&directory_entry::file_size>,
            "The size of the file in bytes, as it was at the last look.",
            "Of what a symbolic link leads to. EISDIR for a folder, "
            "ENOTSUP for what is no regular file either, ENOENT for a "
            "link that leads nowhere. See {@ref directory_entry.refresh}. "
            "stat(2).")
        .blocking("refresh", fn<&directory_entry::refresh>, {},
                  "Looks at the file again.",
                  "ENOENT when it is gone. stat(2).");

    constexpr auto failures =
        "A failure ends the iteration: EACCES for a folder that may not be "
        "read, ELOOP for links that lead back to where they are.";
    // The function has the name without the underscore, which TypeScript drops.
    m.cls<directory_walk>("recursive_directory_iterator_",
                          "Goes through a folder and all below.")
        .iterator("next", fn<&directory_walk::next_and_depth>,
                  "The next entry, and how deep it lies.", failures)
        .results({"entry", "depth"})
        .only(languages::lua)
        .iterator("next", fn<&directory_walk::next>, "The next entry.",
                  failures)
        .only(languages::typescript)
        .sync("pop", fn<&directory_walk::pop>, {},
              "Leaves the folder: the next entry is the one after it in the "
              "folder above.",
              "In the folder that was given it ends the iteration.")
        .sync("disable_recursion_pending",
              fn<&directory_walk::disable_recursion_pending>, {},
              "Does not enter the folder that came last.")
        .property("recursion_pending", fn<&directory_walk::recursion_pending>,
                  "Whether the entry that came last is entered if it is a "
                  "folder.",
                  "See {@ref disable_recursion_pending}.")
        .sync("close", fn<&directory_walk::close>, {}, "Ends the iteration.");

    const parameters p = {{"p", "The folder."}, {"opts", "How."}};
    constexpr auto doc = "Goes through a folder and all below, in no order.";
    m.sync("recursive_directory_iterator", fn<&directory_walk::open>, p, doc,
           "Blocks while it reads a folder. ENOENT, ENOTDIR, EACCES. "
           "opendir(3).")
        .only(languages::lua);
    m.sync("recursive_directory_iterator", fn<&directory_walk::later>, p, doc,
           "Looks at nothing until the first entry is asked for, which fails "
           "with ENOENT, ENOTDIR, EACCES. opendir(3).")
        .only(languages::typescript);
}

} // namespace

void describe(module_builder& m) {
    m.doc("Paths, and the files and folders behind them.");
    describe_path(m);
    describe_iteration(m);
    m.blocking(
        "rename", fn<&rename>,
        {{"old_path", "What is moved."}, {"new_path", "Where it goes."}},
        "Gives a file or folder another name, within one file system.",
        "What had the new name is replaced. ENOENT, EXDEV, ENOTEMPTY, EISDIR "
        "and others; the argument they name is the old path if nothing is "
        "there. rename(2).");
    m.blocking_query("space", fn<&space>,
                     {{"p", "Anything on the file system."}},
                     "How many bytes a file system has and has left.",
                     "ENOENT, EACCES. statvfs(3).");
}

} // namespace emilua::filesystem
