// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/peer_questions.hpp"

#include <cassert>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/exabgp/peer_json.hpp"
#include "daemon/system/clock.hpp"

namespace exapulse {

void PeerQuestions::submit(const Command& asked, TimePoint now) {
    Command question = PeerWatch::question_of(asked, now);
    question.sink = this;
    queue_.push(std::move(question));
}

void PeerQuestions::ask(TimePoint now) {
    if (!listener_.peers_wanted()) return;
    auto question = watch_.due(now);
    if (!question) return;
    question->sink = this;
    queue_.push(std::move(*question));
}

std::optional<TimePoint> PeerQuestions::next_due() const {
    const auto due = watch_.next_due();
    return due && listener_.peers_wanted() ? due : std::nullopt;
}

void PeerQuestions::hurry(TimePoint now) {
    if (!watch_.table().known()) watch_.hurry(now);
}

PeerWatch::Admission PeerQuestions::admit(Command& command, const DialectRules& rules,
                                          const std::vector<std::string>& unguarded,
                                          TimePoint now) {
    rules_ = &rules;
    auto admission = watch_.admit(command, rules, unguarded, now);
    if (admission.question) admission.question->sink = this;
    return admission;
}

void PeerQuestions::on_done(const Command& command) {
    assert(command.request != nullptr);
    if (!command.peers) watch_.on_done(*command.request);
}

void PeerQuestions::on_answer_line(const Command& question, std::string_view line) {
    watch_.on_line(question, line);
}

void PeerQuestions::on_verdict(const Command& question, const Verdict& verdict) {
    assert(question.peers);
    if (!verdict.lost) {
        on_answer(question, verdict.done);
        return;
    }
    watch_.on_answer_lost(question);
    if (AnswerSink* asker = question.peers->asker) asker->on_verdict(question, verdict);
}

void PeerQuestions::on_answer(const Command& question, bool ok) {
    assert(rules_ != nullptr);
    const Moment at = now();
    auto outcome = watch_.on_answer(question, *rules_, ok, at);
    if (outcome.next) {
        queue_.put_back(std::move(*outcome.next));
        return;
    }
    if (!outcome.ok)
        spdlog::warn("upstream: cannot list ExaBGP's peers ({} failed)", question.line());
    // A poll now and then shows what there is, not what happens.
    if (listener_.peers_wanted()) {
        for (const Event& change : outcome.events) listener_.on_peer_change(change, at);
        if (outcome.ok) listener_.on_peers_answer(at.wall);
    }
    AnswerSink* asker = question.peers->asker;
    if (asker == nullptr) return;
    if (outcome.ok) asker->on_answer_line(question, format_peers(watch_.table().peers(), at.wall));
    asker->on_verdict(question, outcome.ok ? Verdict::of_exabgp(true)
                                           : Verdict::of_exapulsed(
                                                 ErrorCode::ExabgpFailed,
                                                 "ExaBGP does not tell which peers it has; its log "
                                                 "may say why"));
}

}  // namespace exapulse
