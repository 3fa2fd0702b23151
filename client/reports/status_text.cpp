// SPDX-License-Identifier: BSD-3-Clause
// The screen of `exapulse status`.
#include "client/reports/status_text.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/printable.hpp"
#include "common/protocol.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using Time = std::chrono::system_clock::time_point;
using std::chrono::milliseconds;

class Screen {
  public:
    explicit Screen(const Style& style) : style_(style) {}

    void row(std::string_view label, std::string_view value) {
        if (value.empty()) return;
        if (!text_.empty()) text_ += '\n';
        text_ += style_.paint(Colour::Dim, fmt::format("{:<11}", label));
        text_ += value;
    }
    void gap() { text_ += '\n'; }

    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    const Style& style_;
    std::string text_;
};

std::string since(const std::optional<Time>& time, Time now) {
    return time ? " since " + since_text(time, now) : "";
}

struct Look {
    Mark mark;
    Colour colour;
};

Look look_of(std::string_view state) {
    if (state == name_of(HealthState::Up)) return {Mark::Good, Colour::Good};
    if (state == name_of(HealthState::Degraded)) return {Mark::Warning, Colour::Warning};
    if (state == name_of(HealthState::Down)) return {Mark::Bad, Colour::Bad};
    return {Mark::Neutral, Colour::Bold};
}

std::string state_row(const json& status, const Style& style, Time now) {
    const std::string state = text_field(status, "state").value_or("unknown");
    const Look look = look_of(state);
    return fmt::format("{} {}{}", style.mark(look.mark), style.paint(look.colour, state),
                       since(time_field(status, "since"), now));
}

std::string version_row(const json& status) {
    const auto version = text_field(status, "version");
    const auto dialect = text_field(status, "dialect");
    if (!version && !dialect) return {};
    return version.value_or("unknown") + (dialect ? ", API dialect " + *dialect : "");
}

std::string last_pong_row(const json& status, Time now) {
    const auto last = time_field(status, "last_pong");
    if (!last) return "none yet";
    std::string text = fmt::format("{} ({} ago)", local_time(*last), age_text(*last, now));
    if (const auto latency = real_field(status, "latency_ms"))
        text += fmt::format(", took {:.2f}ms", *latency);
    return text;
}

std::string pings_row(const json& status) {
    const auto missed = number_field(status, "missed");
    const auto of = number_field(status, "of");
    std::string text;
    if (missed && of)  // past a failure the count goes on
        text = *missed <= *of ? fmt::format("{} of {} missed", *missed, *of)
                              : fmt::format("{} missed", *missed);
    if (const auto interval = number_field(status, "interval_ms"))
        text += fmt::format("{}one every {}", text.empty() ? "" : ", ",
                            format_duration(milliseconds(*interval)));
    return text;
}

std::string queue_row(const json& status) {
    const json queue = object_field(status, "queue");
    const auto waiting = number_field(queue, "waiting");
    const auto in_flight = number_field(queue, "in_flight");
    if (!waiting || !in_flight) return {};
    std::string text = fmt::format("{} waiting, {} in flight", *waiting, *in_flight);
    if (const auto slow = number_field(queue, "slow").value_or(0); slow > 0)
        text += fmt::format(", {} slower than log.slow so far", slow);
    return text;
}

std::string clients_row(const json& status) {
    const auto clients = number_field(status, "clients");
    if (!clients) return {};
    const auto subscribers = number_field(status, "subscribers");
    if (!subscribers) return std::to_string(*clients);
    return fmt::format("{}, {} of them subscribed to events", *clients, *subscribers);
}

/// How far back the events are kept, or why they are not.
std::string history_row(const json& status, Time now) {
    const json history = object_field(status, "history");
    const auto store = text_field(history, "store");
    if (!store) return {};
    if (*store == name_of(StoreState::Off))
        return "not kept across restarts of exapulsed (history.store = false)";
    const auto waiting = number_field(history, "waiting").value_or(0);
    const auto in_memory =
        counted(static_cast<std::uint64_t>(std::max<std::int64_t>(waiting, 0)), "event");
    if (*store != name_of(StoreState::File))
        return fmt::format("{} in memory only, {}", in_memory,
                           text_field(history, "detail").value_or("the file is not open yet"));
    std::string text = "kept" + since(time_field(history, "since"), now);
    if (const auto events = number_field(history, "events"))
        text += ", " + counted(static_cast<std::uint64_t>(*events), "event");
    if (const auto bytes = number_field(history, "bytes"))
        text += fmt::format(", {:.1f} MiB", static_cast<double>(*bytes) / (1U << 20));
    return text;
}

std::string daemon_row(const json& status, Time now) {
    std::string text = text_field(status, "exapulsed").value_or("unknown version");
    if (const auto pid = number_field(status, "pid")) text += fmt::format(", pid {}", *pid);
    const auto started = time_field(status, "started");
    return started ? text + "," + since(started, now) : text;
}

void add_upstream(Screen& screen, const json& upstream) {
    const auto fifo = text_field(upstream, "fifo");
    const auto chosen = fifo ? *fifo + ".{in,out}" : text_field(upstream, "socket");
    if (chosen) {
        const auto found_by = text_field(upstream, "found_by");
        screen.row("Upstream", *chosen + (found_by ? " (" + *found_by + ")" : ""));
    } else {
        screen.row("Upstream", "no socket and no pipes found");
        const auto searched = upstream.find("searched");
        std::string_view label = "Looked for";
        if (searched == upstream.end() || !searched->is_array()) return;
        for (const json& path : *searched) {
            if (!path.is_string()) continue;
            screen.row(label, printable(path.get_ref<const std::string&>()));
            label = "";
        }
    }
}

/// How this ExaBGP is told from the next one, and what that misses.
void add_identity(Screen& screen, const json& identity) {
    const auto method = text_field(identity, "method");
    if (!method) return;
    const auto evidence = text_field(identity, "evidence");
    screen.row("Identity", *method + (evidence ? ": " + *evidence : ""));
    if (const auto blind = text_field(identity, "blind")) screen.row("Not seen", *blind);
}

/// Another program that writes into ExaBGP's pipes.
void add_contended(Screen& screen, const json& contended, Time now) {
    if (contended.empty()) return;
    screen.row("Contended", fmt::format("{} writes into ExaBGP's pipe,{}",
                                        text_field(contended, "by").value_or("another program"),
                                        since(time_field(contended, "since"), now)));
    screen.row("",
               "commands whose answer is not certain end outcome-unknown; let it use "
               "exapulse run instead");
}

void add_next_steps(Screen& screen, const json& status) {
    const std::string state = text_field(status, "state").value_or("");
    if (state == name_of(HealthState::Up)) return;
    screen.gap();
    const json& upstream = object_field(status, "upstream");
    const bool found = text_field(upstream, "socket") || text_field(upstream, "fifo");
    if (state == name_of(HealthState::Degraded)) {
        screen.row("Next", "wait for the next pings, or see what happens: exapulse watch");
        return;
    }
    screen.row("Next", "is ExaBGP running, and what does it say?  systemctl status exabgp");
    if (!found)
        screen.row("",
                   "elsewhere?  upstream.socket or upstream.fifo in /etc/exapulse/exapulse.toml");
    screen.row("", "what exapulsed tried:  journalctl -u 'exapulsed*'");
}

/// Empty where none was announced through exapulsed.
std::string routes_row(const json& status) {
    const json routes = object_field(status, "routes");
    const auto announced = number_field(routes, "announced").value_or(0);
    const auto kept = number_field(routes, "kept").value_or(0);
    const auto gone = number_field(routes, "gone").value_or(0);
    const auto uncertain = number_field(routes, "uncertain").value_or(0);
    if (announced == 0 && gone == 0 && uncertain == 0) return {};
    std::string text = fmt::format("{} announced, {} of them kept", announced, kept);
    const json replaying = object_field(routes, "replaying");
    if (const auto total = number_field(replaying, "routes"))
        text += fmt::format(", {} of {} announced again", number_or_dash(replaying, "answered"),
                            *total);
    if (uncertain > 0)
        text += fmt::format(", {} of unknown outcome:  exapulse routes check", uncertain);
    if (gone > 0) text += fmt::format(", {} more lost:  exapulse routes replay --remembered", gone);
    return text;
}

}  // namespace

std::string status_text(const json& status, const Style& style, Time now) {
    Screen screen(style);
    screen.row("ExaBGP", state_row(status, style, now));
    if (const auto away = time_field(status, "away_since"))
        screen.row("No answer", "since " + since_text(away, now));
    screen.row("Why", text_field(object_field(status, "upstream"), "detail").value_or(""));
    screen.row("UUID", text_field(status, "uuid").value_or("none seen yet"));
    screen.row("Version", version_row(status));
    screen.row("Last pong", last_pong_row(status, now));
    screen.row("Pings", pings_row(status));
    add_upstream(screen, object_field(status, "upstream"));
    add_identity(screen, object_field(status, "identity"));
    add_contended(screen, object_field(status, "contended"), now);
    screen.row("Clients", clients_row(status));
    screen.row("Queue", queue_row(status));
    if (const std::string routes = routes_row(status); !routes.empty())
        screen.row("Routes", routes);
    screen.row("History", history_row(status, now));
    screen.row("exapulsed", daemon_row(status, now));
    add_next_steps(screen, status);
    return screen.take();
}

}  // namespace exapulse::client
