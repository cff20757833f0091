// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/bytes.hpp>
#include <emilua/type.hpp>
#include <emilua/value.hpp>

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What a module offers, as data. Made when the module is first asked for;
/// never changes afterwards. Texts are static or belong to the module.

namespace emilua {

class call;
class vm;

struct parameter {
    const char* name;
    const char* doc;
    const type* what = nullptr;
    /// Stands for any number of arguments of type `what`; only the last does.
    bool variadic = false;

    constexpr parameter(const char* name, const char* doc = "") noexcept
        : name{name}, doc{doc} {}
};

enum class member_kind : std::uint8_t {
    constructor,
    /// Called with a receiver.
    method,
    /// Called without one.
    function,
    property,
    constant,
};

/// A member that blocks its caller in Lua and is a promise in TypeScript, kept
/// by a thread of the core's pool.
enum class blocking : std::uint8_t {
    no,
    /// Changes nothing: a cancellation abandons it.
    query,
    /// Has effects: a cancellation takes it back only while it is queued.
    effect,
};

/// A set of languages.
enum class languages : std::uint8_t { none, lua = 1, typescript = 2, both = 3 };

constexpr bool has(languages set, languages one) noexcept {
    return (static_cast<int>(set) & static_cast<int>(one)) != 0;
}

using constant_value = std::variant<std::monostate, bool, double, const char*>;

struct member {
    const char* name = "";
    member_kind kind = member_kind::function;
    bool suspends = false;
    blocking blocks = blocking::no;
    /// Only the master VM may call it.
    bool master_only = false;
    /// Of a property: it never changes. A face may read it once, and even
    /// while a thread has the object.
    bool fixed = false;
    /// Of a property: an object that was given away still says it in Lua.
    bool outlives = false;
    /// Of a method: gives the next element, or nothing at the end.
    bool iterates = false;
    /// Of a constant: its value differs between machines.
    bool varies = false;
    languages offered = languages::both;
    /// The languages that have it in a source of their own, beside the slice
    /// or in the package: it is described for its types and documentation.
    languages by_hand = languages::none;
    std::vector<parameter> parameters{};
    std::vector<const type*> result_types{};
    /// Of several results; they become a record where the language has no
    /// several results.
    std::vector<const char*> result_names{};
    /// Of several results of one kind: they become a tuple there instead.
    bool tuple = false;
    const char* doc = "";
    /// Errors, platform, source: sentences below the first.
    const char* details = "";
    void (*invoke)(call&) = nullptr;
    /// Of a blocking member: the same as an operation.
    void (*start)(call&) = nullptr;
    /// Of a property that can be written.
    void (*assign)(call&) = nullptr;
    /// Of a suspending member: `invoke` starts no operation where the results
    /// are there without waiting, but writes them.
    bool prompt = false;
    /// Of a `prompt` method that takes a place in a file and a buffer and gives
    /// a number: asks for that, for a face that reads the arguments by itself.
    emilua::prompt<std::size_t> (*transfer_now)(
        void* self, vm& owner, std::uint64_t offset,
        std::span<std::byte> bytes) = nullptr;
    /// Of a suspending method that takes nothing but a buffer to read into,
    /// gives a number and is not `prompt`: the method itself, for a face that
    /// reads its argument by itself.
    void (*read_into)(void* self, mutable_bytes buffer,
                      handler<std::size_t> h) = nullptr;
    /// Of a `write_some` that takes nothing but bytes, whose class has
    /// `prompt_write write_at_once(vm&, std::span<const std::byte>)`: calls
    /// that on an object of `cls`. A face asks it first and makes an operation
    /// only if nothing was done.
    prompt_write (*write_at_once)(void* self, vm& owner,
                                  std::span<const std::byte> bytes) = nullptr;
    /// Of an iterator that gives objects of a class and has
    /// `bool next_is_ready()`: makes the next object in raw memory if it is
    /// there. A face asks it first and makes an operation only if nothing was
    /// made. Throws as the iterator does.
    bool (*next_at_once)(void* self, void* memory) = nullptr;
    constant_value constant{};
    const class_description* cls = nullptr;

    /// Of an iterator: the class of what it gives, if that is one object.
    const class_description* element() const noexcept {
        return iterates && result_types.size() == 1 && result_types[0]->element
                   ? result_types[0]->element->cls
                   : nullptr;
    }
};

enum class metamethod : std::uint8_t {
    tostring,
    eq,
    lt,
    le,
    add,
    sub,
    div,
    concat,
    len,
    call,
};

/// As Lua calls it, without the underscores: "tostring", "eq" and so on.
const char* name_of(metamethod m) noexcept;

/// How an object leaves its VM and enters another one, of this process or, if
/// it consists of nothing but `wire` and descriptors, of another.
struct transfer {
    /// The original stays usable.
    bool copies = false;
    /// Changes with the layout of what `pack` gives.
    unsigned version = 1;
    /// Whether an operation is pending, so that it cannot leave (EBUSY).
    bool (*busy)(const void* object) = nullptr;
    /// Throws `failure`; then the object stays as it was.
    parcel (*pack)(void* object) = nullptr;
    /// Makes the object in raw memory. Objects that arrive are made by
    /// `unpack_object`, which looks at the version.
    void (*unpack)(void* to, vm& owner, parcel p) = nullptr;
    /// What arrives, if not an object of the same class.
    const class_description* arrives_as = nullptr;
};

struct class_description {
    // Known to the compiler.

    /// The module that describes it, where others have to find it.
    const char* home = nullptr;
    std::size_t size = 0;
    void (*destroy)(void*) noexcept = nullptr;
    /// Moves from `from` into raw memory `to` and leaves `from` destructible.
    /// Both belong to one VM.
    void (*relocate)(void* to, void* from) = nullptr;
    /// Of a class with `bool is_open() const`.
    bool (*is_open)(const void* object) = nullptr;

    // Known once its module is described.

    const char* module = nullptr;
    /// Inside the module, dots between: "tcp.socket".
    const char* name = nullptr;
    const char* doc = "";
    std::vector<member> members{};
    struct operation_entry {
        metamethod which;
        /// Either operand may be the object: both are arguments.
        bool mixed;
        void (*invoke)(call&);
        /// Appends the types of its operands, without the object, and of its
        /// results. Only who writes types down asks.
        void (*types)(std::vector<const type*>& operands,
                      std::vector<const type*>& results);
    };
    std::vector<operation_entry> metamethods{};
    /// A value has no identity: languages may keep it as `to_wire` gives it
    /// (a string, bytes or a number) instead of as an object.
    value (*to_wire)(const void*) = nullptr;
    void (*from_wire)(void* to, const value&) = nullptr;
    /// Of a value that travels as text: a program in TypeScript may give the
    /// text instead.
    bool text_will_do = false;
    /// Of a value: one object may stand for another that is the same.
    std::size_t (*hash)(const void*) = nullptr;
    /// But in Lua not for one that a program there can change.
    bool (*can_change)(const void*) = nullptr;
    bool (*same)(const void*, const void*) = nullptr;
    transfer moves{};
    /// Has properties that outlive it: what is left of an object that was given
    /// away needs no destructor.
    bool leaves_something = false;
    /// "read_stream", "write_stream", "acceptor": what the classes of a
    /// language build their bridges on.
    std::vector<const char*> traits{};

    bool is_value() const noexcept { return to_wire != nullptr; }
    /// What iterates in language `l`.
    const member* iterator(languages l) const noexcept {
        for (const auto& m : members)
            if (m.iterates && has(m.offered, l)) return &m;
        return nullptr;
    }
};

/// Makes the object of `cls` that arrived as `p` in raw memory. Throws
/// `failure` EBADMSG if another version of the class has packed it.
void unpack_object(const class_description& cls, void* to, vm& owner, parcel p);

struct module_description {
    module_description() = default;
    module_description(const module_description&) = delete;
    module_description& operator=(const module_description&) = delete;

    const char* name = "";
    const char* doc = "";
    /// A part of the runtime: programs reach it by other ways.
    bool internal = false;
    /// Name inside the module, dots between: "tcp.dial".
    std::vector<member> functions{};
    std::vector<class_description*> classes{};
    /// Names that had to be put together.
    std::deque<std::string> texts{};
};

} // namespace emilua
