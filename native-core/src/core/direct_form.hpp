// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/call.hpp>
#include <emilua/description.hpp>

namespace emilua {

/// What a `prompt` method needs to be called directly, with its arguments in
/// memory that a language shares: how each argument behind the buffer is handed
/// over ("number", "object", "list" of objects, "nothing"), and what the
/// results are: n is a number, o an object, l a list of objects.
struct direct_form {
    /// How many arguments there may be behind the buffer.
    static constexpr std::size_t most_arguments = 3;
    /// Results that are objects fit in here.
    static constexpr std::size_t largest_object = 128;

    std::vector<const char*> arguments;
    /// "n", "no", "non" or "nl".
    const char* results;
};

/// Nothing for one that cannot.
std::optional<direct_form> direct_form_of(const member& m);

/// Of a direct call: whoever makes it by other means hears what is wrong.
[[noreturn]] inline void refuse_directly() { throw argument_error{}; }

/// What no argument of a `direct_form` is.
class direct_arguments : public call {
public:
    using call::call;

    void forget(place) final {}
    bool boolean(place) final { refuse_directly(); }
    std::uint64_t integer64(place, bool) final { refuse_directly(); }
    std::string_view string(place) final { refuse_directly(); }
    void* consumable(place, const class_description&) final {
        refuse_directly();
    }
    std::shared_ptr<program_function> function(place) final {
        refuse_directly();
    }
    value any(place) final { refuse_directly(); }
    place field(place, const char*) final { refuse_directly(); }
    std::string spelled(const char*) final { refuse_directly(); }
    bool spells(std::string_view, const char*) final { refuse_directly(); }
    void entries(place, entry_visitor&) final { refuse_directly(); }
};

/// What no result of a `direct_form` is.
class direct_results : public results {
public:
    void nil() final { refuse_directly(); }
    void boolean(bool) final { refuse_directly(); }
    void integer64(std::uint64_t, bool) final { refuse_directly(); }
    void string(std::string_view) final { refuse_directly(); }
    void bytes(std::string_view) final { refuse_directly(); }
    void begin_record(std::size_t) final { refuse_directly(); }
    void field(const char*) final { refuse_directly(); }
    void key(std::string_view) final { refuse_directly(); }
    void key(std::int64_t) final { refuse_directly(); }
    void any(value) final { refuse_directly(); }
};

} // namespace emilua
