// SPDX-License-Identifier: MIT OR BSL-1.0
#include "programs/fibers.hpp"

#include "core/observer.hpp"

#include <emilua/error.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace emilua {
namespace {

// --- JSON -------------------------------------------------------------------

void put_json(std::string& out, std::string_view text) {
    out.append(1, '"');
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out.append(1, '\\').append(1, c);
        else if (static_cast<unsigned char>(c) < ' ') {
            char escaped[8];
            std::snprintf(escaped, sizeof(escaped), "\\u%04x",
                          static_cast<unsigned>(c));
            out.append(escaped);
        } else
            out.append(1, c);
    }
    out.append(1, '"');
}

/// One object; fields that are nothing are left out.
class json_object {
public:
    explicit json_object(std::string& out) : out_{out} { out_.append(1, '{'); }
    ~json_object() { out_.append(1, '}'); }
    json_object(const json_object&) = delete;
    json_object& operator=(const json_object&) = delete;

    std::string& name(const char* n) {
        if (!std::exchange(first_, false)) out_.append(", ");
        put_json(out_, n);
        return out_.append(": ");
    }
    void text(const char* n, const std::string& v) { put_json(name(n), v); }
    void text(const char* n, const std::optional<std::string>& v) {
        if (v) text(n, *v);
    }
    void number(const char* n, const std::optional<double>& v) {
        if (!v) return;
        char digits[32];
        std::snprintf(digits, sizeof(digits), "%.6g", *v);
        name(n).append(digits);
    }
    void flag(const char* n, bool v) { name(n).append(v ? "true" : "false"); }

private:
    std::string& out_;
    bool first_ = true;
};

template <class T, class F>
void put_list(std::string& out, const std::vector<T>& all, const char* before,
              F put) {
    out.append(1, '[');
    for (const auto& item : all) {
        out.append(&item == all.data() ? "" : ",").append(before);
        put(out, item);
    }
    out.append(1, ']');
}

void put_json(std::string& out, const observed_fiber& f) {
    json_object o{out};
    o.text("id", f.id);
    o.text("name", f.name);
    o.text("state", f.state);
    o.flag("is_main", f.is_main);
    o.flag("canceled", f.canceled);
    o.text("waits_for", f.waits_for);
    o.text("waits_for_fiber", f.waits_for_fiber);
    o.text("where", f.where);
    o.text("in_function", f.function);
    o.number("seconds", f.seconds);
}

void put_json(std::string& out, const observed_vm& v) {
    json_object o{out};
    o.text("id", v.id);
    o.text("language", v.language);
    o.text("role", v.role);
    o.text("program", v.program);
    o.text("state", v.state);
    o.number("seconds", v.seconds);
    o.number("messages", v.messages);
    put_list(o.name("fibers"), v.fibers, "\n    ",
             [](std::string& to, const observed_fiber& f) { put_json(to, f); });
}

// --- a tree -----------------------------------------------------------------

/// Without what a terminal would take for commands: the program may be
/// another user's.
std::string printable(std::string_view text) {
    std::string r;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(
            i + 1 < text.size() ? text[i + 1] : '\0');
        // What UTF-8 writes as two bytes.
        const bool is_c1 = c == 0xc2 && next >= 0x80 && next < 0xa0;
        if (is_c1) ++i;
        r.push_back(is_c1 || c < ' ' || c == 0x7f ? '?' : static_cast<char>(c));
    }
    return r;
}

std::string duration(double seconds) {
    if (!(seconds < 1e15)) return "?";
    char text[32];
    const auto whole = static_cast<long>(seconds);
    if (seconds < 1)
        std::snprintf(text, sizeof(text), "%.0f ms", seconds * 1000);
    else if (seconds < 60)
        std::snprintf(text, sizeof(text), "%.1f s", seconds);
    else if (seconds < 3600)
        std::snprintf(text, sizeof(text), "%ld min %ld s", whole / 60,
                      whole % 60);
    else
        std::snprintf(text, sizeof(text), "%ld h %ld min", whole / 3600,
                      whole / 60 % 60);
    return text;
}

/// What of an id tells the fibers of one VM apart.
std::string_view short_id(std::string_view id) {
    const auto dash = id.rfind('-');
    return dash == id.npos ? id : id.substr(dash + 1);
}

std::string line_of(const observed_fiber& f) {
    std::string s{"fiber "};
    s.append(short_id(f.id));
    if (f.name) s.append(" '").append(*f.name).append("'");
    if (f.is_main) s.append(" (main)");
    if (f.canceled) s.append(", canceled");
    s.append(": ").append(f.waits_for ? *f.waits_for : f.state);
    if (f.waits_for_fiber)
        s.append(" of fiber ").append(short_id(*f.waits_for_fiber));
    if (f.where) s.append("  ").append(*f.where);
    if (f.function) s.append(" in ").append(*f.function);
    return printable(s);
}

/// How many fibers in one place are shown one by one, and how many that wait
/// for each other stand under one.
constexpr std::size_t alike_shown = 5;
constexpr int deepest = 20;

class tree {
public:
    explicit tree(const observed_vm& v) {
        for (const auto& f : v.fibers) by_id_.emplace(f.id, &f);
        // Under a fiber stands what it waits for; the main one comes first.
        std::set<const observed_fiber*> awaited;
        for (const auto& f : v.fibers)
            if (const auto* other = waited_for(f)) awaited.insert(other);
        std::vector<const observed_fiber*> roots;
        for (const auto& f : v.fibers)
            if (f.is_main || !awaited.contains(&f)) roots.push_back(&f);
        mark(roots);
        // Those that wait for each other.
        for (const auto& f : v.fibers) {
            if (reached_.contains(&f)) continue;
            roots.push_back(&f);
            mark({&f});
        }
        print(roots, "   ", 1);
    }

    std::string text;

private:
    using list = std::vector<const observed_fiber*>;

    const observed_fiber* waited_for(const observed_fiber& f) const {
        if (!f.waits_for_fiber) return nullptr;
        const auto at = by_id_.find(*f.waits_for_fiber);
        return at == by_id_.end() ? nullptr : at->second;
    }

    void mark(const list& from) {
        for (const auto* f : from)
            while (f && reached_.insert(f).second) f = waited_for(*f);
    }

    static std::string kind_of(const observed_fiber& f) {
        return f.state + '\n' + f.waits_for.value_or("") + '\n' +
               f.waits_for_fiber.value_or("") + '\n' + f.where.value_or("");
    }

    void print(const list& fibers, const std::string& indent, int depth) {
        std::map<std::string, list> alike;
        for (const auto* f : fibers)
            if (!f->is_main) alike[kind_of(*f)].push_back(f);
        struct row {
            std::string line;
            const observed_fiber* below;
        };
        std::vector<row> rows;
        for (const auto* f : fibers) {
            if (!printed_.insert(f).second) continue;
            const auto at = alike.find(kind_of(*f));
            const bool many = !f->is_main && at->second.size() > alike_shown;
            rows.push_back({timed(f->seconds, line_of(*f)), waited_for(*f)});
            if (!many) continue;
            for (const auto* other : at->second) printed_.insert(other);
            rows.push_back({summary(at->second), nullptr});
        }
        for (auto& r : rows) {
            const bool last = &r == &rows.back();
            text.append(indent).append(last ? "└─ " : "├─ ").append(r.line);
            text.append(1, '\n');
            if (!r.below || printed_.contains(r.below)) continue;
            const auto further = indent + (last ? "   " : "│  ");
            if (depth < deepest)
                print({r.below}, further, depth + 1);
            else
                text.append(further).append("└─ …\n");
        }
    }

    static std::string timed(std::optional<double> seconds, std::string line) {
        const auto t = seconds ? duration(*seconds) : std::string{"-"};
        return std::string(t.size() < 8 ? 8 - t.size() : 0, ' ') + t + "  " +
               line;
    }

    static std::string summary(const list& alike) {
        std::string s{"and "};
        s.append(std::to_string(alike.size() - 1)).append(" more there");
        const auto by_time = [](auto* a, auto* b) {
            return a->seconds.value_or(0) < b->seconds.value_or(0);
        };
        const auto [least, most] =
            std::minmax_element(alike.begin(), alike.end(), by_time);
        if ((*least)->seconds)
            s.append(", ")
                .append(duration(*(*least)->seconds))
                .append(" to ")
                .append(duration(*(*most)->seconds));
        return std::string(10, ' ') + s;
    }

    std::map<std::string, const observed_fiber*> by_id_;
    std::set<const observed_fiber*> reached_, printed_;
};

std::string heading_of(const observed_vm& v) {
    std::string s{"VM "};
    s.append(v.id).append(v.language == "lua" ? ", Lua" : ", JavaScript");
    s.append(", ").append(v.role);
    if (v.program) s.append(", ").append(*v.program);
    s.append(v.state == "running" ? ": runs" : ": waits");
    if (v.seconds) s.append(", for ").append(duration(*v.seconds));
    if (v.messages && *v.messages > 0) {
        char text[48];
        std::snprintf(text, sizeof(text), ", %.0f message%s in its inbox",
                      *v.messages, *v.messages == 1 ? "" : "s");
        s.append(text);
    }
    return printable(s);
}

std::string command_of(pid_t pid) {
    const auto path = "/proc/" + std::to_string(pid) + "/cmdline";
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    char words[4096];
    const auto n = fd == -1 ? -1 : ::read(fd, words, sizeof(words));
    ::close(fd);
    std::string s{words, n > 0 ? static_cast<std::size_t>(n) : 0};
    while (s.ends_with('\0')) s.pop_back();
    std::ranges::replace(s, '\0', ' ');
    return printable(s);
}

std::string as_tree(pid_t pid, const std::vector<observed_vm>& vms) {
    std::string s{"process "};
    s.append(std::to_string(pid)).append(": ").append(command_of(pid));
    s.append(1, '\n');
    for (const auto& v : vms)
        s.append(heading_of(v)).append("\n").append(tree{v}.text);
    return s;
}

std::string as_json(pid_t pid, const std::vector<observed_vm>& vms) {
    std::string s{"{\"pid\": "};
    s.append(std::to_string(pid)).append(", \"vms\": ");
    put_list(s, vms, "\n  ",
             [](std::string& to, const observed_vm& v) { put_json(to, v); });
    return s.append("}\n");
}

std::string refusal(const failure& f) {
    switch (f.code.value()) {
    case ESRCH:
        return "there is no such process";
    case EPERM:
        return "it belongs to another user";
    case ENOTSUP:
        return "it has no VMs of Emilua";
    case EAGAIN:
        return "it is stopped";
    case ETIMEDOUT:
        return "it does not answer";
    default:
        return f.code.message();
    }
}

} // namespace

int print_fibers(int count, char** words) {
    bool json = false;
    pid_t pid = 0;
    for (int i = 0; i < count; ++i) {
        const std::string_view w = words[i];
        const auto* end = w.data() + w.size();
        if (w == "--json")
            json = true;
        else if (pid != 0 || std::from_chars(w.data(), end, pid).ptr != end ||
                 pid < 1)
            pid = -1;
    }
    if (pid < 1) {
        std::fputs("emilua: --fibers takes the number of a process, and "
                   "--json\nTry 'emilua --help'.\n",
                   stderr);
        return 2;
    }
    try {
        const auto vms = observe(pid);
        const auto text = json ? as_json(pid, vms) : as_tree(pid, vms);
        return std::fwrite(text.data(), 1, text.size(), stdout) ==
                           text.size() &&
                       std::fflush(stdout) == 0
                   ? 0
                   : 1;
    } catch (const failure& f) {
        std::fprintf(stderr, "emilua: cannot observe process %d: %s\n",
                     static_cast<int>(pid), refusal(f).c_str());
        return 1;
    }
}

} // namespace emilua
