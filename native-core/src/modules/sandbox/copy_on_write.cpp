// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/sandbox/guest.hpp"

#include <emilua/blocking.hpp>

namespace emilua::sandbox {

namespace {

void check(const std::shared_ptr<folder_copy>& copy) {
    if (!copy) throw_invalid_argument("policy.copy_on_write", "a folder");
}

std::vector<change> described(const std::vector<folder_change>& all) {
    std::vector<change> r;
    for (const auto& c : all)
        r.push_back({c.path, c.what, filesystem::type_of_mode(c.mode),
                     static_cast<double>(c.size)});
    return r;
}

} // namespace

sandbox::sandbox(const std::optional<policy>& p)
    : egress_{std::make_shared<const egress_rules>(
          egress_for(p.value_or(policy{})))} {
    const auto& asked = p ? *p : policy{};
    auto c = confinement_for(asked);
    if (const auto folder = copied_folder_of(asked); !folder.empty()) {
        copy_ = std::make_shared<folder_copy>(folder, c.on);
        copy_->put_into(c);
    }
    filter_calls(c);
    within_ = std::make_shared<const confinement>(std::move(c));
}

void sandbox::changes(handler<std::vector<change>> h) const {
    check(copy_);
    run_blocking(blocking_policy::finish, std::move(h), [copy = copy_] {
        return described(folder_copy::changes(copy));
    });
}

void sandbox::commit(handler<> h) const {
    check(copy_);
    run_blocking(blocking_policy::finish, std::move(h),
                 [copy = copy_] { folder_copy::commit(copy); });
}

void sandbox::discard(handler<> h) const {
    check(copy_);
    run_blocking(blocking_policy::finish, std::move(h),
                 [copy = copy_] { folder_copy::discard(copy); });
}

} // namespace emilua::sandbox
