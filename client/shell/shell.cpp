// SPDX-License-Identifier: BSD-3-Clause
// The shell's loop: one wait for the keyboard, the events, the commands and the signals.
#include "client/shell/shell.hpp"

#include <algorithm>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <langinfo.h>
#include <stdexcept>
#include <unistd.h>

#include <fmt/format.h>

#include "client/exchange/command_problem.hpp"
#include "client/exchange/input_lines.hpp"
#include "client/io/poll_set.hpp"
#include "client/shell/line_editor.hpp"
#include "client/shell/plain_input.hpp"
#include "client/shell/prompt_text.hpp"
#include "common/printable.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

// After this long the user is told what the shell waits for.
constexpr milliseconds unremarked_wait{1'000};

bool is_dumb_terminal() {
    const char* term = std::getenv("TERM");
    return term == nullptr || std::string_view(term) == "dumb";
}

// The input is UTF-8 here, whatever the locale says: libedit must show all of it, or a character
// that changes the line would not be seen.
void use_locale() {
    std::setlocale(LC_CTYPE, "");
    if (std::string_view(nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

Shell::Shell(const Arguments& arguments, const ShellOptions& options)
    : arguments_(arguments),
      options_(options),
      output_(mode_, signals_, is_dumb_terminal()),
      stream_(arguments.socket, arguments.timeout.value_or(default_timeout), output_.style()),
      channel_(arguments.socket, arguments.timeout.value_or(default_timeout)),
      completer_(arguments.socket, stream_.feed()) {
    if (!output_.dumb()) mode_.keep_keys();  // those that come before the first prompt too
}

ExitCode Shell::run() {
    if (!open()) return end_.value_or(ExitCode::Unreachable);
    read_lines();
    if (end_ == ExitCode::NotSent)
        complain(
            "ExaBGP has failed, so the shell ends; exapulse --stay keeps it open, see exapulse "
            "status");
    return *end_;
}

// The first event is the state of ExaBGP, or the socket is not exapulsed's.
bool Shell::open() {
    const auto deadline = Clock::now() + arguments_.timeout.value_or(default_timeout);
    std::vector<HealthFeed::Step> steps;
    while (steps.empty() && stream_.feed().attached() && Clock::now() < deadline) {
        const auto happened = watch(Keyboard::Ignored, deadline);
        if (happened.interrupt || end_) return false;
        steps = stream_.go_on();
    }
    if (!stream_.feed().attached() || steps.empty()) {
        const auto& refusal = stream_.refusal();
        complain(refusal ? refusal->text
                         : "exapulsed sends nothing; see journalctl -u 'exapulsed*'");
        if (refusal) end_ = refusal->code;
        return false;
    }
    open_history();
    open_input();
    if (!arguments_.quiet) greet(steps.front().text);
    for (auto step = steps.begin() + 1; step != steps.end(); ++step) tell(*step);
    return true;
}

void Shell::open_history() {
    try {
        history_ = HistoryFile(history_path(HistoryEnvironment::of_process()));
    } catch (const std::runtime_error& error) {
        complain(error.what());
    }
}

void Shell::open_input() {
    const auto await = [this] { return await_key(); };
    if (!output_.dumb()) {
        use_locale();
        auto editor = std::make_unique<LineEditor>(LineEditor::Parts{
            .prompt = [this] { return prompt(); },
            .await = await,
            .complete = [this](const std::string& typed) { return completer_.candidates(typed); },
            .longest_line = InputLines::longest_line});
        if (editor->can_edit()) input_ = std::move(editor);
    }
    if (!input_) {
        output_.become_dumb();
        input_ = std::make_unique<PlainInput>([this] { return prompt(); }, await);
    }
    for (const std::string& line : history_.lines()) input_->remember(line);
}

void Shell::greet(std::string_view snapshot) {
    print_line(output_.style().paint(Colour::Dim,
                                     fmt::format("exapulse {} on {}; help shows help, Ctrl-D exits",
                                                 EXAPULSE_VERSION, printable(arguments_.socket))));
    print_line(snapshot);
    flush_output();
}

void Shell::read_lines() {
    while (!end_) {
        on_line(input_->read_line());
        flush_output();
    }
}

void Shell::on_line(const LineInput::Result& typed) {
    switch (typed.end) {
        case LineInput::End::Line:
            return take_line(typed.line);
        case LineInput::End::TooLong:
            return complain(too_long_problem());
        case LineInput::End::Interrupted:
            if (output_.dumb()) print_line("");
            return;
        case LineInput::End::EndOfInput:
            if (output_.dumb()) print_line("");
            end_ = ExitCode::Done;
            return;
        case LineInput::End::Finished:
            keep(typed.line);
    }
}

void Shell::keep(const std::string& line) {
    if (history_.add(line)) input_->remember(line);
}

void Shell::take_line(const std::string& line) {
    const ShellLine asked = read_shell_line(line);
    keep(line);
    std::visit([this](const auto& what) { execute(what); }, asked);
}

void Shell::execute(const RefusedLine& refused) {
    complain(refused.text);
}

void Shell::execute(OwnWord word) {
    switch (word) {
        case OwnWord::Nothing:
            return;
        case OwnWord::Help:
            return output_.show(shell_help());
        case OwnWord::Quit:
            end_ = ExitCode::Done;
            return;
        case OwnWord::Clear:
            return output_.clear_screen();
        case OwnWord::Status:
            return execute(CommandLine{"sidecar status"});
        case OwnWord::Peers:
            return execute(CommandLine{"sidecar peers"});
        case OwnWord::Clients:
            return execute(CommandLine{"sidecar clients"});
        case OwnWord::DisplayText:
        case OwnWord::DisplayJson:
            return output_.use_json(word == OwnWord::DisplayJson);
        case OwnWord::PagerOn:
        case OwnWord::PagerOff:
            return output_.use_pager(word == OwnWord::PagerOn);
    }
}

void Shell::execute(const CommandLine& command) {
    if (const auto answer = ask(command.text)) output_.show_answer(command.text, *answer);
}

// nullopt: it was given up, and reported as such.
std::optional<CommandChannel::Answer> Shell::ask(const std::string& command) {
    channel_.begin(command, [](std::size_t line, std::string_view sent, std::string_view dialect) {
        remark(respelled_text(line, sent, dialect));
    });
    const auto remark_at = Clock::now() + unremarked_wait;
    for (;;) {
        const auto deadline = channel_.deadline();
        Happened happened;
        if (!channel_.complete())
            happened = watch(Keyboard::Ignored,
                             output_.waiting_shown() ? deadline : earlier(deadline, remark_at));
        if (auto answer = channel_.take()) {
            output_.show_waiting(false);
            return answer;
        }
        if (happened.interrupt || end_) {
            output_.show_waiting(false);
            input_->forget_keys();
            complain(channel_.cancel(end_ ? "no longer waited for" : "cancelled").text);
            return std::nullopt;
        }
        if (happened.continued && !output_.dumb()) mode_.keep_keys();
        if (Clock::now() >= remark_at) output_.show_waiting(true);
    }
}

Shell::Happened Shell::watch(Keyboard keyboard, std::optional<Clock::time_point> deadline) {
    PollSet set;
    const auto keys = set.add(keyboard == Keyboard::Awaited ? STDIN_FILENO : -1);
    set.add(stream_.fd());
    set.add(channel_.fd(), channel_.events());
    set.add(signals_.fd());
    (void)set.wait(earlier(deadline, stream_.due()));

    Happened happened{.input = set.readable(keys)};
    while (const auto number = signals_.next()) {
        if (*number == SIGINT) happened.interrupt = true;
        if (*number == SIGWINCH) happened.resized = true;
        if (*number == SIGCONT) happened.continued = true;
        if (*number == SIGTERM || *number == SIGHUP || *number == SIGQUIT) end_ = ExitCode::Done;
    }
    if (input_) {
        channel_.go_on();
        for (const HealthFeed::Step& step : stream_.go_on()) tell(step);
    }
    return happened;
}

void Shell::tell(const HealthFeed::Step& step) {
    const bool waiting = output_.waiting_shown();
    output_.show_waiting(false);
    input_->show(step.text);
    if (waiting && !step.failed) output_.show_waiting(true);
    if (!step.failed || options_.stay) return;
    end_ = ExitCode::NotSent;
}

Wakeup Shell::await_key() {
    for (;;) {
        const auto happened = watch(Keyboard::Awaited, std::nullopt);
        if (end_) return Wakeup::Finish;
        if (happened.interrupt) return Wakeup::Interrupt;
        if (happened.continued) return Wakeup::Continued;
        if (happened.resized) return Wakeup::Resized;
        if (happened.input) return Wakeup::Key;
    }
}

std::string Shell::prompt() const {
    return prompt_text(arguments_.socket, stream_.feed(), output_.style());
}

}  // namespace exapulse::client
