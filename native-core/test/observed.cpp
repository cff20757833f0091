// SPDX-License-Identifier: MIT OR BSL-1.0
// What a copy of a process tells: texts that come back as they were, and times.
#include "core/observed.hpp"
#include "core/ticks.hpp"
#include "test_vm.hpp"

#include <thread>

using namespace emilua;
namespace test = emilua::test;

namespace {

observed_vm example() {
    observed_vm v{"0x1", "lua", "main", "waiting"};
    v.program = "a\tfolder\\with\nall";
    v.seconds = 1.5;
    v.messages = 3;
    observed_fiber f{"0x1-2", "waiting", true, false};
    f.waits_for = "";
    f.where = "=file:1";
    v.fibers.push_back(f);
    v.fibers.push_back({"0x1-3", "ready", false, true});
    return v;
}

void test_texts() {
    const auto text = encode(example()) + encode({"2", "javascript", "", ""});
    const auto vms = decode(text + std::string{end_of_observation});
    CHECK(vms && vms->size() == 2);
    if (!vms || vms->size() != 2) return;
    const auto& v = vms->front();
    CHECK(v.program == example().program && v.seconds == 1.5);
    CHECK(v.messages == 3 && v.fibers.size() == 2);
    CHECK(v.fibers[0].waits_for == "" && v.fibers[0].where == "=file:1");
    CHECK(!v.fibers[0].seconds && !v.fibers[0].name);
    CHECK(v.fibers[0].is_main && !v.fibers[0].canceled);
    CHECK(v.fibers[1].canceled && v.fibers[1].state == "ready");
    CHECK(vms->back().fibers.empty() && !vms->back().messages);
}

void test_what_is_cut_off() {
    const auto whole = encode(example()) + std::string{end_of_observation};
    for (std::size_t n = 0; n < whole.size(); ++n)
        CHECK(!decode(whole.substr(0, n)));
    CHECK(!decode("fiber\t=1\t=ready\t=0\t=0\nend\n"));
    CHECK(!decode("vm\t=1\nend\n"));
    CHECK(!decode("other\nend\n"));
    CHECK(decode("end\n")->empty());
}

void test_times() {
    start_ticks();
    const auto begin = std::chrono::steady_clock::now();
    const auto then = ticks();
    std::this_thread::sleep_for(std::chrono::milliseconds{30});
    const double seconds = seconds_since(then);
    const std::chrono::duration<double> real =
        std::chrono::steady_clock::now() - begin;
    CHECK(seconds > 0.025 && seconds < real.count() * 1.1);
    CHECK(seconds_since(ticks() + 1'000'000'000'000) == 0);
}

} // namespace

int main() {
    test_texts();
    test_what_is_cut_off();
    test_times();
    return test::failures == 0 ? 0 : 1;
}
