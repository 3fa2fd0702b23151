// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/peers/peer_watch.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/commands/command_policy.hpp"
#include "daemon/exabgp/peer_selector.hpp"

namespace exapulse {

namespace {

// Those of 6.0 that change which peers there are; a reload closes the connection.
constexpr std::array<std::string_view, 4> changes_peers{"create", "delete", "peer create",
                                                        "peer delete"};

// Enough to see the typo; `exapulse peers` shows all.
constexpr std::size_t shown = 10;

std::string list_of(const std::vector<Peer>& peers) {
    if (peers.empty()) return "it has none";
    std::vector<std::string_view> addresses;
    for (const Peer& peer : peers)
        if (addresses.size() < shown) addresses.push_back(peer.address);
    const std::string more =
        peers.size() > shown ? fmt::format(" and {} more", peers.size() - shown) : "";
    return fmt::format("it has {}{}", fmt::join(addresses, ", "), more);
}

Command question_at(SessionId owner, CommandId id, PictureDepth depth, TimePoint now) {
    Command question;
    question.id = id;
    question.owner = owner;
    question.queued_at = now;
    question.peers = PeerStep{.question = 0, .depth = depth};
    return question;
}

}  // namespace

PeerWatch::Admission PeerWatch::admit(Command& command, const DialectRules& rules,
                                      std::span<const std::string> unguarded, TimePoint now) const {
    if (PeerStep* step = command.peers ? &*command.peers : nullptr) {
        // One that waited over the end of a connection begins the picture of the next.
        if (!table_.begun() || step->question >= rules.peer_questions.size())
            *step = {.question = 0, .depth = PictureDepth::Whole};
        command.line = rules.peer_questions[step->question].line;
        return {};
    }
    const bool guarded = rules.selector_trap && std::find(unguarded.begin(), unguarded.end(),
                                                          selector_guard) == unguarded.end();
    if (!guarded) return {};
    const auto selector = PeerSelector::in(command.line);
    if (!selector) return {};

    const auto as_of = table_.as_of();
    const bool told_since = as_of && *as_of >= command.queued_at;
    const bool trusted_still = as_of && now - *as_of <= trusted;
    if ((told_since || trusted_still) && selector->matches(table_.peers())) return {};
    if (told_since)
        return {.refused = true,
                .why = fmt::format(
                    "no peer of ExaBGP matches '{}', and 6.0 would carry the command out on every "
                    "peer; {}; to send it all the same, put \"{}\" into commands.unguarded",
                    selector->text(), list_of(table_.peers()), selector_guard),
                .question = {}};
    if (const auto failed = table_.failed_at(); failed && *failed >= command.queued_at)
        return {.refused = true,
                .why = fmt::format(
                    "ExaBGP does not tell which peers it has ('{}'), and 6.0 carries out a command "
                    "whose selector matches none on every peer; to send it all the same, put "
                    "\"{}\" into commands.unguarded",
                    rules.peer_questions[0].line, selector_guard),
                .question = {}};
    Command question = question_at(exapulsed_itself, 0, PictureDepth::Existence, now);
    question.line = rules.peer_questions[0].line;
    return {.refused = false, .why = {}, .question = std::move(question)};
}

PeerWatch::Outcome PeerWatch::on_answer(const Command& question, const DialectRules& rules, bool ok,
                                        const Moment& now) {
    const std::size_t step = question.peers->question;
    Outcome outcome;
    outcome.ok = table_.on_answer(rules.peer_questions[step], ok, question.queued_at, now);
    const bool more = outcome.ok && step + 1 < rules.peer_questions.size() &&
                      question.peers->depth >= rules.peer_questions[step + 1].depth;
    const bool fits = more && (rules.peer_questions[step + 1].form != PeerAnswer::Detail ||
                               table_.peers().size() <= most_in_detail);
    if (fits) {
        outcome.next = question;
        outcome.next->peers->question = step + 1;
        return outcome;
    }
    if (question.owner == exapulsed_itself) asking_ = false;
    next_ = now.steady + interval_;
    // What the first answer told holds even where the detail is not to be had.
    if (step > 0 && rules.peer_questions[step].unnamed == Unnamed::Unsaid) outcome.ok = true;
    if (outcome.ok) outcome.events = table_.settle();
    return outcome;
}

void PeerWatch::on_answer_lost(const Command& question) {
    table_.on_answer_lost();
    if (question.owner == exapulsed_itself) asking_ = false;
}

void PeerWatch::on_done(std::string_view line) {
    if (begins_with_any(line, changes_peers)) table_.outdate();
}

Command PeerWatch::question_of(SessionId owner, CommandId id, TimePoint now) {
    return question_at(owner, id, PictureDepth::Whole, now);
}

std::optional<Command> PeerWatch::due(TimePoint now) {
    if (asking_ || now < next_) return std::nullopt;
    asking_ = true;
    return question_at(exapulsed_itself, 0,
                       table_.known() ? PictureDepth::Sessions : PictureDepth::Whole, now);
}

std::optional<TimePoint> PeerWatch::next_due() const {
    if (asking_) return std::nullopt;
    return next_;
}

}  // namespace exapulse
