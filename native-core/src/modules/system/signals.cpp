// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/system/signals.hpp"

#include <csignal>

#include <unistd.h>

namespace emilua::system {

namespace {

struct signal_name {
    const char* name;
    int number;
    const char* doc;
};

constexpr signal_name names[] = {
    {"signal.SIGABRT", SIGABRT, "The program gave up, as abort() does."},
    {"signal.SIGALRM", SIGALRM, "A timer set with alarm() ran out."},
    {"signal.SIGBUS", SIGBUS, "An access to memory that is not there."},
    {"signal.SIGCHLD", SIGCHLD, "A child ended, stopped or went on."},
    {"signal.SIGCONT", SIGCONT, "A stopped process goes on."},
    {"signal.SIGFPE", SIGFPE, "A fault of arithmetic."},
    {"signal.SIGHUP", SIGHUP, "The terminal is gone."},
    {"signal.SIGILL", SIGILL, "An instruction that does not exist."},
    {"signal.SIGINT", SIGINT, "Interrupted from the keyboard, with Ctrl+C."},
    {"signal.SIGIO", SIGIO, "A descriptor became ready."},
    {"signal.SIGKILL", SIGKILL, "Ends the process; cannot be caught."},
    {"signal.SIGPIPE", SIGPIPE,
     "Wrote to a pipe that nobody reads; ignored at the start, so that the "
     "write fails with EPIPE."},
    {"signal.SIGPROF", SIGPROF, "A profiling timer ran out."},
    {"signal.SIGQUIT", SIGQUIT, "Quit from the keyboard, with a core dump."},
    {"signal.SIGSEGV", SIGSEGV, "An access to memory that is not allowed."},
    {"signal.SIGSTOP", SIGSTOP, "Stops the process; cannot be caught."},
    {"signal.SIGSYS", SIGSYS, "A system call that is not allowed."},
    {"signal.SIGTERM", SIGTERM, "Please end."},
    {"signal.SIGTRAP", SIGTRAP, "A breakpoint."},
    {"signal.SIGTSTP", SIGTSTP, "Stopped from the keyboard, with Ctrl+Z."},
    {"signal.SIGTTIN", SIGTTIN, "Read the terminal from the background."},
    {"signal.SIGTTOU", SIGTTOU, "Wrote to the terminal from the background."},
    {"signal.SIGURG", SIGURG, "Urgent data came to a socket."},
    {"signal.SIGUSR1", SIGUSR1, "The first that means what a program says."},
    {"signal.SIGUSR2", SIGUSR2, "The second that means what a program says."},
    {"signal.SIGVTALRM", SIGVTALRM,
     "A timer of the process's own time ran "
     "out."},
    {"signal.SIGWINCH", SIGWINCH, "The window of the terminal changed size."},
    {"signal.SIGXCPU", SIGXCPU, "Too much processor time used."},
    {"signal.SIGXFSZ", SIGXFSZ, "A file grew beyond the limit."},
};

// To the process, not the thread: pool threads block signals.
void raise_signal(signal_argument signal) {
    if (signal == 0) throw_invalid_argument("signal", "a signal");
    if (::kill(::getpid(), signal) == -1) throw_errno("kill", "signal");
}

void ignore_signal(signal_argument signal) {
    signal_hub::instance().ignore(signal);
}
void default_signal(signal_argument signal) {
    signal_hub::instance().restore_default(signal);
}

} // namespace

signal_set signal_set::make(const rest<signal_argument>& signals) {
    signal_set s;
    for (const auto signo : signals.values) {
        try {
            s.add(signo);
        } catch (failure& f) {
            f.argument = "signals";
            throw;
        }
    }
    return s;
}

void describe_signals(module_builder& m) {
    constexpr auto held =
        "EBUSY while a set holds the signal; EINVAL for one that cannot be "
        "caught, SIGKILL and SIGSTOP among them. See sigaction(2).";

    m.cls<signal_set>("signal.set",
                      "Waits for any of several signals. Each set that holds a "
                      "signal is told of it; what comes while nobody waits is "
                      "kept for the next wait.")
        .constructor("new", fn<&signal_set::make>,
                     {{"signals", "The first signals of the set."}},
                     "Makes a set of the given signals.",
                     "EINVAL for a signal that cannot be caught. A set keeps "
                     "working if its VM ceases to be the master.")
        .master_only()
        .sync("add", fn<&signal_set::add>, {"signal"},
              "Adds a signal to the set.",
              "Nothing happens when it is there. EINVAL for a signal that "
              "cannot be caught.")
        .master_only()
        .sync("remove", fn<&signal_set::remove>, {"signal"},
              "Removes a signal, and what was kept of it.",
              "Once no set holds the signal, it does again what it did "
              "before.")
        .sync("clear", fn<&signal_set::clear>, {},
              "Removes every signal, and all that was kept.",
              "Pending waits go on waiting.")
        .sync("cancel", fn<&signal_set::cancel>, {}, "Cancels pending waits.",
              "They fail with {@error operation_aborted}.")
        .async("wait", fn<&signal_set::wait>, {},
               "Waits for a signal of the set and returns its number.",
               "Of several kept signals the one with the lowest number comes "
               "first. Fails with {@error operation_aborted} when the set is "
               "canceled.");

    m.sync("signal.raise", fn<&raise_signal>, {"signal"},
           "Sends a signal to this process.",
           "EINVAL when there is no such signal. See kill(2).");
    m.sync("signal.ignore", fn<&ignore_signal>, {"signal"},
           "Makes a signal have no effect.", held)
        .master_only();
    m.sync("signal.default", fn<&default_signal>, {"signal"},
           "Gives a signal back the effect the system gives it.", held)
        .master_only();
    for (const auto& s : names)
        m.constant(s.name, static_cast<double>(s.number), s.doc).varies();
}

} // namespace emilua::system
