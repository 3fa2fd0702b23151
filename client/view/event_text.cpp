// SPDX-License-Identifier: BSD-3-Clause
// The words, marks and the warning box of `exapulse watch`.
#include "client/view/event_text.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/display_width.hpp"
#include "client/view/peers_count.hpp"
#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/printable.hpp"
#include "common/protocol.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

struct EventWords {
    Mark mark;
    std::string text;
};

std::string with_detail(const std::string& text, const json& event) {
    const auto detail = text_field(event, "detail");
    return detail && !detail->empty() ? text + ": " + *detail : text;
}

std::string in_brackets(std::string_view label, const std::optional<std::string>& value) {
    return value ? fmt::format(" ({}{})", label, *value) : "";
}

std::string uuid_of(const json& event) {
    return in_brackets("UUID ", text_field(event, "uuid"));
}

std::optional<std::string> away_of(const json& event) {
    const auto away = number_field(event, "away_ms");
    if (!away) return std::nullopt;
    return describe_duration(std::chrono::milliseconds(*away));
}

std::string after_away(const json& event) {
    const auto away = away_of(event);
    return away ? " after " + *away : "";
}

std::string missed_of(const json& event) {
    const auto missed = number_field(event, "missed");
    const auto of = number_field(event, "of");
    return missed && of ? fmt::format(": {} of {} pings missed", *missed, *of) : "";
}

std::string failed_text(const json& event) {
    std::string text = "Failed" + in_brackets("", text_field(event, "cause"));
    const auto last_pong = time_field(event, "last_pong");
    text += last_pong ? ", last pong " + local_time(*last_pong) : ", no pong yet";
    return with_detail(text, event);
}

std::string_view in_words(Cause cause) {
    switch (cause) {
        case Cause::Closed:
            return "it closed the connection";
        case Cause::Refused:
            return "it refused the connection";
        case Cause::Absent:
            return "its socket did not exist";
        case Cause::Hung:
            return "it had stopped answering";
        case Cause::Unwatched:
            return "exapulsed was restarted meanwhile";
        case Cause::Changed:
            return "the connection was never lost";
        case Cause::Stopped:
            return "it announced its end";
    }
    return "";
}

// One of a newer exapulsed is shown as it came.
std::string cause_in_words(const std::string& name) {
    const auto cause = parse_cause(name);
    return cause ? std::string(in_words(*cause)) : name;
}

/// Whether a restart is; an exapulsed that is older does not say.
bool is_proven(const json& event) {
    const auto proven = event.find("proven");
    return proven == event.end() || !proven->is_boolean() || proven->get<bool>();
}

EventWords snapshot_words(const json& event) {
    const std::string state = text_field(event, "state").value_or("unknown");
    const json upstream = object_field(event, "upstream");
    const auto time = time_field(event, "since");
    const std::string since = time ? " since " + local_time(*time) : "";
    if (state == name_of(HealthState::Up)) return {Mark::Good, "Up" + since + uuid_of(event)};
    if (state == name_of(HealthState::Degraded))
        return {Mark::Warning, "Degraded" + since + missed_of(event) + uuid_of(event)};
    if (state == name_of(HealthState::Down))
        return {Mark::Bad, with_detail("Down" + since, upstream)};
    if (state == name_of(HealthState::Connecting))
        return {Mark::Neutral, with_detail("Connecting to ExaBGP", upstream)};
    return {Mark::Neutral, "State of ExaBGP: " + state};
}

std::string peers_snapshot_text(const json& event) {
    const auto peers = event.find("peers");
    return peers == event.end() || !peers->is_array() ? "Peers not known" : peers_count(*peers);
}

std::string peer_text(const json& event) {
    const json peer = object_field(event, "peer");
    const auto as = number_field(peer, "as");
    return fmt::format("Peer {}{}", text_field(peer, "address").value_or("?"),
                       as ? fmt::format(" (AS {})", *as) : "");
}

std::string peer_state_of(const json& event) {
    const auto state = text_field(object_field(event, "peer"), "state");
    return state && *state != peer_down ? ": " + *state : "";
}

std::string routes_of(const json& event) {
    return counted(static_cast<std::uint64_t>(number_field(event, "routes").value_or(0)), "route");
}

EventWords words_of(EventType type, const json& event) {
    switch (type) {
        case EventType::State:
            return snapshot_words(event);
        case EventType::Connected:
            return {Mark::Good, "Connected to ExaBGP" + uuid_of(event)};
        case EventType::Restarted:
            return {Mark::Warning, is_proven(event)
                                       ? "Restarted: ExaBGP is a new process"
                                       : "ExaBGP may have restarted: nothing proves that it is the "
                                         "same process"};
        case EventType::Disconnected:
            return {
                Mark::Bad,
                with_detail("Disconnected" + in_brackets("", text_field(event, "cause")), event)};
        case EventType::Reconnected:
            return {Mark::Good,
                    "Reconnected to the same ExaBGP" + after_away(event) + ", routes are kept"};
        case EventType::Degraded:
            return {Mark::Warning, "Degraded" + missed_of(event)};
        case EventType::Failed:
            return {Mark::Bad, failed_text(event)};
        case EventType::Recovered:
            return {Mark::Good, "Recovered" + after_away(event)};
        case EventType::Stopping:
            return {Mark::Bad, "exapulsed is stopping"};
        case EventType::Lagged: {
            const auto dropped = number_field(event, "dropped");
            return {Mark::Warning,
                    fmt::format("Lagged: {} dropped, this end did not read",
                                dropped ? counted(static_cast<std::uint64_t>(*dropped), "event")
                                        : "some events")};
        }
        case EventType::Peers:
            return {Mark::Neutral, peers_snapshot_text(event)};
        case EventType::PeerUp:
            return {Mark::Good, peer_text(event) + " is up"};
        case EventType::PeerDown:
            return {Mark::Bad, peer_text(event) + " is down" + peer_state_of(event)};
        case EventType::Contended:
            return {Mark::Warning, with_detail("Contended", event)};
        case EventType::Uncontended:
            return {Mark::Good, "No other program writes into ExaBGP's pipes any more"};
        case EventType::Gap: {
            const auto dropped = number_field(event, "dropped");
            return {Mark::Warning,
                    dropped ? counted(static_cast<std::uint64_t>(*dropped), "event") +
                                  " before it are missing"
                            : "Events before it are missing: exapulsed no longer keeps them"};
        }
        case EventType::Store:
            return {text_field(event, "store") == name_of(StoreState::File) ? Mark::Good
                                                                            : Mark::Warning,
                    with_detail("History", event)};
        case EventType::Replaying: {
            const auto lost = number_field(event, "not_kept").value_or(0);
            return {lost == 0 ? Mark::Neutral : Mark::Warning,
                    fmt::format("Announcing {} again{}", routes_of(event),
                                lost == 0 ? "" : fmt::format(", {} not kept are lost", lost))};
        }
        case EventType::Replayed: {
            const auto refused = number_field(event, "refused").value_or(0);
            return {
                refused == 0 ? Mark::Good : Mark::Bad,
                fmt::format("Announced {} again in {}{}", routes_of(event),
                            describe_duration(std::chrono::milliseconds(static_cast<std::int64_t>(
                                number_field(event, "took_ms").value_or(0)))),
                            refused == 0 ? "" : fmt::format(", ExaBGP refused {}", refused))};
        }
        case EventType::Expired: {
            const auto name = text_field(event, "name");
            return {Mark::Warning,
                    fmt::format("Withdrawing {} of {}, the lease is over: {}", routes_of(event),
                                name ? *name : text_field(event, "user").value_or("?"),
                                text_field(event, "detail").value_or("?"))};
        }
    }
    return {Mark::Neutral, event.dump()};
}

std::string repeat(std::string_view sign, std::size_t times) {
    std::string text;
    while (times-- > 0) text += sign;
    return text;
}

std::string box(const std::vector<std::string>& lines, const Style& style) {
    std::size_t width = 0;
    for (const std::string& line : lines) width = std::max(width, display_width(line));
    const std::string_view side = style.utf8 ? "│" : "|";
    const std::string rule = repeat(style.utf8 ? "─" : "-", width + 2);

    const auto frame = [&](std::string_view text) { return style.paint(Colour::Warning, text); };
    std::string text =
        frame(fmt::format("{}{}{}", style.utf8 ? "╭" : "+", rule, style.utf8 ? "╮" : "+"));
    for (const std::string& line : lines)
        text += fmt::format("\n{} {}{} {}", frame(side), line,
                            repeat(" ", width - display_width(line)), frame(side));
    text +=
        '\n' + frame(fmt::format("{}{}{}", style.utf8 ? "╰" : "+", rule, style.utf8 ? "╯" : "+"));
    return text;
}

std::string restart_box(const json& event, const Style& style) {
    const std::string unknown = "unknown";
    std::string away = away_of(event).value_or(unknown);
    if (const auto cause = text_field(event, "cause"))
        away += fmt::format(" ({})", cause_in_words(*cause));
    const bool proven = is_proven(event);
    return box({proven ? "WARNING: ExaBGP restarted" : "WARNING: ExaBGP may have restarted", "",
                "Previous UUID  " + text_field(event, "previous").value_or(unknown),
                "New UUID       " + text_field(event, "uuid").value_or(unknown),
                "Away           " + away, "",
                proven ? "Every route announced through the API is forgotten:"
                       : "Treat every route announced through the API as lost:",
                "announce them again, unless they are kept."},
               style);
}

}  // namespace

std::string event_text(const json& event, const Style& style) {
    const auto time = time_field(event, "time");
    const std::string stamp = time ? style.paint(Colour::Dim, local_time(*time)) + " " : "";
    const auto name = text_field(event, "type");
    const auto type = name ? parse_event_type(*name) : std::nullopt;
    if (!type) return stamp + style.mark(Mark::Neutral) + " " + printable(event.dump());

    const EventWords words = words_of(*type, event);
    std::string text = stamp + style.mark(words.mark) + " " + words.text;
    if (*type == EventType::Restarted) text += '\n' + restart_box(event, style);
    return text;
}

}  // namespace exapulse::client
