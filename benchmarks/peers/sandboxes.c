// SPDX-License-Identifier: MIT OR BSL-1.0
// /bin/true from its start to its end, each alone and BENCHMARK_REST seconds after the last one: as it is, by bwrap(1) and
// unshare(1), and confined by the least C that does it. `landlock` has that alone; `namespaces` makes all of them, a root
// of bind mounts, Landlock and a filter of system calls; `ready` makes for the next one, while one runs, what no policy says, and `ready_policy` also the
// root and the rules, and looks only whether the paths lead to the same.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/mount.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { most = 100000 };
static double times[most];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int earlier(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// --- what a sandbox is made of -----------------------------------------------

static const char *const folders[] = {"/usr", "/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf",
                                      "/etc/ld.so.conf.d"};
static const char *const links[] = {"/bin", "/sbin", "/lib", "/lib64"};
static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
enum { folder_count = sizeof(folders) / sizeof(*folders), link_count = sizeof(links) / sizeof(*links) };
enum { device_count = sizeof(devices) / sizeof(*devices) };

static void write_file(const char *path, const char *text) {
    const int f = open(path, O_WRONLY | O_CLOEXEC);
    if (f == -1 || write(f, text, strlen(text)) == -1) fail(path);
    close(f);
}

// What no policy says.
static void prepare(unsigned uid, unsigned gid) {
    char text[32];
    write_file("/proc/self/setgroups", "deny");
    snprintf(text, sizeof(text), "%u %u 1", uid, uid);
    write_file("/proc/self/uid_map", text);
    snprintf(text, sizeof(text), "%u %u 1", gid, gid);
    write_file("/proc/self/gid_map", text);
    const int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    if (s == -1 || ioctl(s, SIOCSIFFLAGS, &lo) == -1) fail("lo");
    close(s);
    for (int c = 0; prctl(PR_CAPBSET_READ, c) != -1; c++)
        if (prctl(PR_CAPBSET_DROP, c) == -1) fail("prctl");
}

static int new_mount(const char *type, unsigned attributes) {
    const int fs = fsopen(type, FSOPEN_CLOEXEC);
    if (fs == -1 || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == -1) fail("fsconfig");
    const int m = fsmount(fs, FSMOUNT_CLOEXEC, attributes);
    if (m == -1) fail("fsmount");
    close(fs);
    return m;
}

static int take(const char *path, unsigned long long attributes) {
    const int m = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    struct mount_attr a = {.attr_set = attributes, .propagation = MS_PRIVATE};
    if (m == -1 || mount_setattr(m, "", AT_EMPTY_PATH | AT_RECURSIVE, &a, sizeof(a)) == -1) fail(path);
    return m;
}

static void put(int mount, int root, const char *path) {
    if (move_mount(mount, "", root, path + 1, MOVE_MOUNT_F_EMPTY_PATH) == -1) fail(path);
    close(mount);
}

static void make_own_mounts(void) {
    if (unshare(CLONE_NEWNS) == -1 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1) fail("unshare");
}

static int own_mounts(void) {
    const int mounts = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    if (mounts == -1) fail("/proc/self/ns/mnt");
    return mounts;
}

// An empty root with /proc and devices. In a child that shares descriptors.
static int make_basic_root(void *mounts) {
    int taken[device_count];
    make_own_mounts();
    for (int i = 0; i < device_count; i++) taken[i] = take(devices[i], MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    const int root = new_mount("tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    if (move_mount(root, "", AT_FDCWD, "/proc", MOVE_MOUNT_F_EMPTY_PATH) == -1) fail("move_mount");
    mkdirat(root, "proc", 0755);
    mkdirat(root, "dev", 0755);
    put(new_mount("proc", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_RDONLY), root, "/proc");
    for (int i = 0; i < device_count; i++) {
        mknodat(root, devices[i] + 1, S_IFREG | 0600, 0);
        put(taken[i], root, devices[i]);
    }
    if (fchdir(root) == -1 || syscall(SYS_pivot_root, ".", ".") == -1 || umount2(".", MNT_DETACH) == -1) fail("root");
    close(root);
    *(int *)mounts = own_mounts();
    _exit(0);
}

// The host's mounts are copied, and left with what was taken from them; they end with the process.
static void build_root(int basic_mounts) {
    int taken[folder_count];
    char targets[link_count][256] = {""};
    make_own_mounts();
    for (int i = 0; i < link_count; i++)
        if (readlink(links[i], targets[i], sizeof(targets[i]) - 1) == -1) targets[i][0] = '\0';
    for (int i = 0; i < folder_count; i++)
        taken[i] = take(folders[i], MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    own_mounts();
    if (setns(basic_mounts, CLONE_NEWNS) == -1) fail("setns");
    const int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    static const char *const made[] = {"usr", "etc", "etc/alternatives", "etc/ld.so.conf.d"};
    for (unsigned i = 0; i < sizeof(made) / sizeof(*made); i++) mkdirat(root, made[i], 0755);
    mknodat(root, "etc/ld.so.cache", S_IFREG | 0600, 0);
    mknodat(root, "etc/ld.so.conf", S_IFREG | 0600, 0);
    for (int i = 0; i < folder_count; i++) put(taken[i], root, folders[i]);
    for (int i = 0; i < link_count; i++)
        if (targets[i][0] != '\0') symlinkat(targets[i], root, links[i] + 1);
    struct mount_attr a = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC};
    if (mount_setattr(AT_FDCWD, "/", 0, &a, sizeof(a)) == -1) fail("mount_setattr");
    close(root);
}

static int make_rules(void) {
    const struct landlock_ruleset_attr all = {.handled_access_fs = 0x1fff};
    const int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
    if (rules == -1) fail("landlock_create_ruleset");
    const struct {
        const char *const *paths;
        int count;
    } lists[] = {{folders, folder_count}, {links, link_count}, {devices, device_count}};
    for (int l = 0; l < 3; l++)
        for (int i = 0; i < lists[l].count; i++) {
            struct stat st;
            const int at = open(lists[l].paths[i], O_PATH | O_CLOEXEC);
            if (at == -1 || fstat(at, &st) == -1) continue;
            struct landlock_path_beneath_attr rule = {LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE, at};
            if (S_ISDIR(st.st_mode)) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
            if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == -1) fail("landlock_add_rule");
            close(at);
        }
    return rules;
}

static void restrict_files(int rules) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 || syscall(SYS_landlock_restrict_self, rules, 0) == -1)
        fail("landlock_restrict_self");
    close(rules);
}

// What tells whether the paths lead to the same files, roughly.
static unsigned long long identities(void) {
    unsigned long long sum = 0;
    for (int i = 0; i < folder_count + link_count; i++) {
        struct statx s;
        char target[256];
        const char *const path = i < folder_count ? folders[i] : links[i - folder_count];
        if (i >= folder_count && readlink(path, target, sizeof(target)) > 0) sum += (unsigned char)target[0];
        if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_MNT_ID, &s) == 0) sum = sum * 31 + s.stx_ino + s.stx_mnt_id;
    }
    return sum;
}

// Not more than that there is one.
static void restrict_calls(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    const struct sock_fprog program = {sizeof(code) / sizeof(*code), code};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == -1) fail("seccomp");
}

// --- ways --------------------------------------------------------------------

static char *const nothing[] = {NULL};
static char stacks[2][256 * 1024];

static int confined(void *calls) {
    if (calls) restrict_calls();
    execve("/bin/true", (char *[]){"true", NULL}, nothing);
    _exit(127);
}

static int confined_by_landlock(void *unused) {
    (void)unused;
    restrict_files(make_rules());
    return confined(NULL);
}

static int confined_by_all(void *rules) {
    restrict_files(*(int *)rules == -1 ? make_rules() : *(int *)rules);
    return confined((void *)1);
}

// The memory is the caller's until the program begins.
static pid_t start(int (*what)(void *), char *stack, void *argument, int flags) {
    const pid_t pid = clone(what, stack + sizeof(stacks[0]), CLONE_VM | CLONE_VFORK | SIGCHLD | flags, argument);
    if (pid == -1) fail("clone");
    return pid;
}

static void end(pid_t pid) {
    int status;
    if (waitpid(pid, &status, __WALL) == -1 || status != 0) fail("a program");
}

struct init {
    pid_t pid;
    unsigned uid, gid;
    int wanted[2], ended[2];
    int knows_policy;
};

// In a child that shares descriptors: what was left of the host's mounts ends with it.
static int fill_root(void *of) {
    int *const mounts_and_rules = of;
    build_root(mounts_and_rules[0]);
    mounts_and_rules[1] = make_rules();
    _exit(0);
}

// PID 1 of the sandbox.
static int be_init(void *of) {
    struct init *const i = of;
    char word = 1;
    int mounts_and_rules[2] = {-1, -1};
    unsigned long long then = 0;
    prepare(i->uid, i->gid);
    end(start(&make_basic_root, stacks[1], &mounts_and_rules[0], CLONE_FILES));
    if (i->knows_policy) {
        then = identities();
        end(start(&fill_root, stacks[1], mounts_and_rules, CLONE_FILES));
    }
    if (i->wanted[0] != -1 && read(i->wanted[0], &word, 1) != 1) _exit(0);
    if (sethostname("sandbox", 7) == -1) fail("sethostname");
    if (!i->knows_policy)
        build_root(mounts_and_rules[0]);
    else if (identities() != then || setns(mounts_and_rules[0], CLONE_NEWNS) == -1)
        fail("setns");
    end(start(&confined_by_all, stacks[1], &mounts_and_rules[1], 0));
    if (write(i->ended[1], &word, 1) != 1) _exit(1);
    _exit(0);
}

static void start_init(struct init *i) {
    i->uid = getuid();
    i->gid = getgid();
    if (pipe2(i->ended, O_CLOEXEC) == -1) fail("pipe2");
    i->pid = clone(&be_init, stacks[0] + sizeof(stacks[0]), SIGCHLD | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWIPC |
                   CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWNET, i);
    if (i->pid == -1) fail("clone");
}

static void await_init(struct init *i) {
    char word;
    close(i->ended[1]);
    if (read(i->ended[0], &word, 1) != 1) fail("an init");
    close(i->ended[0]);
}

static void spawn(char **arguments) {
    pid_t pid;
    if ((errno = posix_spawnp(&pid, arguments[0], NULL, NULL, arguments, nothing)) != 0) fail(arguments[0]);
    end(pid);
}

static struct init next;
// That of the turn before, which ends while the next one is made: nobody waits for its namespaces to be gone.
static pid_t over;
static pthread_t maker;
static int is_begun;

static void *make_next(void *knows_policy) {
    next = (struct init){.knows_policy = knows_policy != NULL};
    if (pipe2(next.wanted, O_CLOEXEC) == -1) fail("pipe2");
    start_init(&next);
    if (over != 0) end(over);
    return NULL;
}

static void begin_next(int knows_policy) {
    if (pthread_create(&maker, NULL, &make_next, knows_policy ? &next : NULL) != 0) fail("pthread_create");
}

static double ready_turn(int knows_policy) {
    static pid_t is_over;
    if (!is_begun) begin_next(knows_policy);
    is_begun = 1;
    const double begin = now();
    pthread_join(maker, NULL);
    struct init i = next;
    if (write(i.wanted[1], "", 1) != 1) fail("write");
    over = is_over;
    begin_next(knows_policy);
    await_init(&i);
    const double done = now();
    close(i.wanted[0]);
    close(i.wanted[1]);
    is_over = i.pid;
    return done - begin;
}

static double turn(const char *way) {
    struct init i = {.wanted = {-1, -1}};
    double begin = now(), done;
    if (strcmp(way, "ready") == 0 || strcmp(way, "ready_policy") == 0) return ready_turn(strcmp(way, "ready") != 0);
    if (strcmp(way, "namespaces") == 0) {
        start_init(&i);
        await_init(&i);
        done = now();
        end(i.pid);
        return done - begin;
    }
    if (strcmp(way, "landlock") == 0)
        end(start(&confined_by_landlock, stacks[0], NULL, 0));
    else if (strcmp(way, "bwrap") == 0)
        spawn((char *[]){"bwrap", "--unshare-all", "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink",
                         "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--proc", "/proc", "--dev", "/dev",
                         "/bin/true", NULL});
    else if (strcmp(way, "unshare") == 0)
        spawn((char *[]){"unshare", "--user", "--pid", "--fork", "--mount", "--uts", "--ipc", "--net", "true", NULL});
    else
        spawn((char *[]){"/bin/true", NULL});
    return now() - begin;
}

// The median, because what disturbs a start makes it ten times as long.
int main(int argc, char **argv) {
    const char *const way = argc > 1 ? argv[1] : "posix_spawn";
    const char *const seconds = getenv("BENCHMARK_SECONDS"), *const rest = getenv("BENCHMARK_REST");
    const double least = seconds ? atof(seconds) : 0.5;
    const useconds_t pause = rest ? (useconds_t)(atof(rest) * 1e6) : 0;
    const double begin = now();
    int n = 0;
    do {
        if (pause > 0) usleep(pause);
        times[n++] = turn(way);
    } while (n < most && now() - begin < least);
    if (is_begun) {
        pthread_join(maker, NULL);
        kill(next.pid, SIGKILL);
    }
    qsort(times, (size_t)n, sizeof(times[0]), earlier);
    printf("%s %.1f us\n", strcmp(way, "landlock") == 0 ? "in_process" : "program", times[n / 2] * 1e6);
}
