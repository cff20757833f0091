// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/file_explainer.hpp"

#include "modules/system/seccomp.hpp"
#include "sandbox/explained_calls.hpp"
#include "sandbox/notifications.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

bool is_within(const std::string& path, const std::string& folder) {
    return folder == "/" || path == folder ||
           (path.starts_with(folder) && path[folder.size()] == '/');
}

bool covers(const std::vector<std::string>& folders, const std::string& path) {
    return std::any_of(folders.begin(), folders.end(),
                       [&](const auto& f) { return is_within(path, f); });
}

/// Without links; "" with errno.
std::string real_path(const std::string& path) {
    char text[PATH_MAX];
    return ::realpath(path.c_str(), text) ? text : "";
}

std::vector<std::string> real_paths(const std::vector<std::string>& all) {
    std::vector<std::string> r;
    for (const auto& p : all)
        if (auto real = real_path(p); !real.empty())
            r.push_back(std::move(real));
    return r;
}

/// What a link of a thread in /proc says, "" if it is no path.
std::string link_of(pid_t tid, const char* what, const std::string& number) {
    auto path = std::string{"/proc/"} + std::to_string(tid);
    path += what;
    path += number;
    char text[PATH_MAX];
    const auto n = ::readlink(path.c_str(), text, sizeof(text));
    if (n <= 0 || text[0] != '/') return {};
    return {text, static_cast<std::size_t>(n)};
}

/// A path as the guest means it: from its root on.
std::string whole_path(const seccomp_notif& call, const explained_call& what) {
    const auto tid = static_cast<pid_t>(call.pid);
    auto text = read_text(tid, call.data.args[what.path]);
    if (!text || text->empty()) return {};
    if (text->front() == '/') return *text;
    const int folder = what.folder == -1
                           ? AT_FDCWD
                           : static_cast<int>(call.data.args[what.folder]);
    auto from = folder == AT_FDCWD
                    ? link_of(tid, "/cwd", {})
                    : link_of(tid, "/fd/", std::to_string(folder));
    if (from.empty()) return {};
    if (from != "/") from += '/';
    return from += *text;
}

/// The flags of a call that opens something; nothing if they cannot be read.
std::optional<std::uint64_t> flags_of(const seccomp_notif& call,
                                      const explained_call& what) {
    if (std::strcmp(what.call, "creat") == 0)
        return O_CREAT | O_WRONLY | O_TRUNC;
    const auto argument = call.data.args[what.path + 1];
    if (std::strcmp(what.call, "openat2") != 0) return argument;
    const auto bytes = read_memory(static_cast<pid_t>(call.pid), argument,
                                   sizeof(std::uint64_t));
    if (!bytes) return std::nullopt;
    std::uint64_t flags;
    std::memcpy(&flags, bytes->data(), sizeof(flags));
    return flags;
}

std::string folder_above(const std::string& path) {
    const auto end = path.rfind('/');
    return end == 0 ? "/" : path.substr(0, end);
}

std::string beside(const std::string& folder, const std::string& name) {
    return folder == "/" ? folder + name : folder + '/' + name;
}

std::pair<refused_operation, const char*> told_as(file_access a) noexcept {
    switch (a) {
    case file_access::look:
    case file_access::read:
        return {refused_operation::read, "read"};
    case file_access::execute:
        return {refused_operation::execute, "execute"};
    default:
        return {refused_operation::write, "write"};
    }
}

int mode_of(file_access a) noexcept {
    switch (a) {
    case file_access::look:
        return F_OK;
    case file_access::read:
        return R_OK;
    case file_access::execute:
        return X_OK;
    default:
        return W_OK;
    }
}

/// In a process, what is each one's own, or not the host's.
constexpr const char* own_paths[] = {
    "/proc/self",  "/proc/thread-self", "/dev/fd",     "/dev/stdin",
    "/dev/stdout", "/dev/stderr",       "/dev/null",   "/dev/zero",
    "/dev/full",   "/dev/random",       "/dev/urandom"};

} // namespace

struct file_explainer::request {
    std::string path;
    file_access access;
    /// Whether it makes what is not there.
    bool creates;
    /// Whether a link at its end is meant itself.
    bool means_link;
};

file_explainer::file_explainer(const confinement& c,
                               std::shared_ptr<refusal_log> log)
    : on_namespaces_{c.on == foundation::namespaces},
      has_temporary_{c.temporary != 0}, runs_temporary_{c.runs_temporary},
      replaced_{c.replaced.path}, copy_{on_namespaces_ || replaced_.empty()
                                            ? std::string{}
                                            : real_path(c.replaced.by)},
      readable_{real_paths(c.readable)}, writable_{real_paths(c.writable)},
      executable_{real_paths(c.executable)}, log_{std::move(log)} {
    for (const auto& call : explained_calls)
        if (const auto n = system::system_call_number(call.call); n && *n >= 0)
            calls_.emplace(*n, &call);
}

void file_explainer::note(const seccomp_notif& call) const {
    const auto [first, last] = calls_.equal_range(call.data.nr);
    for (auto i = first; i != last; ++i) note(call, *i->second);
}

void file_explainer::note(const seccomp_notif& call,
                          const explained_call& what) const {
    using access = file_access;
    request r{whole_path(call, what), what.access, false,
              what.links == explained_call::never ||
                  (what.links >= 0 &&
                   call.data.args[what.links] & AT_SYMLINK_NOFOLLOW)};
    if (r.path.empty()) return;
    if (r.access == access::open) {
        const auto flags = flags_of(call, what);
        if (!flags) return;
        r.creates = *flags & O_CREAT;
        r.means_link = *flags & O_NOFOLLOW;
        if (*flags & O_PATH)
            r.access = access::look;
        else if ((*flags & O_ACCMODE) == O_RDONLY && !(*flags & O_TRUNC))
            r.access = access::read;
        else
            r.access = access::write;
    }
    if (r.access == access::execute && on_namespaces_ &&
        judge_in_own(static_cast<pid_t>(call.pid), r.path))
        return;
    judge(std::move(r));
}

/// Of a program in the copy or the guest's /tmp, which the guest alone sees;
/// false for any other. `path` may lead there by links, and from there to
/// elsewhere.
bool file_explainer::judge_in_own(pid_t tid, const std::string& path) const {
    if (replaced_.empty() && !has_temporary_) return false;
    const unique_descriptor root{
        ::open(("/proc/" + std::to_string(tid) + "/root").c_str(),
               O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!root) return false;
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT;
    const unique_descriptor file{static_cast<int>(
        ::syscall(SYS_openat2, root.get(), path.c_str(), &how, sizeof(how)))};
    if (!file) return false;
    const auto real = link_of(::getpid(), "/fd/", std::to_string(file.get()));
    if (!is_in_copy(real) && !is_in_temporary(real)) return false;
    struct stat st;
    constexpr mode_t any = S_IXUSR | S_IXGRP | S_IXOTH;
    const bool has = is_made_in_temporary(real) ? runs_temporary_
                                                : covers(executable_, real);
    if (!has && ::fstat(file.get(), &st) == 0 && S_ISREG(st.st_mode) &&
        st.st_mode & any)
        log_->add(
            {refused_operation::execute, path, "execute", nameable(real)});
    return true;
}

/// Whether it has nothing to do with the host's.
bool file_explainer::is_own(const std::string& path) const {
    if (!on_namespaces_)
        // Other links lead to what is this process's own (/proc/mounts).
        return is_within(path, "/proc/" + std::to_string(::getpid())) ||
               std::any_of(std::begin(own_paths), std::end(own_paths),
                           [&](const auto* p) { return is_within(path, p); });
    // It has devices, and no memory that is shared by name.
    return is_within(path, "/proc") ||
           (is_within(path, "/dev") && !is_within(path, "/dev/shm")) ||
           is_in_temporary(path) || is_in_copy(path);
}

bool file_explainer::is_in_copy(const std::string& path) const {
    return !replaced_.empty() && is_within(path, replaced_);
}

bool file_explainer::is_in_temporary(const std::string& path) const {
    return has_temporary_ && is_within(path, "/tmp");
}

/// And is not what the policy names there.
bool file_explainer::is_made_in_temporary(const std::string& path) const {
    const auto names = [&](const std::string& p) {
        return is_within(path, p) && is_within(p, "/tmp");
    };
    return is_in_temporary(path) && !is_in_copy(path) &&
           std::ranges::none_of(readable_, names) &&
           std::ranges::none_of(writable_, names) &&
           std::ranges::none_of(executable_, names);
}

/// Folders above those of the policy are there, to be listed.
bool file_explainer::is_on_the_way(const std::string& real) const {
    if (!on_namespaces_) return false;
    for (const auto* all : {&readable_, &writable_, &executable_})
        for (const auto& p : *all)
            if (is_within(p, real)) return true;
    return !replaced_.empty() && is_within(replaced_, real);
}

/// As whoever wrote the policy knows it.
std::string file_explainer::outside(const std::string& path) const {
    return !copy_.empty() && is_within(path, copy_)
               ? replaced_ + path.substr(copy_.size())
               : path;
}

/// What a policy can name for a path outside: what the guest made in its copy
/// or its /tmp is not there.
std::string file_explainer::nameable(const std::string& path) const {
    struct stat st;
    if (is_in_copy(path))
        return ::lstat(path.c_str(), &st) == -1 ? replaced_ : path;
    return is_made_in_temporary(path) ? "/tmp" : path;
}

void file_explainer::judge(request r) const {
    using access = file_access;
    const std::string place = std::filesystem::path{r.path}.lexically_normal();
    if (is_own(place)) return;
    // Beside the copy there is nothing that is meant.
    if (!is_within(place, copy_)) r.path = outside(r.path);
    if (!on_namespaces_ &&
        (r.access == access::look || r.access == access::alter))
        return;
    const auto folder = real_path(folder_above(r.path));
    const auto name = r.path.substr(r.path.rfind('/') + 1);
    auto real = r.means_link ? beside(folder, name) : real_path(r.path);
    struct stat st;
    const bool is_there =
        !folder.empty() && ::lstat(beside(folder, name).c_str(), &st) == 0;
    if (real.empty() && r.creates && !is_there) r.access = access::make;
    if (r.access == access::make || r.access == access::remove) {
        // What is there already is no new name, and what is not, no old one.
        if (is_there != (r.access == access::remove)) return;
        real = folder;
    }
    // What nobody finds is no secret.
    if (real.empty() || is_own(real)) return;
    const auto [operation, field] = told_as(r.access);
    const bool has = operation == refused_operation::read
                         ? covers(readable_, real) || covers(writable_, real) ||
                               covers(executable_, real) || is_on_the_way(real)
                     : operation == refused_operation::execute
                         ? covers(executable_, real)
                         : covers(writable_, real);
    if (has) return;
    // No policy would help who may not do it outside either.
    if (::faccessat(AT_FDCWD, real.c_str(), mode_of(r.access),
                    r.means_link ? AT_EACCESS | AT_SYMLINK_NOFOLLOW
                                 : AT_EACCESS) == -1)
        return;
    log_->add({operation, outside(r.path), field, nameable(outside(real))});
}

} // namespace emilua::sandbox
