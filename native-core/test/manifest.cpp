// SPDX-License-Identifier: MIT OR BSL-1.0
// What a module made of every kind of type and member is in JSON, which the
// tests of the emitters start from, and what is refused.
#include "test_vm.hpp"

#include "faces/types/manifest.hpp"

#include <fstream>
#include <sstream>

using namespace emilua;

namespace toy {

enum class color { red = 1, green = 2 };

struct options {
    std::string program;
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;
    bool verbose = false;
    std::optional<emilua::wide<std::uint64_t>> limit{};
    flags_of<color> colors{};
};
struct place_info {
    std::string path;
    emilua::wide<std::uint64_t> inode;
};

struct box {
    static box make(std::optional<double>) { return {}; }
    std::string text() const { return {}; }
    bool equal(const box&) const { return true; }
    void take(consumed<box>) {}
    void take_from(mutable_bytes, flags_of<color>,
                   handler<std::size_t, box, std::uint16_t>) {}
    prompt<std::size_t, box, std::uint16_t> take_from_now(vm&, mutable_bytes,
                                                          flags_of<color>) {
        return {};
    }
    void put(const_bytes, handler<std::size_t>) {}
    prompt<std::size_t> put_now(vm&, const_bytes) { return {}; }
    void read_some(mutable_bytes, handler<std::size_t> h) { h({}, 0); }
    void close() {}
    bool busy() const { return false; }
    parcel pack() { return {}; }
    static box unpack(vm&, parcel) { return {}; }
};
struct walker {
    std::optional<std::tuple<place_info, int>> next() { return {}; }
    void close() {}
};
struct other_box {};

/// A value that text will do for, with every operator.
struct tag {
    static tag make(std::string) { return {}; }
    std::string text() const { return {}; }
    void add(double) {}
    tag plus(double) const { return {}; }
    void sub(double) {}
    std::variant<tag, double> minus(const std::variant<double, tag>&) const {
        return 0.0;
    }
    bool less(const tag&) const { return false; }
    int size() const { return 0; }
    std::optional<tag> call(const tag&, int) const { return {}; }
    static tag concatenate(const std::variant<tag, std::string>&,
                           const std::variant<tag, std::string>&) {
        return {};
    }
    static tag divide(const tag&, color) { return {}; }
};
struct tags {
    tag one;
    std::optional<tag> other;
    std::map<std::string, tag> named;
};

void all(bool, double, port_number, emilua::wide<std::int64_t>, secret,
         const_bytes, value) {}
std::variant<color, std::monostate>
either(std::variant<color, std::string, std::monostate>) {
    return {};
}
box run(options, std::optional<callback<bool(std::string, double)>>) {
    return {};
}
std::tuple<std::string, double> both() { return {}; }
walker walk(c_string) { return {}; }
void rename(c_string, c_string) {}
std::optional<emilua::wide<std::int64_t>> size(c_string) { return {}; }
void wait(double, mutable_bytes, handler<std::size_t>) {}
void many(rest<std::string>) {}
std::vector<place_info> places(std::map<std::int64_t, std::string>) {
    return {};
}
void open(std::optional<std::vector<ref<box>>>) {}
std::vector<tag> mark(tag, std::optional<std::vector<tag>>,
                      std::variant<tag, double>, std::variant<std::string, tag>,
                      callback<tag(tag)>) {
    return {};
}
void mark_all(tags) {}
void mark_each(rest<tag>) {}

enum class setting { size, owner };
using setting_value = std::variant<double, tag, bool>;
named_by<setting, setting_value> setting_of(int, setting) { return {}; }
void set(setting, named_by<setting, setting_value>) {}
void look(mutable_bytes, std::optional<int>, flags_of<color>,
          handler<std::size_t>) {}

} // namespace toy

template <> struct emilua::wire_traits<toy::tag> {
    static value to_wire(const toy::tag&) { return ""; }
    static toy::tag from_wire(const value&) { return {}; }
};
template <> struct emilua::fields_of<toy::tags> {
    static constexpr auto name = "tags";
    static constexpr field_description items[] = {
        field<&toy::tags::one>("one", ""),
        field<&toy::tags::other>("other", ""),
        field<&toy::tags::named>("named", ""),
    };
};
template <> struct emilua::enum_names<toy::color> {
    static constexpr auto name = "color";
    static constexpr enum_item<toy::color> items[] = {
        {"red", toy::color::red, "As blood."}, {"green", toy::color::green}};
};
template <> struct emilua::enum_names<toy::setting> {
    static constexpr auto name = "setting";
    static constexpr enum_item<toy::setting> items[] = {
        {"size", toy::setting::size, "How large.", &type_of<double>()},
        {"owner", toy::setting::owner, "Who has it.", &type_of<toy::tag>()},
    };
};
template <> struct emilua::fields_of<toy::options> {
    static constexpr auto name = "run_options";
    static constexpr field_description items[] = {
        field<&toy::options::program>("program", "What to run."),
        field<&toy::options::arguments>("arguments", "Its words.",
                                        presence::optional),
        field<&toy::options::environment>("environment",
                                          "Its variables; see {@ref box.text}.",
                                          presence::optional),
        field<&toy::options::verbose>("verbose", "", presence::optional),
        field<&toy::options::limit>("limit", "In bytes."),
        field<&toy::options::colors>("colors", ""),
    };
};
template <> struct emilua::fields_of<toy::place_info> {
    static constexpr auto name = "place_info";
    static constexpr field_description items[] = {
        field<&toy::place_info::path>("path", "Where it is."),
        field<&toy::place_info::inode>("inode", ""),
    };
};

namespace {

void describe(module_builder& m) {
    m.doc("Every kind of thing that can be described.");
    m.cls<toy::box>("box", "Holds things.")
        .constructor("new", fn<&toy::box::make>,
                     {{"size", "How much fits in."}}, "Makes an empty one.")
        .sync("text", fn<&toy::box::text>, {}, "What is in it.",
              "{@ref take} puts more into it, {@ref files.rename} does not.")
        .sync("take", fn<&toy::box::take>, {{"other", "What is emptied."}},
              "Takes what is in another.")
        .async("take_from", fn<&toy::box::take_from>,
               fn<&toy::box::take_from_now>, {"buffer", {"colors", "Which."}},
               "Takes what may be there, and says whose it is.")
        .results({"size", "from_whom", "port"})
        .async("put", fn<&toy::box::put>, fn<&toy::box::put_now>, {"buffer"},
               "Puts some bytes into it.")
        .async("read_some", fn<&toy::box::read_some>, {"buffer"}, "Reads.")
        .sync("close", fn<&toy::box::close>, {}, "Closes it.")
        .meta(metamethod::tostring, fn<&toy::box::text>)
        .meta(metamethod::eq, fn<&toy::box::equal>)
        .moves(2);
    m.cls<toy::walker>("files.walker", "Goes through a folder.")
        .iterator("next", fn<&toy::walker::next>, "The next place.")
        .results({"place", "depth"})
        .blocking("close", fn<&toy::walker::close>, {}, "Ends it.");
    m.cls<toy::tag>("tag", "A name.")
        .is_value()
        .text_will_do()
        .constructor("new", fn<&toy::tag::make>, {"text"}, "Makes one.")
        .sync("add", fn<&toy::tag::add>, {"n"}, "Makes it longer.")
        .sync("sub", fn<&toy::tag::sub>, {"n"}, "Makes it shorter.")
        .meta(metamethod::tostring, fn<&toy::tag::text>)
        .meta(metamethod::add, fn<&toy::tag::plus>)
        .meta(metamethod::sub, fn<&toy::tag::minus>)
        .meta(metamethod::lt, fn<&toy::tag::less>)
        .meta(metamethod::len, fn<&toy::tag::size>)
        .meta(metamethod::call, fn<&toy::tag::call>)
        .meta(metamethod::concat, fn<&toy::tag::concatenate>)
        .meta(metamethod::div, fn<&toy::tag::divide>);
    m.sync("mark", fn<&toy::mark>, {"one", "more", "either", "text", "change"},
           "Takes tags.");
    m.sync("mark_all", fn<&toy::mark_all>, {"tags"}, "Takes more of them.");
    m.sync("mark_each", fn<&toy::mark_each>, {"tags"}, "Takes any number.");
    m.sync("setting", fn<&toy::setting_of>, {"of", "name"}, "Gives one.");
    m.sync("set", fn<&toy::set>, {"name", "to"}, "Sets one.");
    m.async("look", fn<&toy::look>, {"buffer", "at", {"colors", "Which."}},
            "Looks, and may wait.");
    m.sync("all", fn<&toy::all>,
           {"a", "b", "c", "d", {"e", "A password."}, "f", "g"},
           "Takes one of each.");
    m.sync("either", fn<&toy::either>, {"choice"}, "Takes any of them.");
    m.sync("run", fn<&toy::run>, {"options", {"ask", "Whether to go on."}},
           "Runs a program.")
        .master_only();
    m.sync("both", fn<&toy::both>, {}, "Gives two.").results({"name", "age"});
    m.sync("files.walk", fn<&toy::walk>, {"path"}, "Looks into a folder.");
    m.blocking("files.rename", fn<&toy::rename>, {"from", "to"},
               "Renames a file.");
    m.blocking_query("size", fn<&toy::size>, {"path"}, "How large a file is.");
    m.async("wait", fn<&toy::wait>, {{"secs", "Seconds."}, "buffer"},
            "Waits, and fills a buffer.", "See {@ref box}.");
    m.sync("many", fn<&toy::many>, {"names"}, "Takes any number.");
    m.sync("places", fn<&toy::places>, {"slots"}, "Lists places.");
    m.sync("open", fn<&toy::open>, {"boxes"}, "Opens several.");
    m.written<void(callback<void()>)>("each", {"body"}, "Calls for each.")
        .suspends();
    m.sync("lua_only", fn<&toy::both>, {}, "Gives two, in Lua.")
        .results({"name", "age"})
        .only(languages::lua);
    m.property("answer", fn<&toy::both>, "Read from elsewhere.")
        .results({"name", "age"})
        .by_hand(languages::typescript);
    m.constant("flags.O_DIRECT", 16384.0, "Past the cache.").varies();
    m.constant("limit", 3.0, "The same everywhere.");
}

std::string refused(void (*describe)(module_builder&)) {
    module_description d;
    module_builder m{d, "toy"};
    const module_description* all[] = {&d};
    try {
        describe(m);
        manifest_of(all);
        return {};
    } catch (const std::logic_error& e) {
        return e.what();
    }
}

struct another_color {
    enum class color { red };
};
struct twice {
    std::string path;
};
struct two_ways {
    std::optional<int> next() { return {}; }
};
struct no_value {};
struct tree {
    std::vector<tree> children{};
};

bool says(const std::string& text, const char* part) {
    return text.find(part) != text.npos;
}

} // namespace

template <> struct emilua::enum_names<another_color::color> {
    static constexpr auto name = "color";
    static constexpr enum_item<another_color::color> items[] = {
        {"red", another_color::color::red, ""}};
};
template <> struct emilua::fields_of<twice> {
    static constexpr auto name = "place_info";
    static constexpr field_description items[] = {
        field<&twice::path>("path", "Where it is.")};
};

template <> struct emilua::fields_of<tree> {
    static constexpr auto name = "tree";
    static constexpr field_description items[] = {
        field<&tree::children>("children", "What grows on it.")};
};

namespace {

void another(another_color::color) {}
void grow(tree) {}
void one(toy::color) {}
void first(twice) {}
void takes(toy::other_box&) {}
void unnamed(named_by<toy::setting, double>) {}
void half(toy::color, named_by<toy::color, double>) {}
std::tuple<int, int> pair() { return {}; }

void refusals() {
    // Said of no member, or of the one before by mistake.
    const auto late = refused([](module_builder& m) {
        m.cls<toy::tag>("tag", "")
            .property("text", fn<&toy::tag::text>, "")
            .meta(metamethod::tostring, fn<&toy::tag::text>)
            .only(languages::lua);
    });
    CHECK(says(late, "only()") && says(late, "meta()"));
    const auto clash = refused([](module_builder& m) {
        m.sync("one", fn<&one>, {"c"}, "");
        m.sync("another", fn<&another>, {"c"}, "");
    });
    CHECK(says(clash, "toy.another") && says(clash, "two enums called color"));
    const auto records = refused([](module_builder& m) {
        m.sync("first", fn<&first>, {"p"}, "");
        m.sync("places", fn<&toy::places>, {"slots"}, "");
    });
    CHECK(says(records, "two records called place_info"));
    const auto itself = refused(
        [](module_builder& m) { m.sync("grow", fn<&grow>, {"t"}, ""); });
    CHECK(says(itself, "toy.grow") &&
          says(itself, "a record cannot hold itself"));
    CHECK(says(refused([](module_builder& m) {
                   m.cls<two_ways>("two_ways", "")
                       .iterator("next", fn<&two_ways::next>, "")
                       .iterator("again", fn<&two_ways::next>, "")
                       .only(languages::lua);
               }),
               "two members iterate"));
    CHECK(says(refused([](module_builder& m) {
                   m.cls<no_value>("no_value", "").text_will_do();
               }),
               "only for a value"));
    CHECK(says(
        refused([](module_builder& m) { m.sync("pair", fn<&pair>, {}, ""); }),
        "name each of them"));
    CHECK(says(refused([](module_builder& m) {
                   m.sync("takes", fn<&takes>, {"box"}, "");
               }),
               "no module describes"));
    CHECK(says(refused([](module_builder& m) {
                   m.cls<toy::tag>("tag", "").is_value();
                   m.sync("unnamed", fn<&unnamed>, {"v"}, "");
               }),
               "toy.unnamed: what is named by setting needs a parameter"));
    CHECK(says(refused([](module_builder& m) {
                   m.sync("half", fn<&half>, {"name", "v"}, "");
               }),
               "color.red says no type"));
    CHECK(says(refused([](module_builder& m) {
                   m.constant("a", 1.0, "");
                   m.constant("a", 2.0, "");
               }),
               "toy.a is described twice"));

    module_description elsewhere;
    module_builder e{elsewhere, "elsewhere"};
    e.cls<toy::other_box>("box", "Of another module.");
    CHECK(says(refused([](module_builder& m) {
                   m.sync("takes", fn<&takes>, {"box"}, "");
               }),
               "described_in"));
}

} // namespace

int main(int argc, char** argv) {
    module_description d;
    module_builder m{d, "toy"};
    describe(m);
    const module_description* all[] = {&d};
    const auto text = manifest_of(all);
    if (argc > 1 && std::string_view{argv[1]} == "print") {
        std::fputs(text.c_str(), stdout);
        return 0;
    }
    std::stringstream file;
    file << std::ifstream{"src/faces/types/test/every-kind.json"}.rdbuf();
    CHECK(text == file.str());
    refusals();
    return emilua::test::failures != 0;
}
