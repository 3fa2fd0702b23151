// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/route_pages.hpp"

#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/units.hpp"
#include "daemon/system/clock.hpp"

namespace exapulse {

namespace {

using nlohmann::ordered_json;

template <typename Value>
ordered_json or_null(const std::optional<Value>& value) {
    return value ? ordered_json(*value) : ordered_json(nullptr);
}

std::string format_route(RouteNumber number, const LedgerEntry& entry, const Leases& leases,
                         TimePoint now) {
    std::optional<std::int64_t> lease, left;
    std::optional<bool> held;
    const RouteMandate& mandate = *entry.mandate;
    if (mandate.lease != 0 && mandate.lease_terms) {
        lease = mandate.lease_terms->ttl.count();
        const auto end = leases.end_of(mandate.lease);
        left = end ? std::chrono::duration_cast<Milliseconds>(*end - now).count() : 0;
        if (mandate.lease_terms->grace) held = leases.is_held(mandate.lease);
    }
    const RouteOwner& owner = mandate.owner;
    const auto name = owner.name.empty() ? std::nullopt : std::optional(owner.name);
    return json_text(ordered_json{{"number", number},
                                  {"route", entry.nlri()},
                                  {"peers", mandate.peers.empty() ? "*" : mandate.peers},
                                  {"withdrawn", entry.withdraws},
                                  {"kept", entry.kept},
                                  {"uid", owner.uid},
                                  {"user", owner.user},
                                  {"name", or_null(name)},
                                  {"lease", or_null(lease)},
                                  {"left", or_null(left)},
                                  {"held", or_null(held)},
                                  {"gone", entry.gone()},
                                  {"uncertain", entry.uncertain()},
                                  {"since", format_time(entry.since)},
                                  {"command", entry.line()}});
}

}  // namespace

PagedAnswers::Fetch route_pages(const Ledger& ledger, const Leases& leases) {
    return [&ledger, &leases, last = RouteNumber{0}](std::size_t bytes,
                                                     const PagedAnswers::Take& take) mutable {
        PagedAnswers::Page page;
        const TimePoint now = steady_now();
        const auto& entries = ledger.entries();
        auto entry = entries.upper_bound(last);
        for (; entry != entries.end() && page.lines.size() < bytes; ++entry) {
            last = entry->first;
            page.lines.append(format_route(entry->first, entry->second, leases, now)).append("\n");
        }
        page.last = entry == entries.end();
        take(std::move(page));
    };
}

}  // namespace exapulse
