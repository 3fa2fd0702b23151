// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/check_routes_command.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/exchange/question.hpp"
#include "client/routes/check_routes_text.hpp"
#include "client/routes/expected_routes.hpp"
#include "client/routes/order_routes.hpp"
#include "client/routes/rib_questions.hpp"
#include "client/routes/route_comparison.hpp"
#include "client/routes/route_confirmation.hpp"
#include "client/routes/route_doubts.hpp"
#include "client/view/terminal.hpp"
#include "common/ip_address.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

constexpr std::string_view ledger_question = "sidecar routes";

/// Exit code 1 is for findings: a question that ExaBGP did not answer is safe to repeat.
std::optional<ExitCode> failure_to_show(const Verdict& verdict) {
    if (verdict.code == ExitCode::Done) return std::nullopt;
    const Verdict told = verdict_on_query(verdict);
    complain(fmt::format("ExaBGP does not show its routes: {}", told.text));
    return told.code == ExitCode::ExabgpError ? ExitCode::NotSent : told.code;
}

bool is_status(const nlohmann::json& answer) {
    return answer.is_object() && answer.contains("state");
}

/// Checks once, or again after a repair.
class RouteCheck {
  public:
    RouteCheck(const Arguments& arguments, const CheckRoutesOptions& options)
        : arguments_(arguments), options_(options) {}

    /// What keeps the check from being made, having said so; nullopt: findings() are there.
    [[nodiscard]] std::optional<ExitCode> run() {
        nlohmann::json status;
        const Reply reply = ask(arguments_, "sidecar status");
        if (const auto failed = failure_of(reply, arguments_, is_status, status)) return failed;
        if (!object_field(object_field(status, "routes"), "replaying").empty()) {
            complain(
                "exapulsed is announcing the kept routes to a new ExaBGP; ask again when "
                "exapulse status says that it is done");
            return ExitCode::NotSent;
        }
        return compare(text_field(status, "dialect").value_or(""));
    }

    [[nodiscard]] const RouteFindings& findings() const { return findings_; }
    [[nodiscard]] const std::vector<std::uint64_t>& repair() const { return repair_; }

  private:
    std::optional<ExitCode> compare(const std::string& dialect) {
        ExpectedRoutes expected;
        RouteDoubts doubts;
        if (const auto failed = ask_ledger([&](const nlohmann::json& route) {
                expected.add(route);
                // One peer does not tell what all of them are sent.
                if (!options_.peer) doubts.add(route);
            }))
            return failed;
        const RibQuestions questions(arguments_, dialect, options_.peer);
        std::vector<RibPeer> peers = questions.peers();
        if (const auto failed = refuse_unknown_peer(peers)) return failed;
        doubts.begin(peers);
        RouteComparison comparison(expected, std::move(peers), options_.peer);
        const Verdict verdict = questions.routes([&](std::string_view peer, const RibRoute& route) {
            comparison.see(peer, route);
            doubts.see(peer, route);
        });
        if (const auto failed = failure_to_show(verdict)) return failed;
        // Those of the check before a repair are told as well.
        const std::vector<SettledRoute> before = std::move(findings_.settled);
        findings_ = comparison.end();
        doubts.end(expected, comparison, findings_);
        settle();
        findings_.settled.insert(findings_.settled.begin(), before.begin(), before.end());
        return confirm(expected.last_number());
    }

    std::optional<ExitCode> refuse_unknown_peer(const std::vector<RibPeer>& peers) const {
        if (!options_.peer || peers.empty()) return std::nullopt;
        for (const RibPeer& peer : peers)
            if (same_address(peer.address, *options_.peer)) return std::nullopt;
        complain(fmt::format("ExaBGP has no peer {}; see exapulse peers", *options_.peer));
        return ExitCode::Usage;
    }

    /// Tells exapulsed what has become of commands; what clients have changed meanwhile it knows
    /// better. What was not done first, since nothing newer may be left where something was.
    void settle() {
        for (const bool done : {false, true}) {
            std::vector<std::uint64_t> numbers;
            for (const SettledRoute& route : findings_.settled)
                if (route.done == done) numbers.push_back(route.number);
            for (std::size_t at = 0; at < numbers.size(); at += most_in_line) {
                const auto some =
                    std::span(numbers).subspan(at, std::min(most_in_line, numbers.size() - at));
                const Reply reply =
                    ask(arguments_, fmt::format("sidecar settle {} {}", done ? "done" : "not-done",
                                                fmt::join(some, " ")));
                if (reply.verdict.code == ExitCode::Done || arguments_.quiet) continue;
                remark(fmt::format("exapulsed was not told what became of {}: {}",
                                   counted(some.size(), "command"), reply.verdict.text));
            }
        }
    }

    std::optional<ExitCode> confirm(std::uint64_t last) {
        RouteConfirmation confirmation(findings_, last);
        repair_.clear();
        if (!confirmation.needed()) return std::nullopt;
        if (const auto failed =
                ask_ledger([&](const nlohmann::json& route) { confirmation.take(route); }))
            return failed;
        confirmation.settle();
        repair_ = confirmation.repair();
        return std::nullopt;
    }

    std::optional<ExitCode> ask_ledger(
        const std::function<void(const nlohmann::json&)>& on_route) const {
        const Verdict verdict = ask(arguments_, ledger_question, [&](std::string_view line) {
            on_route(parsed(std::string(line)));
        });
        return failure_of(verdict, arguments_);
    }

    const Arguments& arguments_;
    const CheckRoutesOptions& options_;
    RouteFindings findings_;
    std::vector<std::uint64_t> repair_;
};

void print(const RouteFindings& findings, bool as_json) {
    if (as_json)
        print_findings_json(findings, [](const std::string& line) { print_answer(line); });
    else
        print_line(findings_text(findings, style_of_stdout()));
    flush_output();
}

}  // namespace

ExitCode check_routes(const Arguments& arguments, const CheckRoutesOptions& options) {
    RouteCheck check(arguments, options);
    if (const auto failed = check.run()) return *failed;
    ExitCode worst = ExitCode::Done;
    const bool repairs = options.repair && !check.repair().empty();
    if (repairs) {
        const RouteOrder* again = find_route_order("replay");
        assert(again != nullptr);
        const OrderedRoutes repaired = order_routes(arguments, *again, check.repair());
        worst = repaired.worst;
        if (!arguments.quiet)
            remark(fmt::format("announced {} again", counted(repaired.done, "route")));
        if (const auto failed = check.run()) return *failed;
    }
    if (!arguments.quiet) print(check.findings(), options.json);
    const std::string advice = findings_advice(check.findings(), repairs);
    if (!arguments.quiet && !options.json && !advice.empty()) remark(advice);
    if (!check.findings().all_well()) return worse(worst, ExitCode::ExabgpError);
    return worst == ExitCode::ExabgpError ? ExitCode::Done : worst;
}

}  // namespace exapulse::client
