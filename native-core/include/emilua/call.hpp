// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/bytes.hpp>
#include <emilua/type.hpp>
#include <emilua/value.hpp>
#include <emilua/vm.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The two interfaces that a language implements: where arguments come from
/// and where results go. Thunks convert over them and know no language.

namespace emilua {

/// Something that a language gave: an argument, or a part of one. What it
/// means is known to the reader that made it.
struct place {
    std::intptr_t at = 0;
};

/// A step from an argument to the part of it that is at fault.
struct path_step {
    enum class kind : std::uint8_t {
        /// A field of a record, spelled as each language does.
        field,
        /// A key as the program wrote it.
        key,
        /// A position, from 0.
        index,
        /// An integer key of a map.
        number,
    };
    kind what;
    std::string name{};
    std::int64_t number = 0;
};

/// An argument, or a part of it, cannot be used; becomes EINVAL and names it.
struct argument_error {
    /// What EBUSY expects of an object.
    static constexpr const char* not_in_use =
        "an object that nothing else uses";

    /// What the caller is told; EINVAL is a part that is of another kind.
    error_code code{EINVAL, boost::system::system_category()};
    /// Says more than the type at fault does; empty where that says it all.
    std::string expected{};
    /// What the part at fault has to be. The innermost reader sets it.
    const type* wanted = nullptr;
    /// From the inside to the outside.
    std::vector<path_step> path{};
    /// The argument, from 0 and without the receiver; -1 until it is known.
    int argument = -1;
};

/// Is told of the entries of a table, one by one.
class entry_visitor {
public:
    virtual void text_key(std::string_view key, place at) = 0;
    virtual void integer_key(std::int64_t key, place at) = 0;
    /// A key of any other kind.
    virtual void other_key() = 0;

    /// Whether it takes integers: a language whose keys are all strings cannot
    /// tell.
    const bool integer_keys;

protected:
    explicit entry_visitor(bool integer_keys) noexcept
        : integer_keys{integer_keys} {}
    ~entry_visitor() = default;
};

/// A function of the program, kept for as long as this object lives.
class program_function {
public:
    virtual ~program_function() = default;
    /// Calls it on the VM's turn: `write` gives the arguments, `read` takes
    /// what it returned (its first argument). It may not suspend. What it
    /// raises goes through as an exception of the face's own, which can be
    /// stored on the turn (std::exception_ptr). EPERM off the turn, and once
    /// the call or operation has ended that it was given to; ECANCELED once
    /// the VM ends.
    virtual void invoke(void (*write)(results&, void*),
                        void (*read)(reader&, place, void*), void* data) = 0;
};

/// Reads what a language gave. Reading functions throw `argument_error` when
/// `p` is of another kind. What they return stays valid until the call ends.
class reader {
public:
    /// What `p` is, as far as the language can tell: nothing, boolean, number,
    /// integer64, string, mutable_bytes, object, callback, list, record or
    /// any. A language whose empty list and empty record look alike says list.
    virtual type_kind kind(place p) = 0;
    virtual bool is_nil(place p) = 0;
    virtual bool boolean(place p) = 0;
    virtual double number(place p) = 0;
    /// The bits of an integer that fits.
    virtual std::uint64_t integer64(place p, bool is_signed) = 0;
    virtual std::string_view string(place p) = 0;
    virtual mutable_bytes writable(place p) = 0;
    virtual const_bytes readable(place p) = 0;
    /// Null when `p` is no object of `cls`.
    virtual void* object(place p, const class_description& cls) = 0;
    /// The same of an object that the call takes away: once it has begun
    /// without a failure, the program has none any more. EBUSY while anything
    /// else uses it, this call included.
    virtual void* consumable(place p, const class_description& cls) = 0;
    virtual std::shared_ptr<program_function> function(place p) = 0;
    virtual value any(place p) = 0;

    /// How many elements a list has.
    virtual std::size_t size(place list) = 0;
    /// Element `i`, from 0.
    virtual place element(place list, std::size_t i) = 0;
    /// The field of a record whose name in Lua is `name`.
    virtual place field(place record, const char* name) = 0;
    /// How the language writes the field whose name in Lua is `name`, and
    /// whether `key` is that.
    virtual std::string spelled(const char* name) = 0;
    virtual bool spells(std::string_view key, const char* name) = 0;
    /// Visits what is the table's own. A visitor forgets what it does not keep.
    virtual void entries(place table, entry_visitor& visitor) = 0;
    /// `p`, the last part that was asked for, is not needed any more, nor is
    /// what was read from it.
    virtual void forget(place p) = 0;

protected:
    ~reader() = default;
};

/// Where a face takes results. A function with several results writes several
/// values one after the other; between `begin_list` or `begin_record` and
/// `end` they go into the container.
class results {
public:
    virtual void nil() = 0;
    virtual void boolean(bool v) = 0;
    virtual void number(double v) = 0;
    virtual void integer64(std::uint64_t bits, bool is_signed) = 0;
    virtual void string(std::string_view v) = 0;
    /// A new buffer that holds a copy of `v`.
    virtual void bytes(std::string_view v) = 0;
    /// Memory for a new object of `cls`, to be constructed before
    /// `end_object`.
    virtual void* begin_object(const class_description& cls) = 0;
    virtual void end_object() = 0;
    virtual void begin_list(std::size_t size) = 0;
    /// `fields`: how many will come.
    virtual void begin_record(std::size_t fields) = 0;
    /// What the next value is called: a field, spelled as each language does.
    virtual void field(const char* name) = 0;
    /// Or a key as it is.
    virtual void key(std::string_view text) = 0;
    virtual void key(std::int64_t number) = 0;
    /// Ends the innermost list or record.
    virtual void end() = 0;
    virtual void any(value v) = 0;

protected:
    ~results() = default;
};

/// One call that a language makes.
class call : public reader {
public:
    /// How many arguments there are, the receiver not counted.
    virtual unsigned count() = 0;
    /// Argument `i`; nothing where it was left out.
    virtual place argument(unsigned i) = 0;
    virtual results& out() = 0;

    vm& owner;
    void* self = nullptr;
    /// The operation that a suspending member started.
    operation* started = nullptr;
    /// A prompt member was asked already, and would have to wait.
    bool in_vain = false;
    /// A prompt member makes no operation: it writes its results or nothing,
    /// and says in `in_vain` whether it would have to wait.
    bool only_now = false;
    /// The argument that is being read.
    unsigned reading = 0;

protected:
    explicit call(vm& v) noexcept : owner{v} {}
    ~call() = default;
};

} // namespace emilua
