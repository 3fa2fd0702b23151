// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/routes_command.hpp"

#include <string>
#include <utility>

#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "client/routes/check_routes_command.hpp"
#include "client/routes/list_routes.hpp"
#include "client/routes/order_routes.hpp"
#include "client/run/run_command.hpp"

namespace exapulse::client {

namespace {

struct Given {
    RouteFilter filter{};
    bool json = false;
    bool yes = false;
    bool all = false;
    bool repair = false;
    Words words{};  // the first is an action, or the prefix
};

Given read(const SubcommandWords& words) {
    Given given;
    SubcommandLine line(words);
    line.bind("--owner", given.filter.owner);
    line.bind("--peer", given.filter.peer);
    line.bind("--kept", given.filter.kept);
    line.bind("--remembered", given.filter.remembered);
    line.bind("--all", given.all);
    line.bind("--yes", given.yes);
    line.bind("--json", given.json);
    line.bind("--repair", given.repair);
    given.words = line.read(2);
    return given;
}

Action ordered(const RouteOrder& order, Given given) {
    if (order.asks && !given.filter.any() && !given.all)
        refuse("routes {} needs a PREFIX, --owner, --peer, --kept or --remembered, or --all",
               order.verb);
    return {OrderRoutesOptions{&order, std::move(given.filter), given.yes}, order_routes};
}

Action imported(const Given& given) {
    if (!given.filter.prefix)
        refuse("routes import needs the FILE that routes export wrote, or - for standard input");
    return run_kept_batch(*given.filter.prefix);
}

Action checked(Given given) {
    CheckRoutesOptions options{std::exchange(given.filter.peer, std::nullopt), given.json,
                               given.repair};
    if (given.filter.any() || given.words.size() > 1)
        refuse("routes check looks at all routes, or with --peer at those of one peer");
    return {std::move(options), check_routes};
}

}  // namespace

Action routes_command(const SubcommandWords& words) {
    Given given = read(words);
    const std::string action = given.words.empty() ? "" : std::string(given.words.front());
    if (action == "check") return checked(std::move(given));
    if (given.repair) refuse("--repair is only for routes check");
    const RouteOrder* order = find_route_order(action);
    const bool named =
        order != nullptr || action == "list" || action == "export" || action == "import";
    if (!named && given.words.size() > 1)
        refuse("routes takes one PREFIX; unexpected: {}", given.words[1]);
    const std::size_t at = named ? 1 : 0;
    if (given.words.size() > at) given.filter.prefix = std::string(given.words[at]);
    if (action == "import") return imported(given);
    if (order != nullptr) return ordered(*order, std::move(given));
    using As = ListRoutesOptions::As;
    const As as = action == "export" ? As::Batch : given.json ? As::Json : As::Table;
    return {ListRoutesOptions{std::move(given.filter), as}, list_routes};
}

}  // namespace exapulse::client
