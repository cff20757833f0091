// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/file_descriptor/file_descriptor.hpp"
#include "modules/filesystem/capabilities.hpp"
#include "modules/filesystem/change.hpp"
#include "modules/filesystem/copy.hpp"
#include "modules/filesystem/create.hpp"
#include "modules/filesystem/describe_operations.hpp"
#include "modules/filesystem/open.hpp"
#include "modules/filesystem/remove.hpp"

#include <fcntl.h>

namespace emilua::filesystem {
namespace {

file_descriptor::file_descriptor open(path path, flags_of<open_flag> flags,
                                      std::optional<std::uint32_t> mode) {
    // The flags have the same bits.
    return file_descriptor::file_descriptor{
        open_file(AT_FDCWD, path, {flags.bits}, mode)};
}

constexpr auto mode_doc = "Permissions, of which the umask takes some away.";

void describe_creation(module_builder& m) {
    m.sync("mode", fn<&mode>,
           {{"user", "What the owner may do: 4 read, 2 write, 1 execute or "
                     "enter. Or the name of a bit, and nothing else."},
            {"group", "What the group may do."},
            {"other", "What all others may do."}},
           "Permission bits: `mode(7, 5, 5)`, `mode('set_uid')`.",
           "`user * 64 + group * 8 + other`.");
    m.blocking("open", fn<&open>,
               {{"path", "Where it is."},
                {"flags", "For what, and how."},
                {"mode", "Permissions, of which the umask takes some away: "
                         "`create` and `temporary` need them."}},
               "Opens a file.",
               "Never as the controlling terminal, never inherited by child "
               "processes. EINVAL for flags that exclude each other, and for "
               "`mode` when it is missing beside `create` or `temporary`. "
               "ENOENT, EACCES, EEXIST, ELOOP, ENOTDIR and others. Opening a "
               "named pipe waits for its other side. open(2).");
    const parameters named = {{"p", "Where."}, {"mode", mode_doc}};
    m.blocking("create_directory", fn<&create_directory>,
               {{"p", "Where."},
                {"existing_p", "A folder whose permissions it gets."}},
               "Makes a folder, and returns whether there was none.",
               "ENOENT, EACCES, EEXIST for what is no folder. mkdir(2).");
    m.blocking("create_directories", fn<&create_directories>, {{"p", "Where."}},
               "Makes a folder and all above that are missing, and returns "
               "whether it made any.",
               "EACCES, ENOTDIR. mkdir(2).");
    m.blocking("mkdir", fn<&mkdir>, named, "Makes a folder.",
               "EEXIST when there is something, ENOENT, EACCES. mkdir(2).");
    m.blocking("create_hardlink", fn<&create_hardlink>,
               {{"target", "A file."}, {"link", "Its other name."}},
               "Gives a file another name.",
               "EEXIST, ENOENT, EXDEV, EPERM for a folder. link(2).");
    const parameters link = {{"target", "Where it leads; nobody looks there."},
                             {"link", "Where the link lies."}};
    constexpr auto link_failures = "EEXIST, ENOENT, EACCES. symlink(2).";
    m.blocking("create_symlink", fn<&create_symlink>, link,
               "Makes a symbolic link.", link_failures);
    m.blocking("create_directory_symlink", fn<&create_symlink>, link,
               "Makes a symbolic link to a folder; on Linux the same.",
               link_failures);
    m.blocking("mkfifo", fn<&mkfifo>, named, "Makes a named pipe.",
               "EEXIST, ENOENT, EACCES. mkfifo(3).");
    m.blocking("mknod", fn<&mknod>,
               {{"p", "Where."},
                {"mode", "Permissions; and the kind, unless `type` says it."},
                {"dev", "Which device: see {@ref makedev}."},
                {"type", "What kind of device."}},
               "Makes a file of any kind.",
               "EPERM without the right to, EEXIST, ENOENT. mknod(2).");
    const parameters dev = {{"dev", "The number of a device."}};
    m.sync("makedev", fn<&device_number>,
           {{"major", "Which driver."}, {"minor", "Which of its devices."}},
           "The number of a device. makedev(3).");
    m.sync("dev_major", fn<&dev_major>, dev, "Which driver. makedev(3).");
    m.sync("dev_minor", fn<&dev_minor>, dev,
           "Which of its devices. makedev(3).");
}

void describe_attributes(module_builder& m) {
    const parameters owners = {{"p", "The file."},
                               {"owner", "A user; -1 changes nothing."},
                               {"group", "A group; -1 changes nothing."}};
    constexpr auto owner_failures =
        "EPERM without the right to, ENOENT, EACCES. chown(2).";
    m.blocking("chown", fn<&chown>, owners,
               "Changes whose a file is; symbolic links are followed.",
               owner_failures);
    m.blocking("lchown", fn<&lchown>, owners,
               "Changes whose a file, or a symbolic link itself, is.",
               owner_failures);
    const parameters modes = {{"p", "The file."},
                              {"mode", "Permissions: see {@ref mode}."}};
    m.blocking("chmod", fn<&chmod>, modes,
               "Changes who may do what; symbolic links are followed.",
               "EPERM for others than the owner, ENOENT, EACCES. chmod(2).");
    m.blocking("lchmod", fn<&lchmod>, modes,
               "Changes who may do what with a file that is no symbolic link.",
               "EOPNOTSUPP for a link, which has no permissions on Linux. "
               "fchmodat(2).");
    m.blocking("set_last_write_time", fn<&set_last_write_time>,
               {{"p", "The file."}, {"tp", "When."}},
               "Sets when a file was last modified.",
               "Symbolic links are followed. File systems round it to what "
               "they can keep. EPERM, ENOENT, EACCES. utimensat(2).");
    m.blocking("resize_file", fn<&resize_file>,
               {{"p", "A regular file."}, {"new_size", "In bytes."}},
               "Cuts a file off, or fills it up with zeros.",
               "ENOENT, EACCES, EISDIR, EFBIG. truncate(2).");
    m.sync("umask", fn<&umask>,
           {{"mask", "Permissions that nobody gets; of these, 0777 count."}},
           "Sets what new files of the process have taken away, and returns "
           "what it was.",
           "Only of the master VM. umask(2).")
        .master_only();
}

void describe_file_capabilities(module_builder& m) {
    const parameters file = {{"path", "A regular file."}};
    const parameters both = {{"path", "A regular file."},
                             {"caps", "What it gives; nothing takes all away, "
                                      "and that it had any."}};
    constexpr auto get_doc =
        "What programs gain that are executed from a file.";
    constexpr auto set_doc =
        "Sets what programs gain that are executed from a file.";
    m.blocking_query("cap_get_file", fn<&cap_get_file>, file, get_doc,
                     "ENODATA for a file that has no capabilities, ENOENT, "
                     "ENOTSUP where the file system keeps none. "
                     "cap_get_file(3).")
        .only(languages::lua);
    m.blocking("cap_set_file", fn<&cap_set_file>, both, set_doc,
               "EPERM without CAP_SETFCAP, EINVAL for what is no regular "
               "file, ENOENT, ENOTSUP. cap_set_file(3).")
        .only(languages::lua);
    m.blocking_query("cap_get_file", fn<&get_text_of_file>, file, get_doc,
                     "As text: \"cap_net_raw=ep\", of which `capFromText` of "
                     "`@emilua/system` makes an object. ENODATA for a file "
                     "that has no capabilities, ENOENT, ENOTSUP where the file "
                     "system keeps none. cap_get_file(3).")
        .only(languages::typescript);
    m.blocking("cap_set_file", fn<&set_text_of_file>, both, set_doc,
               "As text: \"cap_net_raw=ep\", which is what an object of "
               "`@emilua/system` is as text. EPERM without CAP_SETFCAP, EINVAL "
               "for a text that is none and for what is no regular file, "
               "ENOENT, ENOTSUP. cap_set_file(3).")
        .only(languages::typescript);
}

} // namespace

void describe_changes(module_builder& m) {
    describe_creation(m);
    describe_attributes(m);
    describe_file_capabilities(m);
    const parameters p = {{"p", "What is removed."}};
    m.blocking("copy", fn<&copy>,
               {{"from", "What is copied."},
                {"to", "Where it goes."},
                {"opts", "How; with nothing said, files and what is directly "
                         "in a folder, and links are followed."}},
               "Copies files and folders.",
               "A folder in which something changes places with a symbolic "
               "link meanwhile is not left through it, and links inside the "
               "destination are not followed: ELOOP, ENOTDIR. EEXIST, ENOENT, "
               "EACCES, EINVAL for what is neither file, folder nor link.");
    m.blocking("copy_file", fn<&copy_file>,
               {{"from", "A regular file."},
                {"to", "Where it goes."},
                {"on_existing", "What happens to a file that is there; an "
                                "error (EEXIST) if nothing is said."}},
               "Copies a file and its permissions, and returns whether it did.",
               "ENOENT, EACCES, EINVAL for what is no regular file. "
               "copy_file_range(2).");
    m.blocking("copy_symlink", fn<&copy_symlink>,
               {{"from", "A symbolic link."},
                {"to", "Where the other one "
                       "lies."}},
               "Makes the same symbolic link somewhere else.",
               "EINVAL when it is no link, EEXIST, ENOENT. symlink(2).");
    m.blocking("remove", fn<&remove>, p,
               "Removes a file or an empty folder, and returns whether there "
               "was one.",
               "A symbolic link is removed itself. ENOTEMPTY, EACCES, EPERM. "
               "unlink(2), rmdir(2).");
    m.blocking("remove_all", fn<&remove_all>, p,
               "Removes what is there and all below, and returns how many "
               "files that were.",
               "Symbolic links are removed themselves, also those that "
               "somebody puts in the place of a folder meanwhile. EACCES, "
               "EPERM.");
    m.blocking(
        "rename", fn<&rename>,
        {{"old_path", "What is moved."}, {"new_path", "Where it goes."}},
        "Gives a file or folder another name, within one file system.",
        "What had the new name is replaced. ENOENT, EXDEV, ENOTEMPTY, EISDIR "
        "and others; the argument they name is the old path if nothing is "
        "there. rename(2).");
}

} // namespace emilua::filesystem
