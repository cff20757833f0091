// SPDX-License-Identifier: MIT OR BSL-1.0

/// A module with something of every type that can be described, for the tests
/// of both faces: most of its functions give back what they were given.
///
/// The build of native-core makes `build/PRESET/test/everything.so` of it. It
/// is a plugin, so nothing of the core or the faces knows it:
///
///     EMILUA_PATH=native-core/build/release/test emilua program.lua
///     local everything = require 'everything'
///
///     import { loadPlugin } from '@emilua/native'
///     const everything = loadPlugin(path) // of everything.so
///     everything['echo_integer'](5)

#include "records.hpp"
#include "values.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace {

using namespace emilua;

template <class T> T echo(T v) { return v; }

// --- objects -----------------------------------------------------------------

/// Threads of the pool wait here until somebody opens it.
class gate {
public:
    void open() {
        const std::lock_guard lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }
    void pass() {
        std::unique_lock lock{mutex_};
        // A test that never opens it fails instead of hanging.
        if (!changed_.wait_for(lock, std::chrono::seconds{20},
                               [this] { return open_; }))
            throw failure{
                error_code{ETIMEDOUT, boost::system::system_category()}};
        open_ = stays_;
    }
    void stay_open() {
        stays_ = true;
        open();
    }
    static gate& instance() {
        static gate g;
        return g;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
    std::atomic<bool> stays_ = false;
};

void open_gate() { gate::instance().open(); }
void keep_gate_open() { gate::instance().stay_open(); }

/// An object that counts. It can be sent away, and is busy when told so.
class counter {
public:
    explicit counter(int n) noexcept : n_{n} {}
    static counter make(int n) { return counter{n}; }

    void add(int n) { n_ += n; }
    int count() const { return n_; }
    void set_count(int n) { n_ = n; }

    /// Adds what `f` returns of it.
    int add_result(const callback<int(int)>& f) { return n_ += f(n_); }

    /// On a thread of the pool, once the gate is open.
    int count_behind_gate(int n) {
        gate::instance().pass();
        return n_ += n;
    }
    /// Where the other stands. Both are the pool's meanwhile.
    int add_behind_gate(counter& other) {
        gate::instance().pass();
        return n_ += other.n_;
    }
    /// Takes the other's.
    void absorb(consumed<counter> other) { n_ += other.take().n_; }
    /// Completes on the VM's next turn.
    void later(handler<int> h) { h.complete_later({}, n_); }
    /// Completes once the VM's turn is over.
    void add_later(const std::vector<ref<counter>>& others, handler<int> h) {
        auto& io = h.owner().io();
        boost::asio::post(io, [this, others, h = std::move(h)]() mutable {
            for (auto& c : others) n_ += c->n_;
            h({}, n_);
        });
    }

    bool busy() const noexcept { return busy_; }
    void set_busy(bool yes) { busy_ = yes; }
    /// Its last words before it moves: -1 refuses.
    parcel pack() {
        if (n_ == -1)
            throw failure{error_code{EPERM, boost::system::system_category()}};
        parcel p;
        p.wire = value{n_};
        return p;
    }
    static counter unpack(vm&, parcel p) {
        const auto* n = p.wire.as<double>();
        return counter{n ? static_cast<int>(*n) : 0};
    }

private:
    int n_;
    bool busy_ = false;
};

/// An object where most would not look for it.
struct deep {
    std::optional<ref<counter>> one{};
    std::vector<ref<counter>> many{};
    std::map<std::string, std::vector<ref<counter>>> named{};
};

struct made {
    counter one{0};
    std::vector<counter> many{};
};

struct pieces {
    std::optional<mutable_bytes> first{};
    std::vector<mutable_bytes> more{};
};

struct credentials {
    std::string user{};
    secret password{};
};

} // namespace

template <> struct emilua::fields_of<deep> {
    static constexpr auto name = "everything_deep";
    static constexpr std::array items{
        field<&deep::one>("one", "One of them."),
        field<&deep::many>("many_of_them", "A list.", presence::optional),
        field<&deep::named>("by_name", "Lists by name.", presence::optional)};
};

template <> struct emilua::fields_of<made> {
    static constexpr auto name = "everything_made";
    static constexpr std::array items{field<&made::one>("one", "One."),
                                      field<&made::many>("many", "Many.")};
};

template <> struct emilua::fields_of<pieces> {
    static constexpr auto name = "everything_pieces";
    static constexpr std::array items{
        field<&pieces::first>("first", "The first."),
        field<&pieces::more>("more", "The others.", presence::optional)};
};

template <> struct emilua::fields_of<credentials> {
    static constexpr auto name = "everything_credentials";
    static constexpr std::array items{
        field<&credentials::user>("user", "Who."),
        field<&credentials::password>("password", "Forgotten after use.")};
};

namespace {

int total(const deep& d) {
    int n = d.one ? (*d.one)->count() : 0;
    for (auto& c : d.many) n += c->count();
    for (auto& [name, list] : d.named)
        for (auto& c : list) n += c->count();
    return n;
}

int count_of(std::variant<double, ref<counter>> v) {
    if (auto* c = std::get_if<ref<counter>>(&v)) return (*c)->count();
    return static_cast<int>(std::get<double>(v));
}

made make_some(int n) {
    made m;
    m.one = counter{n};
    for (int i = 0; i < n; ++i) m.many.emplace_back(i);
    return m;
}

std::tuple<counter, int> make_two(int n) { return {counter{n}, n}; }

counter swallow(consumed<counter> c) { return c.take(); }

int swallow_all(std::vector<consumed<counter>> all) {
    int n = 0;
    for (auto& c : all) n += c->count();
    if (n < 0) throw_invalid_argument("counters", "a sum that is not negative");
    return n;
}

int swallow_after(consumed<counter> c, const callback<void()>& f) {
    f();
    return c.take().count();
}

/// As if another version of the plugin had packed it.
value old_counter() {
    parcel p;
    p.version = 0;
    return boxed{&class_of<counter>(), std::make_shared<parcel>(std::move(p))};
}

word make_word(std::string text) { return {std::move(text)}; }

std::string join_words(words w) {
    auto s = w.one.text + ';' + (w.maybe ? w.maybe->text : "") + ';';
    for (const auto& a : w.all) s += a.text + ',';
    for (const auto& [name, n] : w.named) s += name + '=' + n.text + ',';
    if (const auto* e = std::get_if<word>(&w.either)) s += e->text;
    return s;
}

std::string kind_of(std::variant<word, std::string, bool> v) {
    constexpr const char* names[] = {"word", "string", "boolean"};
    return names[v.index()];
}

int blocking_sum(std::vector<int> numbers) {
    int n = 0;
    for (int i : numbers) n += i;
    return n;
}

/// As text, so that a number that was rounded shows.
std::string digits(wide<std::int64_t> v) { return std::to_string(v.value); }
std::string unsigned_digits(wide<std::uint64_t> v) {
    return std::to_string(v.value);
}

double checksum(const secret& s) {
    double n = 0;
    for (std::size_t i = 0; i < s.size(); ++i)
        n = n * 3 + static_cast<unsigned char>(s.data()[i]);
    return n;
}
double secret_of(const credentials& c) { return checksum(c.password); }
double ask_secret(const callback<secret()>& f) { return checksum(f()); }

// --- buffers -----------------------------------------------------------------

void fill(mutable_bytes& b, int with) {
    const auto now = b.now();
    std::memset(now.data(), with, now.size());
}

/// Fills the buffers with 1, 2, 3, …, on the VM's next turn.
void fill_later(pieces p, mutable_bytes last, handler<int> h) {
    auto& io = h.owner().io();
    boost::asio::post(io, [p = std::move(p), last, h = std::move(h)]() mutable {
        int n = 0;
        if (p.first) fill(*p.first, ++n);
        for (auto& b : p.more) fill(b, ++n);
        fill(last, ++n);
        h({}, n);
    });
}

int fill_now(pieces p) {
    int n = 0;
    if (p.first) fill(*p.first, ++n);
    for (auto& b : p.more) fill(b, ++n);
    return n;
}

// --- mistakes ----------------------------------------------------------------

/// Loses its handler: "at once", "throwing", "from its slot", "later", or
/// "elsewhere", on another thread.
void lose(const std::string& how, handler<> h) {
    auto& owner = h.owner();
    owner.tolerates_lost_handlers = true;
    if (how == "throwing") throw_invalid_argument("how");
    if (how == "from its slot") {
        auto slot = h.get_cancellation_slot();
        slot.assign([h = std::move(h)](boost::asio::cancellation_type) {});
        throw_invalid_argument("how");
    }
    if (how == "later")
        boost::asio::post(owner.io(), [h = std::move(h)]() mutable {});
    if (how == "elsewhere") {
        // The guard goes last.
        auto busy = boost::asio::make_work_guard(owner.io());
        std::thread{[busy = std::move(busy), h = std::move(h)] {}}.detach();
    }
}

void throw_what(const std::string& what) {
    if (what == "ENOENT")
        throw std::system_error{ENOENT, std::generic_category()};
    if (what == "memory") throw std::bad_alloc{};
    throw std::logic_error{what};
}

// --- callbacks ---------------------------------------------------------------

std::atomic<int> code_of_late_call = -1;

double apply(const callback<double(double)>& f, double v) { return f(v); }

/// On a later turn.
void apply_later(const callback<double(double)>& f, double v,
                 handler<double> h) {
    h.continue_later([f, v](handler<double>& h) { h({}, f(v)); });
}

/// After a timer.
void apply_after(const callback<double(double)>& f, double v,
                 handler<double> h) {
    auto timer = std::make_shared<boost::asio::steady_timer>(h.owner().io());
    timer->expires_after(std::chrono::milliseconds{1});
    timer->async_wait([f, v, timer, h = std::move(h)](error_code) mutable {
        h.continue_later([f, v](handler<double>& h) { h({}, f(v)); });
    });
}

/// On another thread; the code of its failure.
void apply_elsewhere(const callback<double(double)>& f, handler<int> h) {
    auto busy = boost::asio::make_work_guard(h.owner().io());
    std::thread{[f = f, busy = std::move(busy), h = std::move(h)]() mutable {
        int code = 0;
        try {
            f(1);
        } catch (const failure& e) {
            code = e.code.value();
        }
        // Dropped on the VM's turn.
        h.continue_later(
            [f = std::move(f), code](handler<int>& h) { h({}, code); });
    }}.detach();
}

/// Calls it when the operation has ended already.
void apply_too_late(const callback<double(double)>& f, handler<> h) {
    h.continue_later([f](handler<>& h) {
        auto& owner = h.owner();
        struct late final : queue_node {
            explicit late(callback<double(double)> f) : f{std::move(f)} {}
            callback<double(double)> f;
        };
        auto* after = new late{f};
        after->run = [](vm&, queue_node& n) {
            const std::unique_ptr<late> l{&static_cast<late&>(n)};
            try {
                l->f(1);
                code_of_late_call = 0;
            } catch (const failure& e) {
                code_of_late_call = e.code.value();
            }
        };
        h({});
        // Behind the completion.
        boost::asio::post(owner.io(), [&owner, after] { owner.post(*after); });
    });
}

int late_call() { return code_of_late_call; }

int each(std::map<std::string, int> m,
         const callback<void(std::string, point)>& f) {
    int n = 0;
    for (auto& [name, v] : m) f(name, point{v, ++n, {}});
    return n;
}

int count_arguments(rest<std::optional<int>> r) {
    return static_cast<int>(r.values.size());
}

void describe(module_builder& m) {
    m.doc("Something of every type.");
    auto echoes = [&]<class T>(const char* name) {
        m.sync(name, fn<&echo<T>>, {"v"}, "Gives it back.");
    };
    echoes.operator()<bool>("echo_boolean");
    echoes.operator()<int>("echo_integer");
    echoes.operator()<double>("echo_number");
    echoes.operator()<std::string>("echo_string");
    echoes.operator()<c_string>("echo_c_string");
    echoes.operator()<port_number>("echo_port");
    echoes.operator()<wide<std::int64_t>>("echo_signed");
    echoes.operator()<wide<std::uint64_t>>("echo_unsigned");
    echoes.operator()<color>("echo_color");
    echoes.operator()<flags_of<color>>("echo_colors");
    echoes.operator()<std::optional<int>>("echo_optional");
    echoes.operator()<std::vector<std::string>>("echo_strings");
    echoes.operator()<std::vector<std::vector<int>>>("echo_matrix");
    echoes.operator()<std::map<std::string, int>>("echo_by_name");
    echoes.operator()<std::map<int, std::vector<std::string>>>(
        "echo_by_number");
    echoes.operator()<std::variant<double, std::string, std::vector<int>>>(
        "echo_either");
    echoes.operator()<shape>("echo_shape");
    echoes.operator()<std::vector<shape>>("echo_shapes");
    echoes.operator()<std::vector<std::variant<word, double>>>("echo_words");
    echoes.operator()<value>("echo_value");
    echoes.operator()<spawn_options>("echo_spawn_options");

    m.sync("digits", fn<&digits>, {"v"}, "All 64 bits, as text.");
    m.sync("unsigned_digits", fn<&unsigned_digits>, {"v"},
           "All 64 bits, as text.");
    m.sync("checksum", fn<&checksum>, {"password"}, "Of what is secret.");
    m.sync("secret_of", fn<&secret_of>, {"credentials"},
           "Of what is secret inside.");
    m.sync("ask_secret", fn<&ask_secret>, {"f"}, "Of what f returns.");
    m.sync("fill_now", fn<&fill_now>, {"pieces"}, "Fills with 1, 2, 3, …");
    m.async("fill_later", fn<&fill_later>, {"pieces", "last_piece"},
            "Fills with 1, 2, 3, … on the next turn.");
    m.async("lose", fn<&lose>, {"how"}, "Loses its handler.");
    m.blocking("throw_what", fn<&throw_what>, {"what"}, "Throws.");
    m.sync("apply", fn<&apply>, {"f", "v"}, "f(v).");
    m.async("apply_later", fn<&apply_later>, {"f", "v"},
            "f(v), on the next turn.");
    m.async("apply_after", fn<&apply_after>, {"f", "v"},
            "f(v), after a timer.");
    m.async("apply_elsewhere", fn<&apply_elsewhere>, {"f"},
            "Why another thread cannot call f.");
    m.async("apply_too_late", fn<&apply_too_late>, {"f"},
            "Calls f once it has ended.");
    m.sync("late_call", fn<&late_call>, {}, "Why that could not be.");
    m.sync("each", fn<&each>, {"entries", "f"},
           "Calls a function with each entry.");
    m.sync("count_arguments", fn<&count_arguments>, {"v"},
           "How many arguments there are.");
    m.sync("open_gate", fn<&open_gate>, {}, "Lets one thread of the pool on.");
    m.sync("keep_gate_open", fn<&keep_gate_open>, {},
           "Lets all threads on, for good.");
    m.blocking("blocking_sum", fn<&blocking_sum>, {"numbers"}, "Their sum.");

    m.cls<counter>("counter", "Counts.")
        .constructor("new", fn<&counter::make>, {"count"}, "A new one.")
        .sync("add", fn<&counter::add>, {"n"}, "Adds to the count.")
        .property("count", fn<&counter::count>, fn<&counter::set_count>,
                  "Where it stands.")
        .sync("absorb", fn<&counter::absorb>, {"other"}, "Adds the other's.")
        .sync("add_result", fn<&counter::add_result>, {"f"},
              "Adds what f returns of it.")
        .sync("set_busy", fn<&counter::set_busy>, {"yes"},
              "Whether it refuses to move.")
        .async("later", fn<&counter::later>, {}, "The count, later.")
        .async("add_later", fn<&counter::add_later>, {"others"},
               "Adds all the others', later.")
        .blocking("count_behind_gate", fn<&counter::count_behind_gate>, {"n"},
                  "Adds once the gate is open.")
        .blocking("add_behind_gate", fn<&counter::add_behind_gate>,
                  {"other_counter"}, "Adds once the gate is open.")
        .moves();
    m.cls<word>("word", "Text.")
        .constructor("new", fn<&make_word>, {"text"}, "A new one.")
        .is_value()
        .text_will_do();
    m.cls<label>("label", "Bytes that name something.")
        .constructor("new", fn<&label::make>, {"bytes"}, "A new one.")
        .property("size", fn<&label::size>, "How many.")
        .meta(metamethod::eq, fn<&label::equals>)
        .is_value();

    m.sync("total", fn<&total>, {"counters"}, "The sum of all.");
    m.sync("count_of", fn<&count_of>, {"counter"}, "A number, or a counter's.");
    m.sync("make_some", fn<&make_some>, {"n"}, "Objects inside a record.");
    m.sync("make_two", fn<&make_two>, {"n"}, "Two results.")
        .results({"counter", "start_value"});
    m.sync("swallow", fn<&swallow>, {"counter"},
           "Takes the counter away and gives a new one.");
    m.sync("swallow_all", fn<&swallow_all>, {"counters"},
           "Takes all of them away and gives their sum.");
    m.sync("swallow_after", fn<&swallow_after>, {"counter", "f"},
           "Takes the counter away once f has returned.");
    m.sync("old_counter", fn<&old_counter>, {}, "What no version here packed.");
    m.blocking("join_words", fn<&join_words>, {"words"}, "All in one.");
    m.sync("kind_of", fn<&kind_of>, {"v"}, "What it was taken for.");
}

} // namespace

EMILUA_PLUGIN_MODULE("everything", describe);
