// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/route_verbs.hpp"

#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/units.hpp"
#include "daemon/access/policy.hpp"
#include "daemon/clients/request_role.hpp"
#include "daemon/clients/route_pages.hpp"

namespace exapulse {

namespace {

std::optional<RouteNumber> number_in(std::string_view text) {
    RouteNumber number = 0;
    const char* end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || last != end) return std::nullopt;
    return number;
}

}  // namespace

void RouteVerbs::wish(ClientSession& session, const std::function<void(RouteWish&)>& change) {
    RouteWish wished;
    if (const SessionState* state = session.own_state(); state != nullptr && state->wish)
        wished = *state->wish;
    change(wished);
    session.change_state().wish =
        wished == RouteWish() ? nullptr : std::make_shared<const RouteWish>(std::move(wished));
    session.settle_state();
}

std::optional<LineReply> RouteVerbs::obstacle(std::string_view what) const {
    if (on_disk_) return std::nullopt;
    return LineReply::refused(ErrorCode::BadInput,
                              fmt::format("no route can be {}: history.store is false", what));
}

LineReply RouteVerbs::keep(const Question& question) {
    const bool on = question.arguments[0] == "on";
    if (question.arguments.size() == 1 && (on || question.arguments[0] == "off")) {
        if (auto why = obstacle("kept"); on && why) return std::move(*why);
        wish(question.asker, [&](RouteWish& wished) { wished.keep = on; });
        return LineReply::done();
    }
    if (auto why = obstacle("kept")) return std::move(*why);
    return change(question, &KeptRoutes::keep);
}

LineReply RouteVerbs::forget(const Question& question) {
    return change(question, &KeptRoutes::forget);
}

LineReply RouteVerbs::replay(const Question& question) {
    return order(question, &KeptRoutes::announce_again);
}

LineReply RouteVerbs::withdraw(const Question& question) {
    return order(question, &KeptRoutes::withdraw);
}

std::vector<RouteNumber> RouteVerbs::routes_in(const Question& question, LineReply& refused) const {
    std::vector<RouteNumber> numbers;
    const Grant& grant = question.asker.grant();
    for (const std::string_view word : question.arguments) {
        const auto number = number_in(word);
        const LedgerEntry* entry = number ? routes_.ledger().find(*number) : nullptr;
        if (entry == nullptr) {
            refused = LineReply::refused(
                ErrorCode::BadInput,
                fmt::format("no route '{:.60}'; `sidecar routes` shows their numbers", word));
            return {};
        }
        if (const std::string why = denial_of(*entry, grant); !why.empty()) {
            refused =
                LineReply::refused(ErrorCode::Denied, fmt::format("'{}': {}", entry->line(), why));
            return {};
        }
        numbers.push_back(*number);
    }
    return numbers;
}

std::string RouteVerbs::denial_of(const LedgerEntry& entry, const Grant& grant) {
    if (!grant.limited()) return {};
    const Request line{std::string(entry.line())};
    return denial(grant, role_for(line), verb_in(line), line);
}

LineReply RouteVerbs::settle(const Question& question) {
    const bool done = question.arguments[0] == "done";
    if (!done && question.arguments[0] != "not-done")
        return LineReply::refused(ErrorCode::BadInput,
                                  fmt::format("`done` or `not-done`, then the numbers of uncertain "
                                              "routes, not '{:.60}'",
                                              question.arguments[0]));
    std::vector<RouteNumber> numbers;
    for (const std::string_view word : question.arguments.subspan(1)) {
        const auto number = number_in(word);
        if (!number)
            return LineReply::refused(ErrorCode::BadInput,
                                      fmt::format("'{:.60}' is no number of a route", word));
        // What a command has settled meanwhile has another number, or none.
        const LedgerEntry* entry = routes_.ledger().find(*number);
        if (entry != nullptr && denial_of(*entry, question.asker.grant()).empty())
            numbers.push_back(*number);
    }
    auto expected = commands_.expect(question.asker, question.bytes);
    if (!expected.id) return std::move(expected.refusal);
    routes_.settle_uncertain(numbers, done,
                             commands_.answer_once_saved(question.asker.id(), *expected.id));
    return LineReply::later();
}

LineReply RouteVerbs::on_routes(const Question& question, const Answer& act) {
    LineReply refused;
    const std::vector<RouteNumber> numbers = routes_in(question, refused);
    if (numbers.empty()) return refused;
    auto expected = commands_.expect(question.asker, question.bytes);
    if (!expected.id) return std::move(expected.refusal);
    act(numbers, *expected.id);
    return LineReply::later();
}

LineReply RouteVerbs::change(const Question& question, Act act) {
    return on_routes(question, [&](std::span<const RouteNumber> numbers, CommandId id) {
        (routes_.*act)(numbers, commands_.answer_once_saved(question.asker.id(), id));
    });
}

LineReply RouteVerbs::order(const Question& question, Order how) {
    return on_routes(question, [&](std::span<const RouteNumber> numbers, CommandId id) {
        const auto on_end = commands_.answer_once_settled(question.asker.id(), id);
        if (!(routes_.*how)(numbers, on_end)) commands_.answer_not_sent(question.asker, id);
    });
}

LineReply RouteVerbs::owner(const Question& question) {
    const std::string_view name = question.arguments.empty() ? "" : question.arguments[0];
    if (!question.arguments.empty() && !is_owner_name(name))
        return LineReply::refused(
            ErrorCode::BadInput,
            fmt::format("a name of 1 to {} letters, digits or ._@:-, not '{:.60}'",
                        longest_owner_name, name));
    wish(question.asker, [&](RouteWish& wished) { wished.owner = name; });
    return LineReply::done();
}

LineReply RouteVerbs::lease(const Question& question) {
    const Words words = question.arguments;
    if (words.size() == 1 && words[0] == "off") {
        wish(question.asker, [](RouteWish& wished) { wished.lease = 0; });
        return LineReply::done();
    }
    if (auto why = obstacle("leased")) return std::move(*why);
    const auto ttl = parse_duration(words[0]);
    if (!ttl || *ttl < shortest_lease)
        return LineReply::refused(ErrorCode::BadInput,
                                  fmt::format("a lease lasts {} or longer, such as 30s, not "
                                              "'{:.60}'; `sidecar lease off` ends with leases",
                                              format_duration(shortest_lease), words[0]));
    LeaseTerms terms{.ttl = *ttl};
    if (words.size() > 1) {
        terms.grace = parse_duration(words[1]);
        if (!terms.grace)
            return LineReply::refused(
                ErrorCode::BadInput,
                fmt::format("after the time of the lease comes for how long it outlasts its "
                            "connection, such as 5s, not '{:.60}'",
                            words[1]));
    }
    SessionState& state = question.asker.change_state();
    state.lease = routes_.lease_clock().grant(state.lease, terms);
    wish(question.asker, [&](RouteWish& wished) { wished.lease = state.lease; });
    return LineReply::done();
}

LineReply RouteVerbs::renew(const Question& question) {
    const SessionState* state = question.asker.own_state();
    if (state == nullptr || state->lease == 0)
        return LineReply::refused(ErrorCode::BadInput,
                                  "this connection has no lease; begin one with `sidecar lease "
                                  "TIME`, then announce");
    if (!routes_.lease_clock().renew(state->lease))
        return LineReply::refused(ErrorCode::LeaseOver,
                                  "the lease was not renewed in time, its routes are withdrawn; "
                                  "announce them again");
    return LineReply::done();
}

LineReply RouteVerbs::list(const Question& question) {
    return paged_.begin(question.asker, question.bytes, Role::Observe,
                        route_pages(routes_.ledger(), routes_.leases()));
}

}  // namespace exapulse
