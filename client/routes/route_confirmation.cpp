// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/route_confirmation.hpp"

#include <nlohmann/json.hpp>

#include "client/routes/route_filter.hpp"
#include "common/json_fields.hpp"

namespace exapulse::client {

RouteConfirmation::RouteConfirmation(RouteFindings& findings, std::uint64_t last)
    : findings_(findings), last_(last) {
    for (const auto& [number, finding] : findings.wrong) wrong_.insert(finding.nlri);
    for (const ExtraRoute& route : findings.extra) extra_.insert(route.nlri);
}

bool RouteConfirmation::needed() const {
    return !wrong_.empty() || !extra_.empty();
}

void RouteConfirmation::take(const nlohmann::json& line) {
    const auto field = number_field(line, "number");
    const auto nlri = text_field(line, "route");
    if (!field || !nlri || !is_certain(line)) return;
    const auto number = static_cast<std::uint64_t>(*field);
    if (number > last_) extra_.erase(*nlri);
    if (!wrong_.contains(*nlri)) return;
    const bool everyone = text_field(line, "peers").value_or("*") == "*";
    entries_.insert({number, {text_field(line, "command").value_or(""), *nlri, everyone}});
}

void RouteConfirmation::settle() {
    for (auto finding = findings_.wrong.begin(); finding != findings_.wrong.end();) {
        const auto entry = entries_.find(finding->first);
        if (entry == entries_.end()) {
            finding = findings_.wrong.erase(finding);
            continue;
        }
        finding->second.command = entry->second.command;
        ++finding;
    }
    std::erase_if(findings_.extra,
                  [&](const ExtraRoute& route) { return !extra_.contains(route.nlri); });
}

std::vector<std::uint64_t> RouteConfirmation::repair() const {
    std::vector<std::uint64_t> numbers;
    std::unordered_set<std::string> said_to_all;
    for (const auto& [number, entry] : entries_) {
        const auto finding = findings_.wrong.find(number);
        const bool wrong = finding != findings_.wrong.end() &&
                           finding->second.what != RouteFinding::What::NoSuchPeer;
        if (!wrong && !said_to_all.contains(entry.nlri)) continue;
        numbers.push_back(number);
        if (entry.everyone) said_to_all.insert(entry.nlri);
    }
    return numbers;
}

}  // namespace exapulse::client
