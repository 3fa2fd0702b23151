// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/peers/peer_watch.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "daemon/exabgp/selector_guard.hpp"

namespace exapulse {

namespace {

// The verbs of 6.0 that add or remove peers; a reload closes the connection.
constexpr std::array<Verb, 4> changes_peers{"create", "delete", "peer create", "peer delete"};

Command question_at(PeerDetail detail, TimePoint now) {
    Command question;
    question.owner = exapulsed_itself;
    question.queued_at = now;
    question.peers = PeerStep{.question = 0, .detail = detail};
    return question;
}

PeerWatch::Admission refuse(std::string_view why) {
    return {.refused = true,
            .why = fmt::format("{}; to send it anyway, add \"{}\" to commands.unguarded", why,
                               selector_guard),
            .question = {}};
}

}  // namespace

PeerWatch::Admission PeerWatch::admit(Command& command, const DialectRules& rules,
                                      std::span<const std::string> unguarded, TimePoint now) const {
    if (PeerStep* step = command.peers ? &*command.peers : nullptr) {
        // One that waited across a disconnect starts the snapshot of the next connection.
        if (!table_.begun() || step->question >= rules.peer_questions.size())
            *step = {.question = 0, .detail = PeerDetail::Full, .asker = step->asker};
        command.request =
            std::make_shared<const Request>(rules.peer_questions[step->question].line);
        return {};
    }
    if (std::find(unguarded.begin(), unguarded.end(), selector_guard) != unguarded.end()) return {};
    assert(command.request != nullptr);
    const SelectorReading& reading = command.request->selector();
    if (!reading.problem.empty())
        return refuse(
            fmt::format("it is unclear which peers the command is for: {}", reading.problem));
    if (!reading.selector) return {};
    const SelectorCheck check = check_selector(rules, *reading.selector);
    if (!check.problem.empty()) return refuse(check.problem);
    if (!check.needs_peers) return {};

    const bool told_since =
        names_as_of_ && (rules.names_hold || *names_as_of_ >= command.queued_at);
    const bool trusted_still = names_as_of_ && now - *names_as_of_ <= trusted;
    if (told_since || trusted_still) {
        const std::string problem = check_peers(rules, *reading.selector, names_);
        if (problem.empty()) return {};
        if (told_since) return refuse(problem);
    }
    if (names_failed_at_ && *names_failed_at_ >= command.queued_at) {
        if (exabgp_checks(rules, *reading.selector)) return {};
        return refuse(
            fmt::format("cannot list ExaBGP's peers ('{}' failed)", rules.names_question.line));
    }
    Command question = question_at(PeerDetail::Names, now);
    question.request = std::make_shared<const Request>(rules.names_question.line);
    return {.refused = false, .why = {}, .question = std::move(question)};
}

void PeerWatch::on_line(const Command& question, std::string_view line) {
    assert(question.peers);
    if (question.peers->detail != PeerDetail::Names) {
        table_.on_line(line);
        return;
    }
    if (names_answer_.size() + line.size() > PeerTable::longest_answer) names_overflown_ = true;
    if (names_overflown_) return;
    names_answer_ += line;
    names_answer_ += '\n';
}

PeerWatch::Outcome PeerWatch::on_names(const DialectRules& rules, bool ok, const Moment& now) {
    const std::string answer = std::exchange(names_answer_, {});
    const bool whole = !std::exchange(names_overflown_, false) && ok;
    const auto peers =
        whole ? read_peers(rules.names_question.form, answer, now.wall) : std::nullopt;
    if (peers)
        take_names(*peers, now);
    else
        names_failed_at_ = now.steady;
    return {.next = {}, .ok = peers.has_value(), .events = {}};
}

void PeerWatch::take_names(const std::vector<Peer>& peers, const Moment& now) {
    names_ = ConfiguredPeers(peers);
    names_as_of_ = now.steady;
}

PeerWatch::Outcome PeerWatch::on_answer(const Command& question, const DialectRules& rules, bool ok,
                                        const Moment& now) {
    assert(question.peers);
    if (question.peers->detail == PeerDetail::Names) return on_names(rules, ok, now);
    const std::size_t step = question.peers->question;
    assert(step < rules.peer_questions.size());
    Outcome outcome;
    outcome.ok = table_.on_answer(rules.peer_questions[step], ok, question.queued_at, now);
    if (outcome.ok && rules.peer_questions[step].form == rules.names_question.form)
        take_names(table_.peers(), now);
    const bool more = outcome.ok && step + 1 < rules.peer_questions.size() &&
                      question.peers->detail >= rules.peer_questions[step + 1].detail;
    const bool fits = more && (rules.peer_questions[step + 1].form != PeerAnswer::Detail ||
                               table_.peers().size() <= most_in_detail);
    if (fits) {
        outcome.next = question;
        outcome.next->peers->question = step + 1;
        return outcome;
    }
    if (question.peers->asker == nullptr) asking_ = false;
    next_ = now.steady + interval_;
    // The first answer is valid even if the detail is unavailable.
    if (step > 0 && rules.peer_questions[step].if_absent == IfAbsent::Unknown) outcome.ok = true;
    if (outcome.ok) outcome.events = table_.take_changes();
    return outcome;
}

void PeerWatch::on_answer_lost(const Command& question) {
    assert(question.peers);
    if (question.peers->detail == PeerDetail::Names) {
        names_answer_.clear();
        names_overflown_ = false;
        return;
    }
    table_.on_answer_lost();
    if (question.peers->asker == nullptr) asking_ = false;
}

void PeerWatch::on_done(const Request& request) {
    if (begins_with_any(request.words(), changes_peers)) names_as_of_.reset();
}

void PeerWatch::on_closed() {
    table_.on_disconnect();
    names_ = {};
    names_answer_.clear();
    names_overflown_ = false;
    names_as_of_.reset();
    names_failed_at_.reset();
}

Command PeerWatch::question_of(const Command& asked, TimePoint now) {
    assert(asked.sink != nullptr);
    Command question = question_at(PeerDetail::Full, now);
    question.id = asked.id;
    question.owner = asked.owner;
    question.user = asked.user;
    question.peers->asker = asked.sink;
    return question;
}

std::optional<Command> PeerWatch::due(TimePoint now) {
    if (asking_ || now < next_) return std::nullopt;
    asking_ = true;
    return question_at(table_.known() ? PeerDetail::Sessions : PeerDetail::Full, now);
}

std::optional<TimePoint> PeerWatch::next_due() const {
    if (asking_) return std::nullopt;
    return next_;
}

}  // namespace exapulse
