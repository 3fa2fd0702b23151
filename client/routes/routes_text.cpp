// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/routes_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/routes/route_filter.hpp"
#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

bool is(const json& route, const char* what) {
    return flag_field(route, what).value_or(false);
}

/// Such as "12s of 30s left".
std::string lease_text(const json& route) {
    const auto lease = number_field(route, "lease");
    if (!lease) return "-";
    const auto left = static_cast<std::int64_t>(number_field(route, "left").value_or(0));
    if (left <= 0) return "over";
    return fmt::format("{} of {} left", describe_duration(milliseconds(left)),
                       describe_duration(milliseconds(static_cast<std::int64_t>(*lease))));
}

}  // namespace

void RoutesTable::add(const json& route, Time now) {
    const bool kept = is(route, "kept"), lost = is(route, "gone");
    const bool uncertain = is(route, "uncertain"), withdrawn = is(route, "withdrawn");
    if (uncertain) {
        ++uncertain_;
    } else if (!withdrawn) {
        ++(lost ? lost_ : routes_);
        if (kept) ++kept_;
    }
    table_.add({text_field(route, "route").value_or("?"), text_field(route, "peers").value_or("?"),
                owner_text(route), since_text(time_field(route, "since"), now),
                uncertain ? "unknown"
                : lost    ? "lost"
                : kept    ? "yes"
                          : "no",
                lease_text(route), text_field(route, "command").value_or("?")});
}

std::string RoutesTable::text(const Style& style) const {
    std::string count = fmt::format("{}, {} of them kept", counted(routes_, "route"), kept_);
    if (lost_ > 0)
        count += fmt::format(
            "; {} lost with an earlier ExaBGP, exapulse routes replay "
            "--remembered puts them back",
            lost_);
    if (uncertain_ > 0)
        count += fmt::format(
            "; {} of unknown outcome, exapulse routes check shows whether ExaBGP carried it out",
            uncertain_);
    return table_.text(style) + "\n" + style.paint(Colour::Dim, count);
}

}  // namespace exapulse::client
