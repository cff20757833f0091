// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/sandbox/guest.hpp"

#include "core/interpreter.hpp"
#include "core/perform.hpp"

#include <emilua/blocking.hpp>

#include "sandbox/live_guests.hpp"
#include "sandbox/part.hpp"
#include "sandbox/start.hpp"
#include "sandbox/supervisor.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <deque>
#include <filesystem>
#include <mutex>
#include <set>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

/// What of a guest other threads may know.
class guest_process final : public guest_owner {
public:
    guest_process(forked init, control_group group)
        : init_{std::move(init)}, group_{std::move(group)} {}

    pid_t pid() const noexcept { return init_.pid; }
    /// For who lets nobody close it meanwhile.
    int pidfd() const noexcept { return init_.pidfd.get(); }
    /// 0, or -1 with errno.
    int send(int signo) const noexcept {
        const std::lock_guard lock{mutex_};
        errno = ESRCH;
        return over_ ? -1 : init_.send(signo);
    }
    bool kill_guest(int signo) override {
        if (send(signo) == 0) return true;
        if (errno != ESRCH)
            throw_errno("pidfd_send_signal",
                        errno == EINVAL ? "signal" : nullptr);
        return false;
    }
    bool look_at(std::optional<std::uint64_t>& memory) const override {
        const std::lock_guard lock{mutex_};
        if (over_) return false;
        pollfd p{init_.pidfd.get(), POLLIN, 0};
        memory = group_.memory();
        return ::poll(&p, 1, 0) == 0;
    }
    bool has_group() const noexcept {
        const std::lock_guard lock{mutex_};
        return group_.exists();
    }
    /// It is not there for others any more. Nobody is in the group, once its
    /// init has ended, too.
    group_refusals finish() noexcept {
        auto group = [this] {
            const std::lock_guard lock{mutex_};
            over_ = true;
            return std::move(group_);
        }();
        return group.clear(pidfd());
    }
    void close() noexcept {
        const std::lock_guard lock{mutex_};
        init_.pidfd.reset();
    }

private:
    mutable std::mutex mutex_;
    forked init_;
    control_group group_;
    bool over_ = false;
};

} // namespace

/// Of its own, because waits outlive the object.
struct guest::state {
    state(vm& owner, guest_label l, forked init, control_group g)
        : reports{owner.io()}, death{owner.io()}, label{std::move(l)},
          process{
              std::make_shared<guest_process>(std::move(init), std::move(g))} {}
    ~state() {
        if (over) return;
        // The init takes all others with it.
        process->send(SIGKILL);
        // Before anybody looks at what they wrote.
        pollfd p{process->pidfd(), POLLIN, 0};
        if (writes) ::poll(&p, 1, 1000);
        process->finish();
    }
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    io_descriptor reports;
    /// A second descriptor of the init, once somebody has to wait.
    io_descriptor death;
    /// Nothing is left of it but how it ended.
    void finish(const program_report& how) {
        if (over) return;
        end = how;
        refused = process->finish();
        writes.reset();
        over = true;
    }

    /// Whether there is something that is at rest only when its mounts are
    /// gone, which takes longer.
    bool ends_with_its_init() const noexcept {
        return process->has_group() || writes;
    }

    void close_if_idle() noexcept {
        if (!over) return;
        for (auto* io : {&death, &reports})
            if (io->is_open() && io->pending(io_direction::read) != 0) return;
        if (death.is_open()) death.close();
        if (reports.is_open()) reports.close();
        process->close();
    }

    const guest_label label;
    /// Answers what it asks, if it asks anybody.
    std::optional<watched_guest> watched;
    const std::shared_ptr<guest_process> process;
    /// To the folder of `copy_on_write`.
    std::optional<folder_copy::use> writes;
    /// Set after `end`, maybe on another thread than the VM's.
    std::atomic<bool> over = false;
    program_report end{};
    group_refusals refused{};
};

namespace {

/// Failures point to static storage.
const char* kept(const char* text) {
    static std::mutex mutex;
    static auto& all = *new std::set<std::string, std::less<>>;
    const std::lock_guard lock{mutex};
    return all.emplace(text).first->c_str();
}

bool is_about_the_policy(const program_report& p) noexcept {
    return p.of == layer::program ||
           (p.of == layer::files &&
            (p.error == ENOENT || p.error == ENOTDIR || p.error == ELOOP ||
             p.error == EACCES || p.error == ENAMETOOLONG));
}

/// Whether `path` is one of `paths`, or in one of them.
bool names(const std::vector<std::string>& paths, std::string_view path) {
    return std::ranges::any_of(paths, [&](std::string_view p) {
        if (p == "/") return true;
        return path.starts_with(p) &&
               (path.size() == p.size() || path[p.size()] == '/');
    });
}

/// What of the host `path` is for the guest: its name, or what that leads to
/// where nothing but Landlock keeps it from there.
std::string meant_by(const confinement& c, std::string_view path) {
    std::error_code ec;
    if (c.on == foundation::process)
        if (auto real = std::filesystem::canonical(path, ec); !ec)
            return real.native();
    return std::string{path};
}

/// Why a path is not there for a guest that is there for others.
std::string explain_absence(const confinement& c, std::string_view path) {
    const auto meant = meant_by(c, path);
    const auto has = [&](const std::vector<std::string>& paths) {
        return std::ranges::any_of(paths, [&](const std::string& p) {
            return names({meant_by(c, p)}, meant);
        });
    };
    if (has(c.writable) || has(c.executable)) return {};
    const auto& copied = c.replaced.path;
    if (has(c.readable) || (!copied.empty() && names({copied}, path)))
        return "`policy.execute` has to name it, or a folder above";
    return "the policy has to name it, or a folder above; `system_paths` "
           "gives the programs of the system and what they need";
}

/// What starts `program`, by whose name the kernel refuses it, if that may not
/// be run. With namespaces, where it is not there, the guest tells by itself.
std::string missing_interpreter(const confinement& c, std::string program) {
    // That of a script may be one.
    for (int depth = 0; depth < 5; ++depth) {
        program = interpreter_of(program);
        if (program.empty()) break;
        if (!explain_absence(c, program).empty()) return program;
    }
    return {};
}

/// Of a guest that ended before its program ran.
failure early_end(const group_refusals& refused) {
    failure f{error_code{ECHILD, boost::system::system_category()}, "execve"};
    f.expected = "it was killed before its program ran";
    if (refused.memory) {
        f.code = error_code{ENOMEM, boost::system::system_category()};
        f.argument = "policy.limits.memory";
        f.expected = "it has to allow what the start itself needs, 2 MiB or so";
    }
    return f;
}

failure failure_of(const program_report& p, const confinement& c) {
    const char* const syscall = p.syscall[0] ? kept(p.syscall) : nullptr;
    // Somebody killed who made it ready, which says nothing of this system.
    if (p.error == EINTR) return early_end({});
    if (p.error == EMFILE || p.error == ENFILE) {
        failure f{error_code{p.error, boost::system::system_category()},
                  syscall, "policy.limits.descriptors"};
        if (c.most.descriptors != 0)
            f.expected =
                "`policy.limits.descriptors` has to allow those that the start "
                "itself needs, 12 or so";
        return f;
    }
    if (!is_about_the_policy(p)) return unavailable(p.of, p.error, syscall);
    failure f{error_code{p.error, boost::system::system_category()}, syscall,
              p.of == layer::program ? "opts.program" : nullptr};
    if (p.path[0]) {
        f.path = p.path;
        if (p.error == ELOOP && c.real_paths.contains(p.path)) {
            std::error_code ec;
            static_cast<void>(std::filesystem::canonical(p.path, ec));
            if (ec)
                f.code =
                    error_code{ec.value(), boost::system::system_category()};
            else
                f.expected = "it leads elsewhere than when the policy was made";
        }
        if (p.of == layer::program && p.error == EACCES &&
            explain_absence(c, p.path).empty() && ::access(p.path, X_OK) == 0)
            if (auto i = missing_interpreter(c, p.path); !i.empty())
                f.path = std::move(i);
        const bool is_here = ::access(f.path->c_str(), F_OK) == 0;
        if (is_here && (p.error == ENOENT || p.error == EACCES))
            f.expected = explain_absence(c, *f.path);
        if (p.of == layer::program && p.error == EPERM)
            f.expected = "a filter of system calls that was there before may "
                         "forbid it, or end who makes this call";
    }
    return f;
}

/// The next report, or an end by somebody else's hand.
struct receiving {
    std::shared_ptr<void> alive;
    program_report report{};

    attempt operator()(int fd, error_code&) {
        bool over = false;
        return receive_report(fd, report, over) ? attempt::done
                                                : attempt::would_block;
    }
};

/// How the start of an actor went.
struct starting {
    expected_actor from;
    program_report report{};

    attempt operator()(int, error_code&) {
        const auto r = from.reports->start();
        if (!r) return attempt::would_block;
        report = *r;
        return attempt::done;
    }
};

std::string text_of(const std::variant<c_string, filesystem::path>& program) {
    const auto* name = std::get_if<c_string>(&program);
    return name ? name->text
                : std::get<filesystem::path>(program).c_str("opts.program");
}

system::spawn_options options_of(const guest_options& o) {
    system::spawn_options s;
    std::visit([&](const auto& p) { s.program = p; }, o.program);
    s.arguments = o.arguments;
    s.environment = o.environment;
    s.standard_input = o.standard_input;
    s.standard_output = o.standard_output;
    s.standard_error = o.standard_error;
    return s;
}

} // namespace

control_group control_group_for(const confinement& c) {
    try {
        return control_group::for_limits(c);
    } catch (const failure& f) {
        throw unavailable(layer::limits, f.code.value(), f.syscall);
    }
}

/// What is known before a guest is made.
struct guest::beginning {
    std::shared_ptr<const confinement> within;
    egress_rules egress;
    program_setup setup;
    std::string runs;
    /// Of its own, for as long as it takes.
    std::array<unique_descriptor, 3> streams;
    std::optional<folder_copy::use> writes{};
};

void guest::start(vm& owner, std::shared_ptr<const confinement> within,
                  const egress_rules& egress, const guest_options& opts,
                  std::shared_ptr<folder_copy> copy, handler<guest> h) {
    const auto launch = system::prepare(options_of(opts));
    beginning b{within,
                egress,
                {*within, launch.plan.programs, launch.plan.arguments,
                 launch.plan.environment_list(), ::geteuid(), ::getegid()},
                text_of(opts.program),
                {}};
    auto& directory = b.setup.within.directory;
    if (opts.working_directory)
        directory = std::filesystem::absolute(
            opts.working_directory->c_str("opts.working_directory"));
    else if (copy)
        directory = copy->folder();
    for (std::size_t i = 0; i < b.streams.size(); ++i) {
        b.streams[i] = unique_descriptor{
            ::fcntl(launch.plan.descriptors[i], F_DUPFD_CLOEXEC, 3)};
        if (!b.streams[i]) throw_errno("fcntl");
    }
    if (!copy) return start(owner, std::move(b), h);
    directory = copy->path_inside(directory);
    b.writes.emplace(folder_copy::begin_use(copy));
    if (copy->is_ready()) return start(owner, std::move(b), h);
    start_blocking(
        owner, general_pool(), blocking_policy::finish,
        [copy] { copy->prepare(); },
        [&owner, b = std::move(b),
         h = std::move(h)](blocking_outcome<>& o) mutable {
            if (o.error) return h.fail(std::move(*o.error));
            try {
                start(owner, std::move(b), h);
            } catch (failure& f) {
                h.fail(std::move(f));
            }
        });
}

void guest::start(vm& owner, beginning b, handler<guest>& h) {
    const auto& within = b.within;
    auto group = control_group_for(*within);
    socket_pair reports{SOCK_NONBLOCK};
    std::optional<watched_guest> watched;
    unique_descriptor supervisor;
    if (!within->asked_calls.empty()) {
        socket_pair answers;
        supervisor = std::move(answers.theirs);
        watched.emplace(std::move(answers.ours), std::move(b.egress), *within);
    }
    auto init =
        start_init(std::move(b.setup), {.input = b.streams[0].get(),
                                        .output = b.streams[1].get(),
                                        .error = b.streams[2].get(),
                                        .reports = reports.theirs.get(),
                                        .entrances = group.entrances(),
                                        .supervisor = supervisor.get()});
    group.close_entrances();
    // The reports say how the guest ends, which is more.
    init.status.reset();
    auto label = label_for(*within, group, std::move(b.runs), false);
    const auto s = std::make_shared<state>(owner, std::move(label),
                                           std::move(init), std::move(group));
    s->watched = std::move(watched);
    s->writes = std::move(b.writes);
    s->reports.open(std::move(reports.ours), true);
    perform(s->reports, io_direction::read, at_once::no, receiving{s},
            std::move(h), "recv", [within](handler<guest>& h, receiving& r) {
                h.continue_later([r = r.report, within,
                                  s = std::static_pointer_cast<state>(r.alive)](
                                     handler<guest>& h) {
                    if (r.what == program_report::kind::started) {
                        add_live_guest(s->process, s->process->pid(), s->label);
                        return h(error_code{}, guest{s});
                    }
                    s->finish(r);
                    s->close_if_idle();
                    if (r.what == program_report::kind::refused)
                        throw failure_of(r, *within);
                    throw early_end(s->refused);
                });
            });
}

namespace {

/// Until its init tells that nobody is left, or will not tell any more.
template <class State> struct listening {
    std::shared_ptr<State> of;

    attempt operator()(int reports, error_code&) {
        if (of->over) return attempt::done;
        program_report last{};
        bool cut_off = false;
        if (!receive_report(reports, last, cut_off))
            return attempt::would_block;
        if (!cut_off) of->finish(last);
        return attempt::done;
    }
};

/// Until nothing of a guest is left: its init ends last.
template <class State> struct waiting {
    std::shared_ptr<State> of;

    attempt operator()(int pidfd, error_code& ec) {
        if (of->over) return attempt::done;
        pollfd p{pidfd, POLLIN, 0};
        if (::poll(&p, 1, 0) != 1) return attempt::would_block;
        receiving last{of};
        last(of->reports.get(), ec);
        of->finish(last.report);
        return attempt::done;
    }
};

} // namespace

void guest::wait(handler<> h) {
    const auto s = state_;
    if (s->over) {
        if (h.may_complete_inline()) return h(error_code{});
        return h.complete_later(error_code{});
    }
    if (s->ends_with_its_init()) return wait_for_init(std::move(h));
    perform(s->reports, io_direction::read, at_once::no, listening<state>{s},
            std::move(h), "recv", [](handler<>& h, listening<state>& l) {
                h.continue_later([s = l.of](handler<>& h) {
                    if (!s->over) return guest{s}.wait_for_init(std::move(h));
                    s->close_if_idle();
                    h(error_code{});
                });
            });
}

void guest::wait_for_init(handler<> h) {
    const auto s = state_;
    if (!s->death.is_open()) {
        unique_descriptor fd{::fcntl(s->process->pidfd(), F_DUPFD_CLOEXEC, 3)};
        if (!fd) throw_errno("fcntl");
        s->death.open(std::move(fd), true);
    }
    perform(s->death, io_direction::read, at_once::no, waiting<state>{s},
            std::move(h), "poll", [](handler<>& h, waiting<state>& w) {
                // Closed on the VM's turn, where nobody begins to wait.
                h.continue_later([s = w.of](handler<>& h) {
                    s->close_if_idle();
                    h(error_code{});
                });
            });
}

void guest::kill(system::signal_argument signal) {
    errno = ESRCH;
    if (state_->over || state_->process->send(signal) == -1)
        throw_errno("pidfd_send_signal", errno == EINVAL ? "signal" : nullptr);
}

const program_report& guest::ended(const char* property) const {
    if (!state_->over)
        throw failure{error_code{EINVAL, boost::system::system_category()},
                      nullptr, property};
    return state_->end;
}

int guest::exit_code() const { return exit_code_of(ended("exit_code").status); }

std::optional<int> guest::exit_signal() const {
    const int s = ended("exit_signal").status;
    return WIFSIGNALED(s) ? std::optional{WTERMSIG(s)} : std::nullopt;
}

std::optional<limit_kind> guest::limit() const {
    const auto name =
        limit_of(ended("limit"), state_->refused, state_->label.processor);
    for (const auto& item : enum_names<limit_kind>::items)
        if (name == item.name) return item.value;
    return std::nullopt;
}

double guest::processor_time() const {
    return static_cast<double>(ended("processor_time").processor_time) / 1e6;
}

std::optional<int> guest::pid() const {
    return state_->over ? std::nullopt : std::optional{state_->process->pid()};
}

std::vector<refused_request> guest::refused() const {
    return state_->watched ? state_->watched->refused()
                           : std::vector<refused_request>{};
}

foundation guest::on() const { return state_->label.on; }

std::optional<memory_scope> guest::counted() const {
    return state_->label.counted;
}

struct sandbox::expectations {
    std::deque<expected_actor> all;
};

std::shared_ptr<sandbox::expectations> sandbox::make_expectations() {
    return std::make_shared<expectations>();
}

void sandbox::expect_start(vm& owner,
                           std::shared_ptr<guest_reports> reports) const {
    unique_descriptor copy{::fcntl(reports->get(), F_DUPFD_CLOEXEC, 0)};
    if (!copy) throw_errno("fcntl");
    auto io = std::make_shared<io_descriptor>(owner.io());
    io->open(std::move(copy), true);
    expected_->all.push_back({std::move(io), std::move(reports)});
}

void sandbox::handshake(handler<> h) const {
    if (expected_->all.empty()) {
        if (h.may_complete_inline()) return h(error_code{});
        return h.complete_later(error_code{});
    }
    const auto first = expected_->all.front();
    perform(*first.io, io_direction::read, at_once::yes, starting{first},
            std::move(h), "recv", [box = *this](handler<>& h, starting& s) {
                h.continue_later([box, s = std::move(s)](handler<>& h) {
                    auto& all = box.expected_->all;
                    // Another one who waits may have taken it.
                    if (!all.empty() && all.front().io == s.from.io)
                        all.pop_front();
                    if (s.report.what == program_report::kind::refused)
                        throw failure_of(s.report, box.within());
                    if (s.report.what != program_report::kind::started)
                        throw failure{error_code{
                            ECHILD, boost::system::system_category()}};
                    box.handshake(std::move(h));
                });
            });
}

} // namespace emilua::sandbox
