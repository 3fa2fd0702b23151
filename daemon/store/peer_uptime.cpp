// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/peer_uptime.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/units.hpp"

namespace exapulse {

namespace {

using nlohmann::ordered_json;
using State = PeerChange::State;

/// nullopt where there was no outage.
std::optional<Milliseconds> mean(Milliseconds sum, std::size_t outages) {
    if (outages == 0) return std::nullopt;
    return sum / static_cast<Milliseconds::rep>(outages);
}

ordered_json count_or_null(const std::optional<Milliseconds>& time) {
    return time ? ordered_json(time->count()) : ordered_json(nullptr);
}

}  // namespace

/// The clock of the host may have been set back in between.
void PeerUptime::pass(WallTime time) {
    const WallTime begin = std::max(at_, from_);
    if (known_ && time > begin)
        known_time_ += std::chrono::duration_cast<Milliseconds>(time - begin);
    at_ = std::max(at_, time);
}

void PeerUptime::settle(One& peer) const {
    const Milliseconds passed = known_time_ - std::exchange(peer.since_known, known_time_);
    if (!peer.present) return;
    (peer.up ? peer.in_up : peer.in_down) += passed;
    if (peer.up || passed.count() == 0) return;
    if (!std::exchange(peer.counted, true)) ++peer.outages;
    const Outage outage{std::max(peer.since, from_), passed};
    if (!peer.longest || outage.length > peer.longest->length) peer.longest = outage;
}

void PeerUptime::on_change(WallTime time, std::string_view peer, State state, bool restart) {
    pass(time);
    if (state == State::Unknown || state == State::Known) {
        known_ = state == State::Known;
        return;
    }
    known_ = true;
    const bool up = state == State::Up, present = state != State::Gone;
    auto found = peers_.find(peer);
    if (found == peers_.end()) {
        found = peers_.emplace(peer, One{}).first;
        found->second.since_known = known_time_;
    } else if (found->second.up == up && found->second.present == present) {
        return;
    }
    One& one = found->second;
    settle(one);
    one.present = present;
    one.up = up;
    one.since = time;
    one.counted = !up && present && time >= from_;
    if (!one.counted) return;
    ++one.outages;
    if (restart) ++one.restarts;
}

void PeerUptime::on_end_of_run(WallTime time) {
    pass(time);
    known_ = false;
    for (auto& [address, one] : peers_) {
        settle(one);
        one.present = false;
    }
}

std::vector<PeerUptime::Report> PeerUptime::reports(WallTime now) {
    pass(now);
    const auto all = std::chrono::duration_cast<Milliseconds>(std::max(now, from_) - from_);
    std::vector<Report> reports;
    reports.reserve(peers_.size());
    for (auto& [address, one] : peers_) {
        settle(one);
        if (!one.present && (one.in_up + one.in_down).count() == 0) continue;
        reports.push_back(
            {address, known_ && one.present ? (one.up ? State::Up : State::Down) : State::Unknown,
             one.since, one.in_up, one.in_down,
             std::max(all - one.in_up - one.in_down, Milliseconds(0)), one.outages, one.restarts,
             one.longest});
    }
    std::sort(reports.begin(), reports.end(),
              [](const Report& a, const Report& b) { return a.address < b.address; });
    return reports;
}

std::string format_uptime_start(WallTime from, WallTime now, bool complete) {
    return json_text(ordered_json{
        {"from", format_time(from)}, {"now", format_time(now)}, {"complete", complete}});
}

std::string format_uptime(const PeerUptime::Report& report) {
    const Milliseconds known = report.up + report.down;
    ordered_json line{
        {"peer", report.address},
        {"state", name_of(report.state)},
        {"since", format_time(report.since)},
        {"availability", known.count() == 0
                             ? ordered_json(nullptr)
                             : ordered_json(100.0 * static_cast<double>(report.up.count()) /
                                            static_cast<double>(known.count()))},
        {"up_ms", report.up.count()},
        {"down_ms", report.down.count()},
        {"unknown_ms", report.unknown.count()},
        {"outages", report.outages},
        {"outages_by_cause",
         {{"restart", report.restarts}, {"session", report.outages - report.restarts}}},
        {"longest_outage", nullptr},
        {"mtbf_ms", count_or_null(mean(report.up, report.outages))},
        {"mttr_ms", count_or_null(mean(report.down, report.outages))}};
    if (report.longest)
        line["longest_outage"] = {{"from", format_time(report.longest->from)},
                                  {"ms", report.longest->length.count()}};
    return json_text(line);
}

}  // namespace exapulse
