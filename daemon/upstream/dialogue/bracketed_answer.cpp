// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/bracketed_answer.hpp"

#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "daemon/exabgp/command_guard.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

BracketedAnswer::BracketedAnswer(const DialectRules& rules, std::shared_ptr<const Request> command,
                                 std::size_t most)
    : rules_(&rules),
      command_(std::move(command)),
      reads_(command_ && only_reads(rules, *command_)),
      summary_(command_ && asks_for_summary(rules, *command_)),
      most_(most) {
    assert(!rules.witness.empty() && !rules.spacer.empty());
}

std::string BracketedAnswer::text() const {
    return command_ ? fmt::format("{}\n{}\n{}", rules_->witness, command_->text(), closing())
                    : closing();
}

std::string BracketedAnswer::closing() const {
    return fmt::format("{}\n{}\n{}", rules_->witness, rules_->spacer, rules_->witness);
}

BracketedAnswer::Progress BracketedAnswer::add(std::string_view line, const UpstreamReply& reply) {
    if (line == rules_->witness_answer) {
        begin_section();
        return Progress::Step;
    }
    const bool done = std::holds_alternative<reply::Done>(reply);
    const bool ends = is_terminator(reply);
    if (sections_.empty()) {
        if (ends) ++(done ? other_dones_ : other_errors_);
        return Progress::None;
    }
    Section& section = sections_.back();
    if (ends) {
        ++(done ? section.dones : section.errors);
        return has_ended() ? Progress::Complete : Progress::Step;
    }
    if (section.dones + section.errors == 0) section.early = true;
    section.bytes += line.size() + 1;
    section.too_long |= section.bytes > most_;
    if (!section.too_long) section.lines.emplace_back(line);
    return Progress::Step;
}

void BracketedAnswer::begin_section() {
    // Two of them may be the command's, and two close it.
    constexpr std::size_t needed = 4;
    sections_.emplace_back();
    if (sections_.size() <= needed) return;
    other_dones_ += sections_.front().dones;
    other_errors_ += sections_.front().errors;
    sections_.pop_front();
}

bool BracketedAnswer::has_ended() const {
    // The closing part, and before it what the command needs.
    const std::size_t needed = !command_ ? 2 : summary_ ? 4 : 3;
    if (sections_.size() < needed) return false;
    return sections_.back().is(1) && sections_[sections_.size() - 2].is(2);
}

BracketedAnswer::Outcome BracketedAnswer::outcome(bool alone) const {
    assert(command_ != nullptr && has_ended());
    const Section& section = own();
    if (section.too_long) return Outcome::Unclear;
    if (summary_) {
        const bool led = sections_[sections_.size() - 4].is(1);
        return led && section.dones == 1 && section.errors == 0 ? Outcome::Done : Outcome::Unclear;
    }
    if (section.early || section.dones == 0) return Outcome::Unclear;
    // One `done` is the witness's.
    if (section.dones == 1 && section.errors > 0) return Outcome::Error;
    if (section.dones == 2 && section.errors == 0)
        return alone || reads_ || section.lines.empty() ? Outcome::Done : Outcome::Unclear;
    if (section.dones != 1 || !alone) return Outcome::Unclear;
    // It may have been answered at once.
    if (other_dones_ + other_errors_ > 1) return Outcome::Unclear;
    if (other_dones_ == 1) return Outcome::Done;
    return other_errors_ == 1 ? Outcome::Error : Outcome::None;
}

std::vector<std::string> BracketedAnswer::lines() const {
    assert(command_ != nullptr && has_ended());
    std::vector<std::string> lines = own().lines;
    if (summary_) lines.emplace(lines.begin(), rules_->witness_answer);
    return lines;
}

}  // namespace exapulse
