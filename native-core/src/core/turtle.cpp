// SPDX-License-Identifier: MIT OR BSL-1.0
// Reads files of Turtle with serd, which is loaded when the first one is read.
#include "core/built_in.hpp"
#include "core/error_names.hpp"
#include "core/own_library.hpp"
#include "core/user_category.hpp"

#include <dlfcn.h>
#include <serd/serd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>

namespace emilua {
namespace {

#define SERD_FUNCTION(name) decltype(&::serd_##name) name
struct serd_library {
    SERD_FUNCTION(reader_new);
    SERD_FUNCTION(reader_free);
    SERD_FUNCTION(reader_set_error_sink);
    SERD_FUNCTION(reader_set_strict);
    SERD_FUNCTION(reader_read_source);
    SERD_FUNCTION(env_new);
    SERD_FUNCTION(env_free);
    SERD_FUNCTION(env_set_prefix);
    SERD_FUNCTION(env_set_base_uri);
    SERD_FUNCTION(env_expand_node);
    SERD_FUNCTION(node_free);

    static const serd_library& get() {
        static const serd_library instance = load();
        return instance;
    }

private:
    static serd_library load() {
        constexpr char file[] = "libserd-0.so.0";
        const auto inside =
            built_in_library(std::string{built_in_libraries} + file);
        void* const library = ::dlopen(inside.empty() ? file : inside.c_str(),
                                       RTLD_NOW | RTLD_LOCAL);
        if (!library) {
            failure f{error_code{ENOPKG, boost::system::system_category()},
                      "dlopen"};
            f.expected = "libserd-0.so.0, which reads Turtle (Debian: "
                         "libserd-0-0)";
            throw f;
        }
        serd_library s;
#define FIND_SERD_FUNCTION(name)                                               \
    s.name = reinterpret_cast<decltype(s.name)>(::dlsym(library, "serd"        \
                                                                 "_" #name))
        FIND_SERD_FUNCTION(reader_new);
        FIND_SERD_FUNCTION(reader_free);
        FIND_SERD_FUNCTION(reader_set_error_sink);
        FIND_SERD_FUNCTION(reader_set_strict);
        FIND_SERD_FUNCTION(reader_read_source);
        FIND_SERD_FUNCTION(env_new);
        FIND_SERD_FUNCTION(env_free);
        FIND_SERD_FUNCTION(env_set_prefix);
        FIND_SERD_FUNCTION(env_set_base_uri);
        FIND_SERD_FUNCTION(env_expand_node);
        FIND_SERD_FUNCTION(node_free);
#undef FIND_SERD_FUNCTION
        return s;
    }
};
#undef SERD_FUNCTION

constexpr std::string_view module_iri = "about:emilua-module";
constexpr std::string_view category_iri =
    "https://schema.emilua.org/error_category/0/";
constexpr std::string_view type_iri =
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

std::string_view text_of(const SerdNode& n) {
    return {reinterpret_cast<const char*>(n.buf), n.n_bytes};
}

struct position {
    unsigned line = 1, column = 0;
};

/// Takes a file in, statement by statement.
class category_reader {
public:
    category_reader(const std::string& path, std::string_view content)
        : path_{path}, rest_{content} {}

    std::vector<user_error> read() {
        const auto destroy_env = [this](SerdEnv* e) { serd_.env_free(e); };
        const std::unique_ptr<SerdEnv, decltype(destroy_env)> env{
            serd_.env_new(nullptr), destroy_env};
        env_ = env.get();
        const auto destroy = [this](SerdReader* r) { serd_.reader_free(r); };
        const std::unique_ptr<SerdReader, decltype(destroy)> reader{
            serd_.reader_new(SERD_TURTLE, this, nullptr, &on_base, &on_prefix,
                             &on_statement, nullptr),
            destroy};
        serd_.reader_set_strict(reader.get(), true);
        serd_.reader_set_error_sink(reader.get(), &on_error, this);
        // Byte by byte, so that where it is tells where a statement ends.
        const auto status = serd_.reader_read_source(
            reader.get(), &source, &source_failed, this,
            reinterpret_cast<const std::uint8_t*>(path_.c_str()), 1);
        if (problem_.empty() && status > SERD_FAILURE)
            complain(at_, "cannot be read");
        if (problem_.empty()) finish();
        if (!problem_.empty()) {
            failure f{error_code{EBADMSG, boost::system::system_category()}};
            f.expected = problem_;
            throw f;
        }
        return std::move(errors_);
    }

private:
    struct draft {
        user_error error;
        position at;
        bool has_code = false, belongs = false;
    };

    static category_reader& of(void* p) {
        return *static_cast<category_reader*>(p);
    }

    static std::size_t source(void* to, std::size_t size, std::size_t n,
                              void* self) {
        auto& r = of(self);
        const auto bytes = std::min(size * n, r.rest_.size());
        std::memcpy(to, r.rest_.data(), bytes);
        for (const char c : r.rest_.substr(0, bytes)) {
            ++r.at_.column;
            if (c == '\n') r.at_ = {r.at_.line + 1, 0};
        }
        r.rest_.remove_prefix(bytes);
        return bytes / size;
    }
    static int source_failed(void*) { return 0; }

    static SerdStatus on_error(void* self, const SerdError* e) {
        char text[256];
        std::vsnprintf(text, sizeof(text), e->fmt, *e->args);
        std::string_view t = text;
        while (t.ends_with('\n')) t.remove_suffix(1);
        of(self).complain({e->line, e->col}, std::string{t});
        return SERD_SUCCESS;
    }
    static SerdStatus on_base(void* self, const SerdNode* uri) {
        auto& r = of(self);
        return r.serd_.env_set_base_uri(r.env_, uri);
    }
    static SerdStatus on_prefix(void* self, const SerdNode* name,
                                const SerdNode* uri) {
        auto& r = of(self);
        return r.serd_.env_set_prefix(r.env_, name, uri);
    }
    static SerdStatus on_statement(void* self, SerdStatementFlags,
                                   const SerdNode*, const SerdNode* subject,
                                   const SerdNode* predicate,
                                   const SerdNode* object, const SerdNode*,
                                   const SerdNode* language) {
        auto& r = of(self);
        // No exception passes through C.
        try {
            r.take(*subject, *predicate, *object, language);
        } catch (const std::exception& e) {
            r.complain(r.at_, e.what());
        }
        return r.problem_.empty() ? SERD_SUCCESS : SERD_ERR_BAD_ARG;
    }

    /// The first one is what is told.
    void complain(position at, const std::string& what) {
        if (problem_.empty())
            problem_ = path_ + ':' + std::to_string(at.line) + ':' +
                       std::to_string(at.column) + ": " + what;
    }

    /// What an IRI is called in full, whatever its prefix; the text of others.
    std::string full(const SerdNode& n) {
        if (n.type != SERD_CURIE) return std::string{text_of(n)};
        SerdNode whole = serd_.env_expand_node(env_, &n);
        std::string s{whole.buf ? text_of(whole) : text_of(n)};
        serd_.node_free(&whole);
        return s;
    }

    void take(const SerdNode& subject, const SerdNode& predicate,
              const SerdNode& object, const SerdNode* language) {
        const auto about = full(subject), what = full(predicate);
        if (about == module_iri && what == type_iri) {
            is_category_ = is_category_ || full(object) == category_iri;
            return;
        }
        constexpr auto size = category_iri.size();
        if (what.size() <= size + 1 || !what.starts_with(category_iri) ||
            what[size] != '#')
            return; // of another vocabulary
        const auto name = std::string_view{what}.substr(size + 1);
        if (name == "error") {
            if (about == module_iri) draft_of(full(object)).belongs = true;
            return;
        }
        auto& d = draft_of(about);
        if (object.type != SERD_LITERAL)
            return complain(at_, "cat:" + std::string{name} +
                                     " has to be a literal");
        const std::string text{text_of(object)};
        if (name == "code")
            take_code(d, text);
        else if (name == "alias")
            take_alias(d, text);
        else if (name == "message")
            d.error.messages.emplace_back(
                language ? std::string{text_of(*language)} : "", text);
        else if (name == "generic_error")
            take_condition(d, text);
        else
            complain(at_, "there is no cat:" + std::string{name});
    }

    draft& draft_of(const std::string& node) {
        const auto [found, fresh] = drafts_.try_emplace(node);
        if (fresh) {
            found->second.at = at_;
            order_.push_back(&found->second);
        }
        return found->second;
    }

    void take_code(draft& d, const std::string& text) {
        int code = 0;
        const char* const end = text.data() + text.size();
        const auto r = std::from_chars(text.data(), end, code);
        if (r.ec != std::errc{} || r.ptr != end)
            return complain(at_, "cat:code has to be an integer");
        if (d.has_code) return complain(at_, "an error has one cat:code");
        for (const auto* other : order_)
            if (other->has_code && other->error.code == code)
                return complain(at_, "two errors have the cat:code " + text);
        d.error.code = code;
        d.has_code = true;
    }

    void take_alias(draft& d, const std::string& text) {
        for (const auto* other : order_)
            if (std::ranges::find(other->error.aliases, text) !=
                other->error.aliases.end())
                return complain(at_, "two cat:alias are \"" + text + '"');
        d.error.aliases.push_back(text);
    }

    void take_condition(draft& d, const std::string& text) {
        const auto& known = generic_error_names().items;
        const auto found = std::ranges::find(
            known, std::string_view{text}, [](const error_names::item& i) {
                return std::string_view{i.name};
            });
        if (found == known.end())
            return complain(at_, '"' + text + "\" is no generic error");
        d.error.condition = found->code.value();
    }

    void finish() {
        if (!is_category_)
            return complain({1, 1}, '<' + std::string{module_iri} +
                                        "> is no <" +
                                        std::string{category_iri} + '>');
        for (auto* d : order_) {
            if (!d->belongs) continue;
            if (!d->has_code)
                return complain(d->at, "an error needs a cat:code");
            errors_.push_back(std::move(d->error));
        }
    }

    const serd_library& serd_ = serd_library::get();
    const std::string& path_;
    std::string_view rest_;
    position at_;
    SerdEnv* env_ = nullptr;
    std::string problem_;
    bool is_category_ = false;
    std::map<std::string, draft> drafts_;
    std::vector<draft*> order_;
    std::vector<user_error> errors_;
};

} // namespace

std::vector<user_error> parse_turtle(const std::string& path,
                                     std::string_view content) {
    return category_reader{path, content}.read();
}

} // namespace emilua
