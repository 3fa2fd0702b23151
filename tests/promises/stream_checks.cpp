// SPDX-License-Identifier: BSD-3-Clause
// P5 and P7: what subscribers get, and what is kept.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "tests/promises/calm.hpp"
#include "tests/promises/checks.hpp"

namespace exapulse::test {

namespace {

/// Is kept in the history, as a snapshot or a notice to one subscriber is not.
bool is_kept(const SeenEvent& event) {
    return event.type != EventType::State && event.type != EventType::Lagged &&
           event.type != EventType::Gap && event.type != EventType::Peers;
}

/// Follows one stream, or the history, from one seq to the next.
class Sequence {
  public:
    Sequence(const std::optional<Stream::Place>& since, bool from_past, Judgement& found)
        : place_(since), past_(from_past), found_(found) {}

    void take(const SeenEvent& event) {
        ++found_.judged;
        const bool same = place_ && place_->boot == event.boot;
        const std::uint64_t last = same ? place_->seq : 0;
        if (event.type == EventType::State) {
            // The first one may say where the stream begins.
            if (place_ && (same ? event.seq != last : event.seq != 0))
                complain(event, "the snapshot is of another event than the last");
            past_ = false;
        } else if (event.type == EventType::Lagged || event.type == EventType::Gap) {
            if (event.type == EventType::Gap && !past_) complain(event, "a gap in a live stream");
            if (event.type == EventType::Lagged && event.seq != last + event.dropped)
                complain(event, "events are neither sent nor counted as dropped");
            if (same && event.seq < last) complain(event, "goes back");
        } else if (place_ && !same && !past_) {
            complain(event, "another boot in a live stream");
        } else if (place_ && event.seq != last + 1) {
            complain(event, fmt::format("follows number {}", last));
        }
        place_ = Stream::Place{event.boot, event.seq};
    }

  private:
    void complain(const SeenEvent& event, std::string_view what) {
        found_.violations.push_back(fmt::format("'{}' number {} of {}: {}", name_of(event.type),
                                                event.seq, event.boot, what));
    }

    std::optional<Stream::Place> place_;
    bool past_;
    Judgement& found_;
};

/// Of a run of exapulsed that ended before anything of it was saved, nothing is known afterwards.
bool boot_may_be_lost(const RunRecord& run, const std::string& boot) {
    return std::all_of(run.events.begin(), run.events.end(), [&](const SeenEvent& event) {
        return event.boot != boot || ended_before_saved(run, event.at);
    });
}

/// Each run of exapulsed knows the ExaBGP that the one before it knew last.
void judge_identity(const RunRecord& run, Judgement& found) {
    const SeenEvent* known = nullptr;  // the last event that names an ExaBGP
    std::string boot;                  // whose first answer of ExaBGP has been judged
    for (const SeenEvent& event : run.events) {
        const bool first = known != nullptr && event.boot != known->boot && event.boot != boot;
        const bool answered =
            event.type == EventType::Connected || event.type == EventType::Restarted;
        if (first && answered) {
            boot = event.boot;
            const bool kept = event.type == EventType::Connected ? event.uuid == known->uuid
                                                                 : event.previous == known->uuid;
            found.judge(kept || ended_before_saved(run, known->at),
                        fmt::format("boot {} did not know {}, but reported {} '{}'", event.boot,
                                    known->uuid, name_of(event.type), event.uuid));
        }
        if (answered) known = &event;
    }
}

}  // namespace

Judgement events_missing(const RunRecord& run) {
    Judgement found;
    for (const Stream& stream : run.streams) {
        Sequence sequence(stream.since_time ? std::nullopt : stream.since, stream.since.has_value(),
                          found);
        for (const SeenEvent& event : stream.events) sequence.take(event);
    }
    return found;
}

Judgement history_lost(const RunRecord& run) {
    Judgement found;
    std::map<std::pair<std::string, std::uint64_t>, Time> seen;  // by the first who read it
    for (const Stream& stream : run.streams) {
        for (const SeenEvent& event : stream.events) {
            if (!is_kept(event)) continue;
            Time& first = seen.try_emplace({event.boot, event.seq}, event.at).first->second;
            first = std::min(first, event.at);
        }
    }
    std::set<std::pair<std::string, std::uint64_t>> kept;
    Sequence sequence(std::nullopt, true, found);
    for (const SeenEvent& event : run.history) {
        kept.emplace(event.boot, event.seq);
        sequence.take(event);
    }
    for (const auto& [place, first] : seen)
        found.judge(kept.count(place) > 0 || ended_before_saved(run, first),
                    fmt::format("the history lacks number {} of {}", place.second, place.first));
    for (const Stream& stream : run.streams)
        if (stream.unknown_place && stream.since)
            found.judge(boot_may_be_lost(run, stream.since->boot),
                        fmt::format("boot {} is not known any more", stream.since->boot));
    judge_identity(run, found);
    for (const DaemonRun& ended : run.runs)
        found.judge(ended.end != DaemonRun::End::ByItself && ended.status == 0,
                    fmt::format("exapulsed ended with status {}{}", ended.status,
                                ended.end == DaemonRun::End::ByItself ? ", by itself" : ""));
    return found;
}

}  // namespace exapulse::test
