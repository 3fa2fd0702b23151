// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/order_routes.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <iostream>
#include <span>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/exchange/question.hpp"
#include "client/view/terminal.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using Numbers = std::vector<std::uint64_t>;

constexpr std::array orders{
    RouteOrder{.verb = "forget", .past = "forgot", .asks = true},
    RouteOrder{.verb = "keep", .past = "keeping", .asks = false},
    RouteOrder{.verb = "replay", .past = "announced", .asks = false, .announces = true},
    RouteOrder{.verb = "withdraw", .past = "withdrew", .asks = true}};

/// More than these are not withdrawn or forgotten before a person has said so.
constexpr std::size_t most_unasked = 10;

/// `problem` is set where they could not be read.
Numbers numbers_of(const Arguments& arguments, const RouteOrder& order, const RouteFilter& filter,
                   std::optional<ExitCode>& problem) {
    Numbers numbers;
    const Verdict verdict = ask(arguments, "sidecar routes", [&](std::string_view line) {
        const auto route = parsed(std::string(line));
        const auto number = number_field(route, "number");
        // Sent again, a withdrawal would withdraw what is announced again here.
        const bool may_be_withdrawn = flag_field(route, "withdrawn").value_or(false) &&
                                      flag_field(route, "uncertain").value_or(false);
        if (order.announces && may_be_withdrawn) return;
        if (number && filter.fits(route)) numbers.push_back(static_cast<std::uint64_t>(*number));
    });
    problem = failure_of(verdict, arguments);
    return numbers;
}

bool is_confirmed(const RouteOrder& order, std::size_t routes) {
    if (!order.asks || routes <= most_unasked) return true;
    if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) return true;
    std::cerr << fmt::format("exapulse: {} {}? [y/N] ", order.verb, counted(routes, "route"))
              << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return !answer.empty() && std::tolower(static_cast<unsigned char>(answer[0])) == 'y';
}

/// Reports reasons and errors. False: the rest is not to be sent.
bool carry_out(const Arguments& arguments, const RouteOrder& order,
               std::span<const std::uint64_t> numbers, OrderedRoutes& tally) {
    const Reply reply =
        ask(arguments, fmt::format("sidecar {} {}", order.verb, fmt::join(numbers, " ")));
    const bool unsaved = reply.verdict.error == ErrorCode::NotSaved;
    ExitCode code = reply.verdict.code;
    if (!unsaved || !std::exchange(tally.unsaved, true))
        code = failure_of(reply, arguments).value_or(ExitCode::Done);
    tally.worst = worse(tally.worst, code);
    const bool goes_on = code == ExitCode::Done || code == ExitCode::ExabgpError || unsaved;
    if (reply.lines.empty()) {
        if (code == ExitCode::Done || unsaved) tally.done += numbers.size();
        return goes_on;
    }
    const auto result = parsed(reply.lines.front());
    tally.done += static_cast<std::uint64_t>(number_field(result, "done").value_or(0));
    const auto reasons = result.find("reasons");
    if (reasons == result.end() || !reasons->is_array()) return goes_on;
    for (const auto& reason : *reasons)
        if (reason.is_string()) complain(reason.get<std::string>());
    return goes_on;
}

}  // namespace

const RouteOrder* find_route_order(std::string_view verb) {
    const auto found = std::find_if(orders.begin(), orders.end(),
                                    [&](const RouteOrder& order) { return order.verb == verb; });
    return found == orders.end() ? nullptr : &*found;
}

OrderedRoutes order_routes(const Arguments& arguments, const RouteOrder& order,
                           std::span<const std::uint64_t> numbers) {
    OrderedRoutes tally;
    while (!numbers.empty()) {
        const auto some = numbers.first(std::min(numbers.size(), most_in_line));
        if (!carry_out(arguments, order, some, tally)) break;
        numbers = numbers.subspan(some.size());
    }
    return tally;
}

ExitCode order_routes(const Arguments& arguments, const OrderRoutesOptions& options) {
    std::optional<ExitCode> problem;
    const Numbers numbers = numbers_of(arguments, *options.order, options.filter, problem);
    if (problem) return *problem;
    if (numbers.empty()) {
        remark("no such route was announced through exapulsed");
        return ExitCode::Done;
    }
    if (!options.yes && !is_confirmed(*options.order, numbers.size())) {
        remark("nothing was done");
        return ExitCode::Usage;
    }
    const OrderedRoutes tally = order_routes(arguments, *options.order, numbers);
    if (!arguments.quiet)
        remark(fmt::format("{} {}", options.order->past, counted(tally.done, "route")));
    return tally.worst;
}

}  // namespace exapulse::client
