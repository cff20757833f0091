// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/describe_operations.hpp"
#include "modules/filesystem/location.hpp"
#include "modules/filesystem/query.hpp"

namespace emilua::filesystem {

void describe_queries(module_builder& m) {
    const parameters p = {{"p", "Where to look."}};
    constexpr auto failures =
        "Nothing there is no error. EACCES, ELOOP. stat(2).";
    m.blocking_query("status", fn<&status>, p,
                     "What lies there; symbolic links are followed.", failures);
    m.blocking_query("symlink_status", fn<&symlink_status>, p,
                     "What lies there; a symbolic link is itself.",
                     "Nothing there is no error. EACCES. lstat(2).");
    m.blocking_query("exists", fn<&exists>, p,
                     "Whether there is anything; a link that leads nowhere is "
                     "nothing.",
                     failures);
    m.blocking_query("is_block_device", fn<&is_block_device>, p,
                     "Whether it is a block device.", failures);
    m.blocking_query("is_character_device", fn<&is_character_device>, p,
                     "Whether it is a character device.", failures);
    m.blocking_query("is_directory", fn<&is_directory>, p,
                     "Whether it is a folder.", failures);
    m.blocking_query("is_fifo", fn<&is_fifo>, p, "Whether it is a named pipe.",
                     failures);
    m.blocking_query("is_other", fn<&is_other>, p,
                     "Whether it is there, and neither a regular file nor a "
                     "folder nor a link.",
                     failures);
    m.blocking_query("is_regular_file", fn<&is_regular_file>, p,
                     "Whether it is a regular file.", failures);
    m.blocking_query("is_socket", fn<&is_socket>, p, "Whether it is a socket.",
                     failures);
    m.blocking_query("is_symlink", fn<&is_symlink>, p,
                     "Whether it is a symbolic link.",
                     "Nothing there is no error. EACCES. lstat(2).");
    m.blocking_query("is_empty", fn<&is_empty>, p,
                     "Whether it is an empty file or an empty folder.",
                     "ENOENT, EACCES; ENOTSUP for what is neither.");
    m.blocking_query("equivalent", fn<&equivalent>,
                     {{"p1", "One path."}, {"p2", "Another one."}},
                     "Whether both lead to the same file.",
                     "ENOENT when there is nothing at either. stat(2).");
    m.blocking_query("file_size", fn<&file_size>, p,
                     "The size of a regular file in bytes.",
                     "ENOENT, EACCES; EISDIR for a folder, ENOTSUP for what is "
                     "no regular file either. stat(2).");
    m.blocking_query("hardlink_count", fn<&hardlink_count>, p,
                     "How many names the file has.",
                     "ENOENT, EACCES. stat(2).");
    constexpr auto time_doc = "When the content of a file was last modified.";
    m.blocking_query("last_write_time", fn<&last_write_time>, p, time_doc,
                     "Symbolic links are followed. ENOENT, EACCES. stat(2).");
    m.blocking_query("read_symlink", fn<&read_symlink>, p,
                     "Where a symbolic link leads.",
                     "EINVAL when it is no link, ENOENT. readlink(2).");
    m.blocking_query("space", fn<&space>,
                     {{"p", "Anything on the file system."}},
                     "How many bytes a file system has and has left.",
                     "ENOENT, EACCES. statvfs(3).");
}

void describe_locations(module_builder& m) {
    const parameters p = {{"p", "Any path."}};
    const parameters way = {
        {"p", "Where to go."},
        {"base", "Where to begin; the working directory if it is left out."}};
    m.blocking_query("absolute", fn<&absolute>, p,
                     "The same path from the root on.",
                     "EINVAL for the empty path. getcwd(3).");
    m.blocking_query("canonical", fn<&canonical>, p,
                     "The path from the root on that has no symbolic links, "
                     "no \".\" and no \"..\".",
                     "ENOENT when there is nothing, ELOOP. realpath(3).");
    m.blocking_query("weakly_canonical", fn<&weakly_canonical>, p,
                     "The same of what is there, and the rest in its normal "
                     "form.",
                     "EACCES, ELOOP. realpath(3).");
    m.blocking_query("relative", fn<&relative>, way,
                     "The way from `base` to `p`, symbolic links resolved.",
                     "Empty when there is none. See {@ref "
                     "path.lexically_relative}.");
    m.blocking_query("proximate", fn<&proximate>, way,
                     "The way from `base` to `p`, or `p` itself, resolved, "
                     "when there is none.");
    m.blocking_query("current_working_directory",
                     fn<&current_working_directory>, {},
                     "Where the process is.",
                     "ENOENT when the folder was removed. getcwd(3).");
    m.blocking("set_current_working_directory",
               fn<&set_current_working_directory>,
               {{"p", "A folder, or the descriptor of one."}},
               "Brings the process to a folder.",
               "ENOENT, ENOTDIR, EACCES. Only of the master VM. chdir(2), "
               "fchdir(2).")
        .master_only();
    m.blocking("chroot", fn<&chroot>, {{"p", "The folder."}},
               "Makes a folder the root of the process.",
               "The working directory stays. EPERM without the right to. Only "
               "of the master VM. chroot(2).")
        .master_only();
    m.blocking_query("temp_directory_path", fn<&temp_directory_path>, {},
                     "Where temporary files go.",
                     "What TMPDIR, TMP, TEMP or TEMPDIR says, or /tmp. ENOENT, "
                     "ENOTDIR when there is no such folder.");
}

} // namespace emilua::filesystem
