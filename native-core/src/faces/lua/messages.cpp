// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/messages.hpp"

#include "core/refusals.hpp"
#include "core/shared_part.hpp"
#include "faces/lua/byte_span.hpp"
#include "faces/lua/integer64.hpp"
#include "faces/lua/objects.hpp"
#include "faces/lua/results.hpp"
#include "faces/lua/vm.hpp"
#include "modules/modules.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

namespace emilua::lua {
namespace {

constexpr unsigned max_depth = 100;

std::string type_name(lua_State* L, int index) {
    std::string s = luaL_typename(L, index);
    if (lua_type(L, index) == LUA_TUSERDATA && lua_getmetatable(L, index)) {
        lua_getfield(L, -1, "__metatable");
        if (lua_isstring(L, -1)) s = lua_tostring(L, -1);
        lua_pop(L, 2);
    }
    const bool vowel =
        std::string_view{"aeiou"}.find(s[0]) != std::string_view::npos;
    return (vowel ? "an " : "a ") + s;
}

[[noreturn]] void refuse(const std::string& what) {
    argument_error e;
    e.expected = "a value that can be copied, not " + what;
    throw e;
}

void bring_back(void* object, const class_description& cls, vm& owner,
                parcel& contents) {
    cls.moves.unpack(object, owner, std::move(contents));
    object_returns(object, cls);
}

/// Reads one message. Objects are packed when all of it has been read. If a
/// table is found to be in several places, it is read a second time, when it is
/// known which tables are.
class message_reader {
public:
    message_reader(lua_State* L, departures& gone) noexcept
        : L_{L}, gone_{gone} {}

    value read(int index) {
        auto v = copy(index, 0);
        if (!shared_.empty()) {
            lua_settop(L_, top_);
            leaving_.clear();
            kept_ = 0;
            sharing_ = true;
            v = copy(index, 0);
        }
        pack();
        return v;
    }

private:
    struct leaving {
        const class_description* cls;
        void* object;
        std::shared_ptr<parcel> to;
        std::vector<path_step> path;
    };

    value copy(int index, unsigned depth) {
        if (depth > max_depth) refuse("a table so deep");
        if (!lua_checkstack(L_, 4)) throw std::bad_alloc{};
        if (auto plain = to_plain_message(L_, index)) return std::move(*plain);
        switch (lua_type(L_, index)) {
        case LUA_TSTRING:
            return text(index);
        case LUA_TTABLE:
            return table(index, depth);
        case LUA_TUSERDATA:
            return object(index);
        default:
            return cdata(index);
        }
    }

    value table(int index, unsigned depth) {
        const void* const t = lua_topointer(L_, index);
        if (std::ranges::find(inside_, t) != inside_.end())
            refuse("a table inside itself");
        if (!sharing_) {
            if (depth > 0 && !is_new(t)) {
                shared_.try_emplace(t);
                return {};
            }
            return contents(index, t, depth);
        }
        const auto found = shared_.find(t);
        if (found == shared_.end()) return contents(index, t, depth);
        if (!found->second)
            found->second = std::make_shared<parcel>(
                parcel{.wire = contents(index, t, depth)});
        return shared_part(found->second);
    }

    value contents(int index, const void* t, unsigned depth) {
        inside_.push_back(t);
        auto v = has_numbers(index) ? list(index, depth) : record(index, depth);
        inside_.pop_back();
        return v;
    }

    /// Of the tables below the outermost, most messages have but a few.
    bool is_new(const void* t) {
        constexpr std::size_t few = 16;
        if (seen_.size() < few) {
            if (std::ranges::find(seen_, t) != seen_.end()) return false;
            seen_.push_back(t);
            return true;
        }
        if (many_.empty()) many_.insert(seen_.begin(), seen_.end());
        return many_.insert(t).second;
    }

    bool has_numbers(int index) {
        if (lua_objlen(L_, index) > 0) return true;
        lua_pushnil(L_);
        if (lua_next(L_, index) == 0) return false;
        const bool number = lua_type(L_, -2) == LUA_TNUMBER;
        lua_pop(L_, 2);
        return number;
    }

    std::string_view text(int index) {
        std::size_t size = 0;
        const char* p = lua_tolstring(L_, index, &size);
        return {p, size};
    }

    value part(path_step step, unsigned depth) {
        path_.push_back(std::move(step));
        try {
            auto v = copy(lua_gettop(L_), depth + 1);
            path_.pop_back();
            return v;
        } catch (argument_error& e) {
            e.path.push_back(std::move(path_.back()));
            path_.pop_back();
            throw;
        }
    }

    // Holes become nils, within reason; no member gets lost.
    value list(int index, unsigned depth) {
        // Lua finds one of several lengths, which one depends on how the table
        // was made.
        constexpr double most = 1 << 30;
        std::size_t length = 0, members = 0;
        for (lua_pushnil(L_); lua_next(L_, index); lua_pop(L_, 1)) {
            const double key =
                lua_type(L_, -2) == LUA_TNUMBER ? lua_tonumber(L_, -2) : 0;
            if (!(key >= 1 && key <= most) || key != std::floor(key))
                refuse_key();
            length = std::max(length, static_cast<std::size_t>(key));
            ++members;
        }
        if (length > 16 * members + 64) refuse("a list with so many holes");
        value::list l;
        l.reserve(length);
        for (std::size_t i = 0; i < length; ++i) {
            lua_rawgeti(L_, index, static_cast<int>(i + 1));
            const int top = lua_gettop(L_);
            l.push_back(
                part({path_step::kind::index, {}, static_cast<std::int64_t>(i)},
                     depth));
            drop(top);
        }
        return l;
    }

    /// That at the top, below its member, is not one of the others' kind.
    [[noreturn]] void refuse_key() {
        const int type = lua_type(L_, -2);
        refuse(type == LUA_TNUMBER || type == LUA_TSTRING
                   ? "a table that is both list and record"
                   : "a table with keys that are no strings");
    }

    value record(int index, unsigned depth) {
        value::record r;
        lua_pushnil(L_);
        while (lua_next(L_, index) != 0) {
            const int top = lua_gettop(L_);
            if (lua_type(L_, top - 1) != LUA_TSTRING) refuse_key();
            std::string key{text(top - 1)};
            auto v = part({path_step::kind::key, key, 0}, depth);
            r.emplace_back(std::move(key), std::move(v));
            if (drop(top)) continue;
            lua_pushvalue(L_, top - 1);
        }
        return r;
    }

    /// Takes a part off the stack, unless objects have to stay in reach.
    bool drop(int top) {
        if (lua_gettop(L_) == top && leaving_.size() == kept_) {
            lua_pop(L_, 1);
            return true;
        }
        kept_ = leaving_.size();
        return false;
    }

    value object(int index) {
        if (was_moved(L_, index)) {
            argument_error e;
            e.code.assign(EBADF, boost::system::system_category());
            e.expected = not_moved;
            throw e;
        }
        const auto* cls = described_class(L_, index);
        if (!cls || (!cls->is_value() && !cls->moves.pack))
            refuse(type_name(L_, index));
        void* o = to_object(L_, index, *cls);
        auto to = std::make_shared<parcel>();
        const auto* arrives =
            cls->moves.arrives_as ? cls->moves.arrives_as : cls;
        if (cls->is_value()) {
            to->wire = cls->to_wire(o);
        } else {
            for (const auto& l : leaving_)
                if (l.object == o && !cls->moves.copies)
                    refuse("the same object twice");
            leaving_.push_back({cls, o, to, path_});
        }
        return boxed{arrives, std::move(to)};
    }

    value cdata(int index) {
        if (auto* span = to_byte_span(L_, index)) {
            return value::bytes{
                std::string{reinterpret_cast<const char*>(span->data),
                            static_cast<std::size_t>(span->length)}};
        }
        std::uint64_t bits;
        if (is_integer64(L_, index) && to_integer64(L_, index, true, bits))
            return static_cast<std::int64_t>(bits);
        refuse(type_name(L_, index));
    }

    [[noreturn]] static void fail(const leaving& l, const error_code& ec,
                                  std::string expected) {
        argument_error e;
        e.code = ec;
        e.expected = std::move(expected);
        e.path.assign(l.path.rbegin(), l.path.rend());
        throw e;
    }

    static bool is_busy(const leaving& l) {
        if (l.cls->moves.copies) return false;
        return is_pinned(l.object) ||
               (l.cls->moves.busy && l.cls->moves.busy(l.object));
    }

    void pack() {
        for (const auto& l : leaving_)
            if (is_busy(l))
                fail(l, {EBUSY, boost::system::system_category()},
                     argument_error::not_in_use);
        for (std::size_t i = 0; i < leaving_.size(); ++i) {
            const auto& l = leaving_[i];
            try {
                *l.to = l.cls->moves.pack(l.object);
                l.to->version = l.cls->moves.version;
            } catch (const failure& f) {
                unpack(i);
                fail(l, f.code, f.expected);
            } catch (...) {
                unpack(i);
                throw;
            }
        }
        for (auto& l : leaving_) {
            if (l.cls->moves.copies) continue;
            object_leaves(l.object);
            gone_.add(l.object, *l.cls, std::move(l.to));
        }
    }

    /// Gives the first `count` back.
    void unpack(std::size_t count) {
        auto& owner = lua_vm::from_registry(L_);
        for (std::size_t i = 0; i < count; ++i) {
            const auto& l = leaving_[i];
            if (l.cls->moves.copies) continue;
            object_leaves(l.object);
            bring_back(l.object, *l.cls, owner, *l.to);
        }
    }

    lua_State* L_;
    const int top_ = lua_gettop(L_);
    /// Tables that were met, until one of them was a second time.
    std::vector<const void*> seen_;
    std::unordered_set<const void*> many_;
    /// Those in several places, with what is read of them.
    std::unordered_map<const void*, std::shared_ptr<parcel>> shared_;
    bool sharing_ = false;
    std::vector<leaving> leaving_;
    std::size_t kept_ = 0;
    std::vector<path_step> path_;
    /// The tables that are being read.
    std::vector<const void*> inside_;
    departures& gone_;
};

} // namespace

void departures::come_back(vm& owner) noexcept {
    for (auto& d : gone_) {
        if (d.contents.use_count() > 1) continue;
        try {
            bring_back(d.object, *d.cls, owner, *d.contents);
        } catch (const std::exception&) {
            // It stays gone.
        }
    }
    gone_.clear();
}

value to_message(lua_State* L, int index, departures& gone) {
    const int top = lua_gettop(L);
    auto v = message_reader{L, gone}.read(index);
    if (gone.empty()) lua_settop(L, top);
    return v;
}

namespace {

/// Where the tables are kept that a message has in several places.
class shared_tables {
public:
    explicit shared_tables(lua_State* L) noexcept : L_{L} {}
    shared_tables(const shared_tables&) = delete;
    shared_tables& operator=(const shared_tables&) = delete;
    ~shared_tables() {
        for (const auto& [whole, ref] : refs_)
            luaL_unref(L_, LUA_REGISTRYINDEX, ref);
    }

    /// Pushes the table that `whole` has become; false if it has not yet.
    bool push(const parcel* whole) {
        const auto found = refs_.find(whole);
        if (found == refs_.end()) return false;
        lua_rawgeti(L_, LUA_REGISTRYINDEX, found->second);
        return true;
    }
    /// The table at the top is what `whole` has become.
    void keep(const parcel* whole) {
        lua_pushvalue(L_, -1);
        refs_.emplace(whole, luaL_ref(L_, LUA_REGISTRYINDEX));
    }

private:
    lua_State* L_;
    std::unordered_map<const parcel*, int> refs_;
};

void push_part(lua_State* L, value v, shared_tables& shared) {
    luaL_checkstack(L, 8, "message too deep");
    v.visit([L, &shared](auto& x) {
        using T = std::remove_cvref_t<decltype(x)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
            lua_pushnil(L);
        } else if constexpr (std::is_same_v<T, bool>) {
            lua_pushboolean(L, x);
        } else if constexpr (std::is_same_v<T, double>) {
            lua_pushnumber(L, x);
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
            push_integer64(L, static_cast<std::uint64_t>(x), true);
        } else if constexpr (std::is_same_v<T, std::string>) {
            lua_pushlstring(L, x.data(), x.size());
        } else if constexpr (std::is_same_v<T, value::bytes>) {
            stack_results{L}.bytes(x.data);
        } else if constexpr (std::is_same_v<T, value::list>) {
            lua_createtable(L, static_cast<int>(x.size()), 0);
            for (std::size_t i = 0; i < x.size(); ++i) {
                push_part(L, std::move(x[i]), shared);
                lua_rawseti(L, -2, static_cast<int>(i + 1));
            }
        } else if constexpr (std::is_same_v<T, value::record>) {
            lua_createtable(L, 0, static_cast<int>(x.size()));
            for (auto& [key, member] : x) {
                lua_pushlstring(L, key.data(), key.size());
                push_part(L, std::move(member), shared);
                lua_rawset(L, -3);
            }
        } else if (is_shared_part(x)) {
            const auto* whole = x.contents.get();
            if (shared.push(whole)) return;
            push_part(L, std::move(x.contents->wire), shared);
            shared.keep(whole);
        } else {
            const auto* arrives = x.contents->arrives_as;
            const auto& cls = described(arrives ? *arrives : *x.cls);
            stack_results out{L};
            void* to = out.begin_object(cls);
            if (cls.is_value())
                cls.from_wire(to, x.contents->wire);
            else
                unpack_object(cls, to, lua_vm::from_registry(L),
                              std::move(*x.contents));
            out.end_object();
        }
    });
}

} // namespace

void push_value(lua_State* L, value v) {
    if (const auto* number = v.as<double>()) return lua_pushnumber(L, *number);
    if (const auto* b = v.as<bool>()) return lua_pushboolean(L, *b);
    shared_tables shared{L};
    push_part(L, std::move(v), shared);
}

} // namespace emilua::lua
