// SPDX-License-Identifier: MIT OR BSL-1.0
// What the calls of init.script do, and what it leaves behind.
#include "init_script_run.hpp"
#include "modules/system/landlock.hpp"

#include <cstddef>
#include <cstring>
#include <fstream>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

using namespace emilua;
using namespace emilua::test;

namespace {

// --- what they do ------------------------------------------------------------

void descriptors() {
    int s[2];
    CHECK(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s) == 0);
    int p[2];
    CHECK(::pipe(p) == 0);
    const pid_t helper = ::fork();
    if (helper == 0) {
        // Two at once, of which one is taken.
        iovec v{const_cast<char*>("two"), 3};
        alignas(cmsghdr) char control[CMSG_SPACE(2 * sizeof(int))] = {};
        msghdr m{};
        m.msg_iov = &v;
        m.msg_iovlen = 1;
        m.msg_control = control;
        m.msg_controllen = sizeof(control);
        auto* const c = CMSG_FIRSTHDR(&m);
        *c = {CMSG_LEN(2 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
        const int both[] = {p[1], p[0]};
        std::memcpy(CMSG_DATA(c), both, sizeof(both));
        ::_exit(::sendmsg(s[0], &m, 0) != 3);
    }
    ::waitpid(helper, nullptr, 0);
    PRINTS_WITH("number\n"
                "two\ttrue\t0\n"
                "5\t0\n"
                "true\n"
                "4\t0\n"
                "0\n",
                "print(type(arg)) "
                "local before, next = C.dup(0), C.dup(0) "
                "C.close(before) C.close(next) "
                "local message, fd, errno = receive_with_fd(arg, 100) "
                "print(message, fd == before, errno) "
                "print(write_all(fd, 'hello')) "
                "print(C.dup(0) == next) " // the other one was closed
                "print(send_with_fd(arg, 'back', fd)) "
                "print(select('#', C.closefrom(20)))",
                .arg_fd = s[1]);
    char buffer[5];
    CHECK(::read(p[0], buffer, 5) == 5 && std::memcmp(buffer, "hello", 5) == 0);
    CHECK(::recv(s[0], buffer, 5, 0) == 4);
    for (int fd : {s[0], s[1], p[0], p[1]}) ::close(fd);

    PRINTS("\t0\n0\t0\nab\t0\n",
           "local fd = C.open('/dev/null', bit.bor(C.O_RDWR, C.O_CLOEXEC)) "
           "print(C.read(fd, 10)) print(write_all(fd, '')) "
           "local f = C.open('/tmp', bit.bor(C.O_RDWR, C.O_TMPFILE), "
           "mode(6, 0, 0)) C.write(f, 'ab') "
           "print(C.read(C.open('/proc/self/fd/' .. f, C.O_RDONLY), 3))");
    PRINTS("20\t0\n20\t0\t-1\t9\n",
           "print(C.dup2(0, 20)) local a, b = C.dup2(0, 20) C.closefrom(10) "
           "errexit = false print(a, b, C.dup(20))");
}

void files() {
    char folder[] = "/tmp/init-script-XXXXXX";
    CHECK(::mkdtemp(folder));
    ::chmod(folder, 0777);
    PRINTS("488\t259\t0\n1\t3\n18\t0\n0\t0\n0\t0\n",
           std::string{"C.chdir('"} + folder + "') " + R"(
local device, errno = C.makedev(1, 3)
print(mode(7, 5, 0), device, errno)
print(dev_major(device), dev_minor(device))
C.umask(18)
print(C.umask(0))
print(C.mkdir('d', mode(7, 7, 7)))
C.mkfifo('d/fifo', mode(6, 0, 0))
C.close(C.open('d/file', bit.bor(C.O_WRONLY, C.O_CREAT, C.O_EXCL), mode(6, 0, 0)))
C.link('d/file', 'hard')
C.symlink('d/file', 'soft')
C.linkat(C.AT_FDCWD, 'soft', C.AT_FDCWD, 'other', C.AT_SYMLINK_FOLLOW)
C.chmod('hard', mode(4, 0, 0))
C.chown('hard', -1, -1)
local socket = C.socket(C.AF_UNIX, bit.bor(C.SOCK_STREAM), 0)
bind_unix(socket, 'socket')
C.listen(socket, C.SOMAXCONN)
bind_unix(C.socket(C.AF_UNIX, C.SOCK_DGRAM, 0), '\0abstract of this test')
C.eaccess('soft', C.R_OK)
print(C.access('socket', C.F_OK))
)");
    struct stat s;
    const std::string f = folder;
    const auto is = [&](const char* name, mode_t mode) {
        return ::lstat((f + "/" + name).c_str(), &s) == 0 && s.st_mode == mode;
    };
    CHECK(is("d", S_IFDIR | 0777));
    CHECK(is("d/fifo", S_IFIFO | 0600));
    CHECK(is("soft", S_IFLNK | 0777));
    CHECK(is("hard", S_IFREG | 0400) && s.st_nlink == 3);
    CHECK(is("socket", S_IFSOCK | 0777));
    if (is_root()) {
        PRINTS("0\t0\n", "print(C.mknod('" + f +
                             "/null', C.S_IFCHR + mode(6, 6, 6), "
                             "C.makedev(1, 3)))");
        CHECK(is("null", S_IFCHR | 0644) && s.st_rdev == 259);
        PRINTS("nothing\t0\n",
               "C.chroot('" + f +
                   "') C.chdir('/') errexit = false "
                   "print(C.open('/etc/passwd', 0) == -1 and 'nothing', "
                   "select(2, C.access('/d', C.F_OK)))");
    }
    CHECK(std::system(("rm -r " + f).c_str()) == 0);
}

void programs() {
    PRINTS("one two\n[] A=1 B=x=y\n",
           "C.execve('/bin/sh', {'sh', '-c', 'echo $1 $2; echo "
           "[$PATH] A=$A B=$B', 'sh', 'one', 'two'}, {A = '1', B = 'x=y', "
           "PATH = ''})");
    PRINTS("C=5\n", "C.fexecve(C.open('/usr/bin/env', bit.bor(C.O_RDONLY, "
                    "C.O_CLOEXEC)), {'env'}, {'C=5'})");
    PRINTS("", "C.execve('/usr/bin/env', {'env'})");
    PRINTS("true\t0\n", "local sid, errno = C.setsid() print(sid > 0, errno) "
                        "errexit = false C.setpgid(0, 0)");
}

// What gives up rights is checked by what the process is afterwards.
int has_given_up() {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        for (const char* name : {"Uid:", "Gid:", "Groups:", "CapPrm:",
                                 "CapEff:", "CapAmb:", "NoNewPrivs:"})
            if (line.starts_with(name)) std::puts(line.c_str());
    std::fflush(stdout);
    return 0;
}

void credentials() {
    if (!is_root()) return;
    PRINTS_WITH("Uid:\t1000\t1000\t1000\t1000\n"
                "Gid:\t1001\t1001\t1001\t1001\n"
                "Groups:\t7 1002 \n"
                "CapPrm:\t0000000000000000\n"
                "CapEff:\t0000000000000000\n"
                "CapAmb:\t0000000000000000\n"
                "NoNewPrivs:\t1\n",
                "C.setgroups{1002, 7} C.setresgid(1001, 1001, 1001) "
                "C.cap_drop_bound('cap_sys_boot') C.cap_reset_ambient() "
                "C.cap_set_secbits(bit.bor(C.SECBIT_NOROOT, "
                "C.SECBIT_NOROOT_LOCKED)) "
                "C.setresuid(1000, 1000, 1000) C.cap_set_proc('=') "
                "set_no_new_privs()",
                .after = has_given_up);
    PRINTS_WITH("Uid:\t0\t1000\t0\t1000\n"
                "Gid:\t0\t0\t0\t0\n"
                "Groups:\t \n"
                "CapPrm:\t0000000000000001\n"
                "CapEff:\t0000000000000000\n"
                "CapAmb:\t0000000000000001\n"
                "NoNewPrivs:\t0\n",
                "C.setgroups{} C.setresuid(-1, 1000, -1) "
                "C.cap_set_proc('cap_chown=pi') "
                "C.cap_set_ambient('cap_chown', true)",
                .after = has_given_up);
}

std::string quoted(const void* bytes, std::size_t size) {
    std::string r = "'";
    for (std::size_t i = 0; i < size; ++i)
        r += "\\" +
             std::to_string(1000 + static_cast<const unsigned char*>(bytes)[i])
                 .substr(1);
    return r + "'";
}

void restrictions() {
    const sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mount, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EXDEV),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    PRINTS("0\t0\n-1\t18\n",
           "set_no_new_privs() print(C.seccomp_set_mode_filter(" +
               quoted(filter, sizeof(filter)) +
               ")) errexit = false print(C.mount(nil, '/', nil, 0))");

    const auto landlock = run("print(C.landlock_create_ruleset(nil, "
                              "{'version'}))");
    if (landlock.status != 0) {
        CHECK(!std::getenv("EMILUA_MUST_SANDBOX"));
        return;
    }
    CHECK(std::stoi(landlock.out) >= 1);
    PRINTS("-1\t13\ttrue\n", R"(
local rules = C.landlock_create_ruleset{ handled_access_fs = {
    "execute", "write_file", "read_file", "read_dir" } }
C.landlock_add_rule(rules, "path_beneath", {
    allowed_access = {"read_dir"}, parent_fd = C.open('/usr', C.O_PATH) })
set_no_new_privs()
C.landlock_restrict_self(rules)
errexit = false
local fd, errno = C.open('/etc/passwd', C.O_RDONLY)
print(fd, errno, C.open('/usr', bit.bor(C.O_RDONLY, C.O_DIRECTORY)) >= 0))");
    // The names are those of the module `system`.
    const auto knows = [](const char* field, const auto& items) {
        std::string all;
        for (const auto& i : items)
            all.append("'").append(i.name).append("', ");
        PRINTS("true\n", "errexit = false print(pcall("
                         "C.landlock_create_ruleset, {" +
                             std::string{field} + " = {" + all +
                             "}}) and true)");
    };
    knows("handled_access_fs", enum_names<system::landlock_access_fs>::items);
    knows("handled_access_net", enum_names<system::landlock_access_net>::items);
    knows("scoped", enum_names<system::landlock_scope>::items);
    if (std::stoi(landlock.out) >= 4)
        PRINTS("0\t0\n", R"(
local rules = C.landlock_create_ruleset{ handled_access_net = {"bind_tcp"} }
print(C.landlock_add_rule(rules, "net_port", {
    allowed_access = {"bind_tcp"}, port = 8080 })))");
}

// What the guide of the reference does, as nobody.
void namespaces() {
    if (!has_user_namespaces()) return;
    const uid_t user = is_root() ? 65534 : ::geteuid();
    const std::string map = "'0 " + std::to_string(user) + " 1\\n'";
    PRINTS_WITH("guest.example\nroot: mnt,proc,tmp\nread-only: 30\nthe end\n",
                "local map = " + map + R"(
C.unshare(bit.bor(C.CLONE_NEWUSER, C.CLONE_NEWNS, C.CLONE_NEWUTS, C.CLONE_NEWIPC,
    C.CLONE_NEWNET, C.CLONE_NEWCGROUP))
C.write(C.open('/proc/self/uid_map', C.O_WRONLY), map)
C.write(C.open('/proc/self/setgroups', C.O_WRONLY), 'deny')
C.write(C.open('/proc/self/gid_map', C.O_WRONLY), map)
C.sethostname('guest.example')
C.setdomainname('')

C.mount(nil, '/', nil, bit.bor(C.MS_REC, C.MS_PRIVATE))
C.umask(0)
C.mount(nil, '/mnt', 'tmpfs', 0, 'size=64k')
C.mkdir('/mnt/proc', mode(7, 5, 5))
C.mount('/proc', '/mnt/proc', nil, bit.bor(C.MS_BIND, C.MS_REC))
C.mkdir('/mnt/tmp', mode(7, 7, 7))
local fs = C.fsopen('tmpfs', C.FSOPEN_CLOEXEC)
C.fsconfig(fs, C.FSCONFIG_SET_STRING, 'size', '32k')
C.fsconfig(fs, C.FSCONFIG_CMD_CREATE)
local mounted = C.fsmount(fs, C.FSMOUNT_CLOEXEC, C.MOUNT_ATTR_NODEV)
C.move_mount(mounted, '', C.AT_FDCWD, '/mnt/tmp', C.MOVE_MOUNT_F_EMPTY_PATH)
C.mount_setattr(C.AT_FDCWD, '/mnt/tmp', C.AT_RECURSIVE,
    { attr_set = bit.bor(C.MOUNT_ATTR_RDONLY, C.MOUNT_ATTR_NOSUID) })
local tree = C.open_tree(C.AT_FDCWD, '/mnt/tmp', bit.bor(C.OPEN_TREE_CLONE, C.OPEN_TREE_CLOEXEC))
C.close(tree)
local picked = C.fspick(C.AT_FDCWD, '/mnt/tmp', C.FSPICK_CLOEXEC)
C.close(picked)

C.mkdir('/mnt/mnt', mode(7, 5, 5))
C.chdir('/mnt')
C.pivot_root('.', '/mnt/mnt')
C.chroot('.')
C.umount2('/mnt', C.MNT_DETACH)

local name = C.read(C.open('/proc/sys/kernel/hostname', C.O_RDONLY), 100)
print((name:gsub('\n', '')))
errexit = false
local there = {}
for _, entry in ipairs{'etc', 'mnt', 'proc', 'tmp', 'usr'} do
    if C.access('/' .. entry, C.F_OK) == 0 then there[#there + 1] = entry end
end
print('root: ' .. table.concat(there, ','))
print('read-only: ' .. select(2, C.mkdir('/tmp/x', 0)))
errexit = true
C.setns(C.open('/proc/self/ns/uts', C.O_RDONLY), C.CLONE_NEWUTS)
C.close(mounted) C.close(fs)
C.umount('/tmp')
C.cap_set_proc('=')
print('the end')
)",
                .user = is_root() ? user : 0);
}

// --- what is left ------------------------------------------------------------

// Whether the marker is anywhere in this process: put together from two halves,
// of which each alone may be.
int finds_marker() {
    std::ifstream maps{"/proc/self/maps"};
    std::ifstream memory{"/proc/self/mem", std::ios::binary};
    std::string marker = "the marker of";
    const std::string second_half = " the script";
    std::string line, bytes;
    int found = 0;
    while (std::getline(maps, line)) {
        unsigned long long start = 0, end = 0;
        char flags[5];
        if (std::sscanf(line.c_str(), "%llx-%llx %4s", &start, &end, flags) !=
                3 ||
            flags[0] != 'r' || flags[1] != 'w')
            continue;
        if (line.find("[v") != line.npos || line.find("[stack]") != line.npos)
            continue;
        // A sanitizer's own.
        if (end - start > 1ull << 30) continue;
        bytes.resize(end - start);
        memory.clear();
        memory.seekg(static_cast<std::streamoff>(start));
        memory.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        for (auto i = bytes.find(marker); i != bytes.npos;
             i = bytes.find(marker, i + 1))
            found += bytes.compare(i + marker.size(), second_half.size(),
                                   second_half) == 0;
        ::explicit_bzero(bytes.data(), bytes.size());
    }
    std::printf("%d\n", found);
    std::fflush(stdout);
    return 0;
}

void nothing_of_the_script_stays_in_memory() {
    const auto script = [](const char* then) {
        return std::string{"local t = {} for i = 1, 1000 do "
                           "t[i] = 'the marker of' .. ' the script' .. i end "
                           "local f = C.open('/tmp', bit.bor(C.O_RDWR, "
                           "C.O_TMPFILE), 384) C.write(f, table.concat(t)) "
                           "local again = C.read(C.open('/proc/self/fd/' .. f, "
                           "0), 100000) "} +
               then;
    };
    PRINTS_WITH("0\n", script(""), .after = finds_marker);
}

} // namespace

int main() {
    descriptors();
    files();
    programs();
    credentials();
    restrictions();
    namespaces();
    nothing_of_the_script_stays_in_memory();
    return failures != 0;
}
