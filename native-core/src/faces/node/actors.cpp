// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/actors.hpp"

#include "faces/node/messages.hpp"
#include "modules/actor/actor.hpp"

namespace emilua::node {
namespace {

/// Actors between their start and their first turn.
class beginnings {
public:
    struct actor {
        std::shared_ptr<mailbox> box;
        std::shared_ptr<actor_family> outer;
    };

    static beginnings& instance() {
        static beginnings b;
        return b;
    }

    std::int32_t add(actor a) {
        const std::lock_guard lock{mutex_};
        actors_.emplace(++last_, std::move(a));
        return last_;
    }
    std::optional<actor> take(std::int32_t number) {
        const std::lock_guard lock{mutex_};
        auto found = actors_.extract(number);
        if (!found) return {};
        return std::move(found.mapped());
    }

private:
    std::mutex mutex_;
    std::map<std::int32_t, actor> actors_;
    std::int32_t last_ = 0;
};

} // namespace

napi_value reserve_actor(environment& starter, std::string name,
                         inbox_limit inbox) {
    auto box = std::make_shared<mailbox>();
    box->call(std::move(name));
    box->limit_to(inbox);
    const auto& cls = actor::class_of_address(*box);
    const auto& family = starter.inbox()->family();
    const auto number = beginnings::instance().add({box, family});
    family->enter();
    starter.actors.emplace(number, box);
    auto to = std::make_shared<actor_address>(std::move(box));
    return to_js(
        starter,
        value::list{number, boxed{&cls, std::make_shared<parcel>(
                                            parcel{.shared = std::move(to)})}});
}

void begin_actor(environment& own, std::int32_t number) {
    if (auto a = beginnings::instance().take(number))
        own.be_actor(std::move(a->box), std::move(a->outer));
}

void end_actor(environment& starter, std::int32_t number, std::string reason,
               bool failed) {
    beginnings::instance().take(number);
    const auto found = starter.actors.extract(number);
    if (!found) return;
    const auto& family = starter.inbox()->family();
    found.mapped()->end(std::move(reason), failed ? family : nullptr);
    family->leave();
    family->look_for_the_end();
}

} // namespace emilua::node
