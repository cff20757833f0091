// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/actor/question.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <charconv>
#include <chrono>

namespace emilua::actor {
namespace {

// Above it, a duration is as good as none.
constexpr double longest = 1e9;

failure no_answer(const std::string& who, double seconds) {
    std::array<char, 32> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), seconds).ptr;
    failure f{error_code{ETIMEDOUT, boost::system::system_category()}};
    f.expected = "an answer of " + who + " within " +
                 std::string{text.data(), end} + " s";
    return f;
}

} // namespace

void asking::limit(const std::shared_ptr<asking>& a, double seconds,
                   std::string who) {
    if (!(seconds <= longest)) return;
    a->deadline_.expires_after(
        std::chrono::duration_cast<std::chrono::nanoseconds>(
            std::chrono::duration<double>{seconds}));
    a->deadline_.async_wait(
        [a, seconds, who = std::move(who)](const error_code& ec) mutable {
            if (ec) return;
            a->give_up();
            if (auto p = a->take())
                p->complete.continue_later(
                    [seconds, who = std::move(who)](handler<value>& h) {
                        h.fail(no_answer(who, seconds));
                    });
        });
}

void asking::cancel(const std::shared_ptr<asking>& a) {
    a->give_up();
    stop_clock(a);
    if (auto p = a->take())
        p->complete(boost::asio::error::operation_aborted, {});
}

// Timers are of one thread at a time.
void asking::stop_clock(const std::shared_ptr<asking>& a) {
    boost::asio::post(a->io, [a] { a->deadline_.cancel(); });
}

void check_question(const value& message, double seconds) {
    const auto* const list = message.as<value::list>();
    if (!message.as<value::record>() && !(list && list->empty()))
        throw_invalid_argument("message", "named fields");
    if (!(seconds >= 0))
        throw_invalid_argument("seconds", "a duration that is not negative");
}

value::record question(value message, value reply) {
    value::record whole;
    if (auto* const record = message.as<value::record>())
        whole = std::move(*record);
    std::erase_if(whole, [](const auto& f) { return f.first == "reply"; });
    whole.emplace_back("reply", std::move(reply));
    return whole;
}

} // namespace emilua::actor
