// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/route_pages.hpp"

#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/units.hpp"

namespace exapulse {

namespace {

std::string format_route(RouteNumber number, const LedgerEntry& entry) {
    return json_text(nlohmann::ordered_json{{"number", number},
                                            {"route", entry.nlri},
                                            {"peers", entry.peers.empty() ? "*" : entry.peers},
                                            {"withdrawn", entry.withdraws},
                                            {"kept", entry.kept},
                                            {"uid", entry.owner.uid},
                                            {"user", entry.owner.user},
                                            {"since", format_time(entry.since)},
                                            {"command", entry.line}});
}

}  // namespace

PagedAnswers::Fetch route_pages(const Ledger& ledger) {
    return [&ledger, last = RouteNumber{0}](std::size_t bytes,
                                            const PagedAnswers::Take& take) mutable {
        PagedAnswers::Page page;
        const auto& entries = ledger.entries();
        auto entry = entries.upper_bound(last);
        for (; entry != entries.end() && page.lines.size() < bytes; ++entry) {
            last = entry->first;
            page.lines.append(format_route(entry->first, entry->second)).append("\n");
        }
        page.last = entry == entries.end();
        take(std::move(page));
    };
}

}  // namespace exapulse
