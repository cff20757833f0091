// SPDX-License-Identifier: MIT OR BSL-1.0
#include "programs/surroundings.hpp"

#include <clocale>
#include <csignal>
#include <cstdlib>
#include <string_view>

namespace emilua {

void reset_signals() {
    for (int signo = 1; signo < NSIG; ++signo)
        if (signo != SIGKILL && signo != SIGSTOP && signo < SIGRTMIN)
            std::signal(signo, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void set_locale() {
    struct category {
        int id;
        const char* variable;
    };
    for (auto [id, variable] : {category{LC_CTYPE, "LC_CTYPE"},
                                {LC_COLLATE, "LC_COLLATE"},
                                {LC_MESSAGES, "LC_MESSAGES"},
                                {LC_MONETARY, "LC_MONETARY"},
                                {LC_TIME, "LC_TIME"}}) {
        std::string_view name;
        for (const char* v : {"LC_ALL", variable, "LANG"}) {
            const char* value = std::getenv(v);
            if (name.empty() && value) name = value;
        }
        // C.UTF-8 is C with other characters, and its files take time to open.
        if (id == LC_CTYPE || !name.starts_with("C.")) std::setlocale(id, "");
    }
}

} // namespace emilua
