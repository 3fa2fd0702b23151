// SPDX-License-Identifier: BSD-3-Clause
// `exapulse history`: the events of the past, as `watch` shows those of the present.
#include "client/reports/history_command.hpp"

#include <string>
#include <string_view>
#include <unistd.h>

#include <fmt/format.h>

#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/command_history.hpp"
#include "client/reports/history_answer.hpp"
#include "client/reports/timeline.hpp"
#include "client/reports/uptime_report.hpp"
#include "client/view/event_text.hpp"
#include "client/view/terminal.hpp"
#include "client/view/terminal_size.hpp"
#include "client/view/time_text.hpp"
#include "common/ip_address.hpp"
#include "common/json_fields.hpp"

namespace exapulse::client {

namespace {

/// The timeline of an answer with all events, while its lines pass.
class Drawing {
  public:
    explicit Drawing(const nlohmann::json& header)
        : timeline_(time_field(header, "from").value_or(Time()),
                    time_field(header, "now").value_or(Time()), terminal_size().columns),
          report_(header, std::nullopt,
                  [this](auto state, Time from, Time to) { timeline_.add(state, from, to); }) {}
    Drawing(const Drawing&) = delete;
    Drawing& operator=(const Drawing&) = delete;

    void add(const nlohmann::json& event) {
        report_.add(event);
        const auto time = time_field(event, "time");
        if (time && text_field(event, "type") == name_of(EventType::Restarted))
            timeline_.add_restart(*time);
    }
    [[nodiscard]] std::string text(const Style& style) {
        report_.finish();
        return timeline_.text(style);
    }

  private:
    using Time = Timeline::Time;
    Timeline timeline_;
    UptimeReport report_;
};

class History {
  public:
    explicit History(const HistoryOptions& options) : options_(options) {}

    void on_header(const nlohmann::json& header) {
        from_ = time_field(header, "from");
        complete_ = flag_field(header, "complete").value_or(true);
        if (draws()) drawing_.emplace(header);
    }

    void on_event(std::string_view line) {
        any_ = true;
        if (options_.json) return print_answer(line);
        const auto event = parsed(std::string(line));
        print_line(event_text(event, style_));
        if (drawing_) drawing_->add(event);
    }

    void finish() {
        if (drawing_) print_line((any_ ? "\n" : "") + drawing_->text(style_));
        flush_output();
        if (!from_) return;
        // A script counts the lines; a person would be left in doubt.
        if (!any_ && isatty(STDERR_FILENO) == 1)
            remark(fmt::format("no such event since {}", local_time(*from_)));
        if (!complete_)
            remark(fmt::format("exapulsed remembers nothing before {}", local_time(*from_)));
    }

  private:
    /// Some types alone do not tell how ExaBGP was.
    [[nodiscard]] bool draws() const {
        return !options_.json && options_.types.empty() && !options_.peer &&
               isatty(STDOUT_FILENO) == 1;
    }

    const HistoryOptions& options_;
    Style style_ = style_of_stdout();
    std::optional<std::chrono::system_clock::time_point> from_;
    bool complete_ = true;
    bool any_ = false;
    std::optional<Drawing> drawing_;
};

ExitCode execute_history(const Arguments& arguments, const HistoryOptions& options) {
    if (options.commands)
        return show_command_history(
            arguments, {options.since, options.user.value_or(""), options.peer.value_or(""),
                        options.json, arguments.quiet});
    History history(options);
    const auto failed =
        ask_history(arguments, {options.since, options.types, options.peer},
                    {[&](const nlohmann::json& header) { history.on_header(header); },
                     [&](std::string_view line) {
                         if (!arguments.quiet) history.on_event(line);
                     }});
    if (failed) return *failed;
    if (!arguments.quiet) history.finish();
    return ExitCode::Done;
}

}  // namespace

Action history_command(const SubcommandWords& words) {
    HistoryOptions options;
    SubcommandLine line(words);
    line.bind("--since", options.since);
    line.bind("--type", options.types, {EventType::State, EventType::Peers});
    line.bind("--peer", options.peer);
    line.bind("--json", options.json);
    line.bind("--commands", options.commands);
    line.bind("--user", options.user);
    line.read();
    if (options.peer && !is_address(*options.peer))
        refuse("--peer: {} is not an IP address", *options.peer);
    if (!options.commands) {
        if (options.user) refuse("--user is only for --commands");
        if (options.peer && options.types.empty())
            options.types = {EventType::PeerUp, EventType::PeerDown};
        return {options, execute_history};
    }
    if (!options.types.empty()) refuse("--type is not for --commands");
    if (options.user &&
        (options.user->empty() || options.user->find_first_of(" \t\n") != std::string::npos))
        refuse("--user is one word");
    return {options, execute_history};
}

}  // namespace exapulse::client
