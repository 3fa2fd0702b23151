// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/routes/replay.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "common/route_text.hpp"
#include "daemon/routes/route_batch.hpp"

namespace exapulse {

void Replay::begin(const Moment& now) {
    stop();
    began_ = now.steady;
    total_ = ledger_.kept();
}

void Replay::stop() {
    began_.reset();
    last_ = 0;
    sent_.clear();
    on_their_way_ = 0;
    again_.clear();
    numbers_.clear();
    unanswered_.clear();
    counted_.clear();
    total_ = 0;
    closed_ = 0;
    result_ = {};
    for (const RouteNumber number : ledger_.ending()) withdraw(number);
}

void Replay::withdraw(RouteNumber number) {
    const LedgerEntry& entry = *ledger_.find(number);
    assert(entry.ending);
    if (!active() && sent_.empty() && again_.empty()) unanswered_.clear();
    again_.push_back({std::string(entry.nlri()), withdrawal_of(entry.line()), number});
}

Ledger::Entries::const_iterator Replay::next_kept() const {
    const auto& entries = ledger_.entries();
    auto entry = entries.upper_bound(last_);
    while (entry != entries.end() && !(entry->second.kept && entry->second.stands())) ++entry;
    return entry;
}

std::optional<Replay::Step> Replay::next(std::size_t most) {
    if (on_their_way_ >= most) return std::nullopt;
    if (auto step = next_again()) return step;
    if (!active()) return std::nullopt;
    const auto entry = next_kept();
    if (entry == ledger_.entries().end()) return next_closing();
    last_ = entry->first;
    const std::vector<RouteNumber> numbers = ledger_.numbers_of(entry->second.nlri());
    if (numbers.size() == 1 && batch_ > 1) return send_batch(entry->second);
    // What a client has said of it since, to some of its peers, has to come after it again.
    for (const RouteNumber number : numbers)
        if (number > last_ && !ledger_.find(number)->kept) numbers_.push_back(number);
    return send(last_);
}

/// Once ExaBGP has answered for every route.
std::optional<Replay::Step> Replay::next_closing() {
    if (!idle() || closed_ == closing_.size()) return std::nullopt;
    return send({.nlri = {}, .line = closing_[closed_++]});
}

Replay::Step Replay::send_batch(const LedgerEntry& first) {
    const auto route = batched_route(first.line());
    if (!route) return send(last_);
    std::string line = fmt::format("{} {}", route->start, route->prefix);
    Routes routes{sent_of(last_)};
    while (routes.size() < batch_) {
        const auto entry = next_kept();
        if (entry == ledger_.entries().end()) break;
        if (ledger_.numbers_of(entry->second.nlri()).size() != 1) break;
        const auto other = batched_route(entry->second.line());
        if (!other || other->start != route->start) break;
        if (line.size() + 1 + other->prefix.size() > longest_batch) break;
        line.append(" ").append(other->prefix);
        last_ = entry->first;
        routes.push_back(sent_of(last_));
    }
    if (routes.size() == 1) line = first.line();
    return send(std::move(line), std::move(routes));
}

std::optional<Replay::Step> Replay::next_again() {
    while (!numbers_.empty() || !again_.empty()) {
        if (!numbers_.empty()) {
            const RouteNumber number = numbers_.front();
            numbers_.pop_front();
            const LedgerEntry* entry = ledger_.find(number);
            if (entry != nullptr && entry->stands()) return send(number);
            continue;
        }
        const Again again = std::move(again_.front());
        again_.pop_front();
        // Somebody has withdrawn or announced it anew since: that ends it as well.
        if (again.ends != 0 && ledger_.find(again.ends) == nullptr) continue;
        for (const RouteNumber number : ledger_.numbers_of(again.nlri))
            if (!active() || number <= last_ || !ledger_.find(number)->kept)
                numbers_.push_back(number);
        if (!again.withdrawal.empty())
            return send({.nlri = again.nlri,
                         .line = again.withdrawal,
                         .correction = true,
                         .ends = again.ends});
    }
    return std::nullopt;
}

Replay::Sent Replay::sent_of(RouteNumber number) const {
    const LedgerEntry& entry = *ledger_.find(number);
    return {.nlri = std::string(entry.nlri()),
            .line = std::string(entry.line()),
            .entry = number,
            .at_sending = ledger_.numbers_of(entry.nlri())};
}

Replay::Step Replay::send(RouteNumber number) {
    return send(sent_of(number));
}

Replay::Step Replay::send(Sent sent) {
    sent.at_sending = ledger_.numbers_of(sent.nlri);
    std::string line = sent.line;
    return send(std::move(line), {std::move(sent)});
}

Replay::Step Replay::send(std::string line, Routes routes) {
    on_their_way_ += routes.size();
    sent_.emplace(++last_id_, std::move(routes));
    return {last_id_, std::move(line)};
}

std::vector<Replay::Settled> Replay::on_answer(std::uint64_t id, Answer answer,
                                               const std::string& why) {
    const auto found = sent_.find(id);
    if (found == sent_.end()) return {};
    const Routes routes = std::move(found->second);
    sent_.erase(found);
    on_their_way_ -= routes.size();
    // Which of several was refused, or makes ExaBGP hang, only shows if each goes alone.
    const bool part_by_part = routes.size() > 1 && answer != Answer::Done;
    std::vector<Settled> all;
    for (const Sent& sent : routes)
        if (auto settled = settle(sent, part_by_part ? Answer::NotSent : answer, why))
            all.push_back(*settled);
    return all;
}

std::optional<Replay::Settled> Replay::settle(const Sent& sent, Answer answer,
                                              const std::string& why) {
    const bool overtaken = ledger_.numbers_of(sent.nlri) != sent.at_sending;
    const bool ends = sent.ends != 0;
    const bool again =
        answer == Answer::NotSent ||
        (answer == Answer::Unknown && (ends || ++unanswered_[sent.line] < most_tries));
    const bool closing = sent.nlri.empty();
    if (closing && again) --closed_;
    if (closing) return std::nullopt;
    if (overtaken || again) {
        send_again(sent, overtaken);
        return std::nullopt;
    }
    if (ends) return Settled{sent.ends, Settled::How::Withdrawn};
    if (sent.entry == 0) return std::nullopt;
    count(sent.entry, sent.line, answer, why);
    return Settled{sent.entry,
                   answer == Answer::Done ? Settled::How::Announced : Settled::How::Refused};
}

void Replay::count(RouteNumber number, const std::string& line, Answer answer,
                   const std::string& why) {
    const LedgerEntry& entry = *ledger_.find(number);
    if (!active() || entry.withdraws || !entry.kept || !counted_.insert(number).second) return;
    if (answer == Answer::Done) {
        ++result_.routes;
        return;
    }
    if (++result_.refused <= most_reasons)
        result_.reasons.push_back(fmt::format("{}: {}", line, why));
}

void Replay::send_again(const Sent& sent, bool overtaken) {
    std::string withdrawal;
    if (sent.correction)
        withdrawal = sent.line;
    else if (overtaken)
        withdrawal = withdrawal_of(sent.line);
    // Of a route that was announced anew only the correction is left.
    const bool ends = sent.ends != 0 && ledger_.find(sent.ends) != nullptr;
    again_.push_back({sent.nlri, std::move(withdrawal), ends ? sent.ends : 0});
}

bool Replay::is_busy_with(const std::string& nlri) const {
    if (idle()) return false;
    const auto is_it = [&](const auto& about) { return about.nlri == nlri; };
    return std::any_of(again_.begin(), again_.end(), is_it) ||
           std::any_of(sent_.begin(), sent_.end(),
                       [&](const auto& sent) {
                           return std::any_of(sent.second.begin(), sent.second.end(), is_it);
                       }) ||
           std::any_of(numbers_.begin(), numbers_.end(), [&](RouteNumber number) {
               const LedgerEntry* entry = ledger_.find(number);
               return entry != nullptr && entry->nlri() == nlri;
           });
}

bool Replay::complete() const {
    return active() && idle() && next_kept() == ledger_.entries().end() &&
           closed_ == closing_.size();
}

Replay::Result Replay::take_result(const Moment& now) {
    assert(complete());
    Result result = std::move(result_);
    result.took = std::chrono::duration_cast<Milliseconds>(now.steady - *began_);
    stop();
    return result;
}

}  // namespace exapulse
