// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/loop_context.hpp"
#include "faces/node/slot_table.hpp"

#include <node_api.h>

#include <deque>
#include <span>
#include <thread>
#include <unordered_map>

namespace emilua::node {

class node_call;

/// A member of a description as a function of JavaScript.
struct bound_member;

/// JavaScript has thrown; what it threw is pending in the environment.
struct javascript_error {};

/// An environment of Node, the main one or a worker's: a program of fibers
/// that are written in JavaScript.
class environment final : public vm, private loop_client {
public:
    /// Lives until the environment ends.
    static environment& create(napi_env env, uv_loop_t& loop);

    environment(napi_env env, uv_loop_t& loop);
    ~environment() override;

    // vm
    void completed(operation& op) override;
    void post(queue_node& node) override;
    std::span<std::byte> fetch_buffer(operation& op, unsigned index) override;
    bool is_master() const noexcept override { return master_; }
    std::shared_ptr<mailbox> inbox() override;

    napi_env env() const noexcept { return env_; }
    slot_table& slots() noexcept { return slots_; }

    /// Takes the functions and arrays of JavaScript that this side uses.
    void start(napi_value parts);
    /// An object with the functions of a module; nothing if there is none.
    napi_value natives(std::string_view module);
    /// Small integers for the classes of the description.
    std::int32_t class_id(const class_description& cls);
    const class_description* find_class(std::string_view module,
                                        std::string_view name) const;

    /// Calls the function behind `m` from JavaScript.
    napi_value invoke(node_call& c);
    napi_value invoke_suspending(node_call& c);
    void cancel(std::uint32_t id);

    /// An instance of the class of `cls` around a handle or wire primitive.
    napi_value instantiate(const class_description& cls, napi_value core);
    /// The class and the core of an instance; the class is null if `v` is
    /// none.
    std::pair<const class_description*, napi_value> core_of(napi_value v);

    napi_value make_error(const error_code& ec, const char* syscall,
                          std::string_view argument,
                          const std::string& expected = {});
    const error_category* find_category(std::string_view name) const;

private:
    struct pending {
        operation* op = nullptr;
        const member* description = nullptr;
        pin_list pins;
    };

    /// Handlers that run before JavaScript hears of them, and how often in a
    /// turn.
    static constexpr std::size_t portion = 64;
    static constexpr int portions = 16;

    // loop_client
    void turn() override;
    bool has_work() override;
    void round() override { inline_budget = default_inline_budget; }
    void closed() override;

    static void on_environment_ends(napi_async_cleanup_hook_handle handle,
                                    void* self);
    void end();
    void last_turn();
    void run_posted();
    void deliver();
    void call_drain(std::size_t count);
    void collect(operation& op, std::int32_t* out, std::size_t place);
    void drop_completed();
    void unpin(pending& p) noexcept;

    /// Calls `f`; what it throws becomes `error`, a value of JavaScript.
    template <class F> bool guarded(const member& m, napi_value& error, F&& f);
    void allow(const member& m) const;
    napi_value finish_at_once(node_call& c);
    void wait_for(node_call& c, std::uint32_t id);
    napi_value pending_exception();
    void add_member(napi_value to, const std::string& prefix, const member& m,
                    const class_description* cls);
    void add_metamethod(napi_value to, const class_description& cls,
                        const class_description::operation_entry& entry);
    void add_function(napi_value to, const std::string& name,
                      const bound_member& m);
    napi_value value_of(napi_ref ref);

    napi_env env_;
    loop_context loop_;
    slot_table slots_;
    const std::thread::id thread_ = std::this_thread::get_id();
    bool master_ = false;
    bool closing_ = false;

    std::deque<bound_member> members_;
    std::deque<member> synthetic_;
    std::unordered_map<const class_description*, std::int32_t> class_ids_;
    std::vector<const class_description*> classes_;
    /// Those that only plugins know.
    std::vector<const error_category*> categories_;

    std::vector<pending> pending_;
    /// The call that is starting an operation.
    node_call* starting_ = nullptr;
    std::size_t waiting_ = 0;
    std::vector<operation*> done_;
    std::vector<operation*> delivering_;

    std::mutex posted_mutex_;
    queue_node* posted_ = nullptr;
    queue_node** posted_end_ = &posted_;

    std::shared_ptr<mailbox> inbox_;

    // What JavaScript gave.
    napi_ref drain_ = nullptr, make_error_ = nullptr, instantiate_ = nullptr;
    napi_ref keys_ = nullptr, side_ = nullptr, hold_ = nullptr;
    napi_ref status_owner_ = nullptr, batch_owner_ = nullptr;
    std::int32_t* status_ = nullptr;
    std::int32_t* batch_ = nullptr;
    std::size_t batch_size_ = 0;
    std::uint32_t hold_stride_ = 0;

    napi_async_cleanup_hook_handle cleanup_ = nullptr;
};

struct bound_member {
    enum class receiver : std::uint8_t { none, object, value };

    environment* owner;
    const member& description;
    void (*invoke)(call&);
    receiver self = receiver::none;
    /// Of a method: the class of its receiver.
    const class_description* cls = nullptr;
};

} // namespace emilua::node
