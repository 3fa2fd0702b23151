// SPDX-License-Identifier: BSD-3-Clause
// The cost of exapulsed's checks of a line, on arrival and when it is its turn: nanoseconds for
// each, without input and output.
#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "daemon/commands/line_check.hpp"
#include "daemon/exabgp/command_guard.hpp"
#include "daemon/exabgp/selector_guard.hpp"

namespace {

using namespace exapulse;

/// The checks of RequestDispatcher, UpstreamDialogue and PeerWatch; true if the line may be
/// written.
bool decide(const std::string& line, const DialectRules& rules) {
    if (!harm_in(line).empty()) return false;
    const Request request(line);
    if (!misspelling(request).empty() || !incomplete(request).empty()) return false;
    if (!excess_of(request, {192U << 10, 1000}).empty()) return false;
    if (!guard_against(rules, request, {}).empty()) return false;
    const auto& selector = request.selector().selector;
    return !selector || check_selector(rules, *selector).problem.empty();
}

void measure(const std::string& line, Dialect dialect) {
    constexpr int rounds = 100'000;
    int passed = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) passed += decide(line, rules_of(dialect)) ? 1 : 0;
    const auto spent = std::chrono::steady_clock::now() - begin;
    fmt::print("{:>6} ns  {} {:9}  {}\n",
               std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count() / rounds,
               passed == rounds ? "passed " : "refused", name_of(dialect), line);
}

}  // namespace

int main() {
    for (const char* line :
         {"peer * announce route 192.0.2.0/24 next-hop 198.51.100.1",
          "peer [192.0.2.1, 192.0.2.2] announce route 192.0.2.0/24 next-hop 198.51.100.1 med 100 "
          "community [65000:1 65000:2]",
          "daemon status", "system version"})
        measure(line, Dialect::V6);
    for (const char* line : {"announce route 192.0.2.0/24 next-hop 198.51.100.1", "version",
                             "neighbor 192.0.2.1 withdraw route 192.0.2.0/24"})
        measure(line, Dialect::Pipes42);
}
