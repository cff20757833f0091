// SPDX-License-Identifier: MIT OR BSL-1.0
// What init.script has, and what becomes of calls that fail.
#include "init_script_run.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <span>
#include <sstream>
#include <sys/resource.h>

using namespace emilua;
using namespace emilua::test;

namespace {

// --- names -------------------------------------------------------------------

void every_name_is_there() {
    std::ifstream list{"../test-fixtures/surface/init-script"};
    CHECK(list.is_open());
    std::string line, script;
    int n = 0;
    while (std::getline(list, line)) {
        if (line.starts_with('#')) continue;
        const bool is_function = std::islower(line.front());
        script.append("assert(type(C.").append(line).append(") == '");
        script.append(is_function ? "function" : "number").append("')\n");
        ++n;
    }
    CHECK(n == 266);
    PRINTS("", script);
    PRINTS("nil\ttrue\tnumber"
           "\tfunction\tfunction\tfunction\tfunction\tfunction\tfunction\tfunct"
           "ion\tfunction\n",
           "print(arg, errexit, type(C.EPERM), type(mode), type(dev_major), "
           "type(dev_minor), type(write_all), type(receive_with_fd), "
           "type(send_with_fd), type(set_no_new_privs), type(bind_unix))");
    PRINTS("table\ttable\ttable\ttable\tnil\tnil\tnil\tnil\tnil\tnil\n",
           "print(type(bit), type(string), type(table), type(math), io, os, "
           "ffi, require, dofile, loadfile)");
    PRINTS("false\tinit.script:1: no C.MNT_RELOAD on this system\n",
           "print(pcall(function() return C.MNT_RELOAD end))");
}

// --- failures ----------------------------------------------------------------

struct failing {
    const char* call;
    int error; // as root
};

// What fails whoever calls.
constexpr failing each_call[] = {
    {"C.read(-1, 5)", EBADF},
    {"C.write(-1, 'x')", EBADF},
    {"C.sethostname(('x'):rep(65))", EINVAL},
    {"C.setdomainname(('x'):rep(65))", EINVAL},
    {"C.setgroups(too_many)", EINVAL},
    {"C.cap_set_proc('nonsense')", EINVAL},
    {"C.cap_drop_bound('cap_nonsense')", EINVAL},
    {"C.cap_set_ambient('cap_nonsense', true)", EINVAL},
    {"C.execve('/nonexistent', {'x'}, {})", ENOENT},
    {"C.fexecve(-1, {'x'}, {})", EINVAL},
    {"C.dup(-1)", EBADF},
    {"C.dup2(-1, 3)", EBADF},
    {"C.close(-1)", EBADF},
    {"C.open('/nonexistent', C.O_RDONLY)", ENOENT},
    {"C.access('/nonexistent', C.F_OK)", ENOENT},
    {"C.eaccess('/nonexistent', C.R_OK)", ENOENT},
    {"C.mkdir('/nonexistent/x', 448)", ENOENT},
    {"C.chdir('/nonexistent')", ENOENT},
    {"C.mkfifo('/nonexistent/x', 448)", ENOENT},
    {"C.socket(-1, C.SOCK_STREAM, 0)", EAFNOSUPPORT},
    {"C.listen(-1, C.SOMAXCONN)", EBADF},
    {"C.mknod('/nonexistent/x', C.S_IFCHR, 259)", ENOENT},
    {"C.link('/nonexistent', '/x')", ENOENT},
    {"C.linkat(C.AT_FDCWD, '/nonexistent', C.AT_FDCWD, '/x', 0)", ENOENT},
    {"C.symlink('/x', '/nonexistent/x')", ENOENT},
    {"C.chown('/nonexistent', 0, -1)", ENOENT},
    {"C.chmod('/nonexistent', 0)", ENOENT},
    {"C.mount(nil, '/nonexistent', nil, C.MS_BIND)", ENOENT},
    {"C.umount('/nonexistent')", ENOENT},
    {"C.umount2('/nonexistent', C.MNT_DETACH)", ENOENT},
    {"C.fsopen('nonsense', 0)", ENODEV},
    {"C.fsmount(-1, 0, 0)", EBADF},
    {"C.move_mount(-1, '', -1, '', 0)", ENOENT},
    {"C.fsconfig(-1, C.FSCONFIG_CMD_CREATE)", EINVAL},
    {"C.fspick(C.AT_FDCWD, '/nonexistent', 0)", ENOENT},
    {"C.open_tree(C.AT_FDCWD, '/nonexistent', 0)", ENOENT},
    {"C.pivot_root('/nonexistent', '/nonexistent')", ENOENT},
    {"C.chroot('/nonexistent')", ENOENT},
    {"C.setsid()", EPERM}, // after a first one
    {"C.setpgid(-1, 0)", EINVAL},
    {"C.cap_set_secbits(4294967295)", EPERM},
    {"C.unshare(1)", EINVAL},
    {"C.setns(-1, 0)", EBADF},
    {"C.mount_setattr(C.AT_FDCWD, '/nonexistent', 0, {attr_set = 1})", ENOENT},
    {"C.seccomp_set_mode_filter('')", EINVAL},
    {"C.seccomp_set_mode_filter('1234567')", EINVAL},
    {"C.landlock_create_ruleset({}, {'version'})", EINVAL},
    {"C.landlock_add_rule(-1, 'path_beneath', {parent_fd = -1, "
     "allowed_access = {'execute'}})",
     EBADF},
    {"C.landlock_restrict_self(-1)", EBADF},
    {"write_all(-1, 'x')", EBADF},
    {"send_with_fd(-1, 'x', 0)", EBADF},
    {"bind_unix(-1, '/x')", EBADF},
    {"bind_unix(-1, '')", EINVAL},
    {"bind_unix(-1, ('x'):rep(108))", ENAMETOOLONG},
};

// Of these, whoever is nobody is told nothing but that.
constexpr failing each_call_of_nobody[] = {
    {"C.setresuid(0, 0, 0)", EPERM},
    {"C.setresgid(0, 0, 0)", EPERM},
    {"C.setgroups({0})", EPERM},
    {"C.sethostname('x')", EPERM},
    {"C.setdomainname('x')", EPERM},
    {"C.cap_drop_bound('cap_chown')", EPERM},
    {"C.cap_set_ambient('cap_chown', true)", EPERM},
    {"C.chroot('/')", EPERM},
    {"C.mount('none', '/tmp', 'tmpfs', 0)", EPERM},
    {"C.mount_setattr(C.AT_FDCWD, '/', 0, {attr_set = 1})", EPERM},
    {"C.unshare(C.CLONE_NEWNET)", EPERM},
    {"C.landlock_restrict_self(ruleset())", EPERM},
};

const std::string preparation =
    "local too_many = {} for i = 1, 65537 do too_many[i] = i end "
    "local function ruleset() return (C.landlock_create_ruleset"
    "{handled_access_fs = {'execute'}}) end ";

std::string name_in(const std::string& call) {
    const auto start = call.starts_with("C.") ? 2u : 0u;
    return call.substr(start, call.find('(') - start);
}

// What the system says of it to whoever may not even try.
int error_of(const std::string& call) {
    const auto r =
        run(preparation + "errexit = false print((select(2, " + call + ")))");
    return std::atoi(r.out.c_str());
}

void check_failures(std::span<const failing> calls, uid_t user) {
    for (auto c : calls) {
        if (!is_root() && error_of(c.call) == EPERM) c.error = EPERM;
        const std::string call = c.call;
        const auto script = [&](const char* before, const char* after) {
            std::string r = preparation;
            if (call == "C.setsid()") r.append("errexit = false C.setsid() ");
            return r.append(before).append(call).append(after);
        };
        std::ostringstream printed;
        printed << (name_in(call) == "read" ? "nil" : "-1") << '\t' << c.error
                << '\n';
        PRINTS_WITH(printed.str(), script("errexit = false print(", ")"),
                    .user = user);
        const auto r = run(script("errexit = true\npcall(function() ",
                                  " end) print('lives on')"),
                           {.user = user});
        std::ostringstream expected_text;
        expected_text << "init.script:2: " << name_in(call) << ": "
                      << std::strerror(c.error) << '\n';
        const auto expected = expected_text.str();
        if (r.status == 1 && r.out.empty() && r.err == expected) continue;
        std::fprintf(stderr, "%s as %u: status %d, %s%s", c.call, user,
                     r.status, r.out.c_str(), r.err.c_str());
        ++failures;
    }
}

void failures_tell_errno_or_end_the_process() {
    check_failures(each_call, 0);
    if (is_root()) check_failures(each_call_of_nobody, 65534);
    const auto r = run("errexit = false print(receive_with_fd(-1, 5)) "
                       "errexit = true\nreceive_with_fd(-1, 5)");
    CHECK(r.status == 1 && r.out == "nil\t-1\t9\n");
    CHECK(r.err == "init.script:2: receive_with_fd: Bad file descriptor\n");
}

void wrong_arguments_are_errors_of_lua() {
    struct wrong {
        const char* call;
        const char* message;
    };
    for (const auto& [call, message] : {
             wrong{"C.open(5, 0)",
                   "bad argument #1 to 'open' (string expected, "
                   "got number)"},
             {"C.open('/\\0x', 0)",
              "bad argument #1 to 'open' (text without NUL expected)"},
             {"C.open('/', '0')",
              "bad argument #2 to 'open' (whole number expected)"},
             {"C.open('/x', C.O_CREAT)",
              "bad argument #3 to 'open' (whole number expected)"},
             {"C.dup(1.5)", "bad argument #1 to 'dup' (whole number expected)"},
             {"C.dup(0/0)", "bad argument #1 to 'dup' (whole number expected)"},
             {"C.dup(2^31)", "bad argument #1 to 'dup' (number out of range)"},
             {"C.read(0, -1)",
              "bad argument #2 to 'read' (number out of range)"},
             {"C.closefrom(true)",
              "bad argument #1 to 'closefrom' (whole number expected)"},
             {"C.setgroups({'x'})",
              "bad argument #1 to 'setgroups' (whole number expected)"},
             {"C.execve('/x', {'a\\0b'}, {})",
              "bad argument #2 to 'execve' (a list of texts without NUL "
              "expected)"},
             {"C.mount_setattr(-1, nil, 0, {attr = 1})",
              "bad argument #4 to 'mount_setattr' (fields attr_set, attr_clr, "
              "propagation, userns_fd expected)"},
             {"C.mount_setattr(-1, nil, 0, {attr_set = 'x'})",
              "bad argument #4 to 'mount_setattr' (whole number expected)"},
             {"C.fsconfig(-1, C.FSCONFIG_SET_BINARY, 'k', 'abc', 4)",
              "bad argument #5 to 'fsconfig' (number out of range)"},
             {"C.landlock_create_ruleset{handled_access_fs = {'sing'}}",
              "bad argument #1 to 'landlock_create_ruleset' (no such name: "
              "'sing')"},
             {"C.landlock_create_ruleset{handled = {}}",
              "bad argument #1 to 'landlock_create_ruleset' (no such field: "
              "'handled')"},
             {"C.landlock_add_rule(-1, 'path_beneath', {allowed_access = {}})",
              "bad argument #3 to 'landlock_add_rule' (a field parent_fd "
              "expected)"},
         }) {
        const auto r = run(call);
        CHECK(r.status == 1 && r.out.empty());
        const std::string expected =
            std::string{"init.script:1: "} + message + "\n";
        if (r.err == expected) continue;
        std::fprintf(stderr, "%s: %s", call, r.err.c_str());
        ++failures;
    }
    CHECK(run("error('no')").err == "init.script:1: no\n");
    CHECK(run("error{}").err == "init.script failed\n");
    CHECK(run("x =").status == 1);
    CHECK(run("\x1bLJ").status == 1);
}

void without_memory_it_fails() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    rlimit before;
    ::getrlimit(RLIMIT_AS, &before);
    const rlimit little{1ul << 29, before.rlim_max};
    ::setrlimit(RLIMIT_AS, &little);
    const auto r = run("local t = {} while true do t[#t + 1] = "
                       "('x'):rep(2^22) .. #t end");
    ::setrlimit(RLIMIT_AS, &before);
    CHECK(r.status == 1 && r.err == "not enough memory\n");
#endif
}

} // namespace

int main() {
    every_name_is_there();
    failures_tell_errno_or_end_the_process();
    wrong_arguments_are_errors_of_lua();
    without_memory_it_fails();
    return failures != 0;
}
