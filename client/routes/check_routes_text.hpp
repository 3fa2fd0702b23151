// SPDX-License-Identifier: BSD-3-Clause
// What `exapulse routes check` has found, as people and as programs read it. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "client/routes/route_findings.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

/// A table, unless there is nothing for it, and a line that counts; no LF at the end.
[[nodiscard]] std::string findings_text(const RouteFindings& findings, const Style& style);

/// One object of JSON for each finding, and one that counts.
void print_findings_json(const RouteFindings& findings,
                         const std::function<void(const std::string& line)>& print);

/// What to do about the findings; empty: nothing. `repaired`: it was tried.
[[nodiscard]] std::string findings_advice(const RouteFindings& findings, bool repaired);

}  // namespace exapulse::client
