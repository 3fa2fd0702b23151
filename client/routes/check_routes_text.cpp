// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/check_routes_text.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "client/view/table.hpp"
#include "common/json.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::ordered_json;
using What = RouteFinding::What;

/// What a terminal shows of routes that are no error.
constexpr std::size_t most_extra_shown = 20;

std::string details_of(const RouteFinding& finding) {
    std::vector<std::string> texts;
    for (const AttributeDifference& one : finding.differences)
        texts.push_back(fmt::format("{} is {}, not {}", one.name,
                                    one.found.empty() ? "not set" : one.found, one.wanted));
    if (finding.what == What::NoSuchPeer) texts.emplace_back("ExaBGP has none of its peers");
    if (texts.empty()) texts.push_back(finding.command);
    return fmt::format("{}", fmt::join(texts, "; "));
}

std::vector<std::string> peers_of(const RouteFinding& finding) {
    return finding.peers.empty() ? std::vector<std::string>{"*"} : finding.peers;
}

std::string not_compared_text(const RouteFindings& findings) {
    std::vector<std::string> texts;
    for (const auto& [kind, count] : findings.not_compared)
        texts.push_back(fmt::format("{} {}", count, kind));
    return fmt::format("{}", fmt::join(texts, ", "));
}

std::string counts_of(const RouteFindings& findings) {
    std::vector<std::string> parts;
    for (const What what : {What::Missing, What::Different, What::NotWithdrawn, What::NoSuchPeer})
        if (const auto count = findings.count(what); count > 0)
            parts.push_back(fmt::format("{} {}", count, name_of(what)));
    if (parts.empty()) parts.emplace_back("all as announced");
    if (!findings.settled.empty())
        parts.push_back(fmt::format("{} settled", counted(findings.settled.size(), "command")));
    if (findings.uncertain > 0)
        parts.push_back(
            fmt::format("{} of unknown outcome", counted(findings.uncertain, "command")));
    if (findings.extras() > 0) parts.push_back(fmt::format("{} extra", findings.extras()));
    if (!findings.not_compared.empty())
        parts.push_back("not compared: " + not_compared_text(findings));
    if (findings.attributes_not_compared > 0)
        parts.push_back(
            fmt::format("attributes not compared: {}", findings.attributes_not_compared));
    return fmt::format("{}: {}", counted(findings.routes, "route"), fmt::join(parts, "; "));
}

ordered_json json_of(std::uint64_t number, const RouteFinding& finding) {
    ordered_json object{{"finding", name_of(finding.what)},
                        {"number", number},
                        {"route", finding.nlri},
                        {"peers", peers_of(finding)},
                        {"command", finding.command}};
    for (const AttributeDifference& one : finding.differences)
        object["attributes"][one.name] = {{"ledger", one.wanted}, {"exabgp", one.found}};
    return object;
}

}  // namespace

std::string findings_text(const RouteFindings& findings, const Style& style) {
    Table table({"Finding", "Route", "Peers", "Details"});
    for (const auto& [number, finding] : findings.wrong)
        table.add({name_of(finding.what), finding.nlri,
                   fmt::format("{}", fmt::join(peers_of(finding), ",")), details_of(finding)});
    for (const SettledRoute& route : findings.settled)
        table.add(
            {route.done ? "done" : "not-done", route.nlri, route.peers,
             fmt::format("{}: {}", route.done ? "carried out" : "not carried out", route.command)});
    const std::size_t shown = std::min(findings.extra.size(), most_extra_shown);
    for (std::size_t i = 0; i < shown; ++i)
        table.add({"extra", findings.extra[i].nlri, findings.extra[i].peer,
                   "not announced through exapulsed"});
    std::string text;
    if (!findings.wrong.empty() || !findings.settled.empty() || shown > 0)
        text = table.text(style) + "\n";
    if (findings.extras() > shown)
        text += fmt::format("and {} more extra\n", findings.extras() - shown);
    return text +
           style.paint(findings.all_well() ? Colour::Good : Colour::Bad, counts_of(findings));
}

void print_findings_json(const RouteFindings& findings,
                         const std::function<void(const std::string& line)>& print) {
    for (const auto& [number, finding] : findings.wrong) print(json_text(json_of(number, finding)));
    for (const SettledRoute& route : findings.settled)
        print(json_text(ordered_json{{"finding", route.done ? "done" : "not-done"},
                                     {"number", route.number},
                                     {"route", route.nlri},
                                     {"peers", {route.peers}},
                                     {"command", route.command}}));
    for (const ExtraRoute& route : findings.extra)
        print(json_text(
            ordered_json{{"finding", "extra"}, {"route", route.nlri}, {"peers", {route.peer}}}));
    ordered_json summary{{"finding", "summary"}, {"routes", findings.routes}};
    for (const What what : {What::Missing, What::Different, What::NotWithdrawn, What::NoSuchPeer})
        summary[name_of(what)] = findings.count(what);
    summary["settled"] = findings.settled.size();
    summary["uncertain"] = findings.uncertain;
    summary["extra"] = findings.extras();
    summary["not_compared"] = ordered_json::object();
    for (const auto& [kind, count] : findings.not_compared) summary["not_compared"][kind] = count;
    summary["attributes_not_compared"] = findings.attributes_not_compared;
    print(json_text(summary));
}

std::string findings_advice(const RouteFindings& findings, bool repaired) {
    if (findings.all_well()) return {};
    const bool can_help = findings.count(What::NoSuchPeer) < findings.wrong.size();
    if (!can_help)
        return "nothing can be announced to peers that ExaBGP does not have; withdraw these "
               "routes, "
               "or configure the peers";
    if (repaired) return "announced again, and still not as it should be; see ExaBGP's log";
    return "exapulse routes check --repair announces them again";
}

}  // namespace exapulse::client
