// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/shell_output.hpp"

#include <csignal>

#include <fmt/format.h>

#include "client/shell/answer_view.hpp"
#include "client/shell/pager.hpp"
#include "client/shell/sidecar_view.hpp"
#include "client/view/terminal_size.hpp"

namespace exapulse::client {

namespace {

constexpr std::string_view waiting_text = "waiting for the answer... Ctrl-C stops waiting";

}  // namespace

ShellOutput::ShellOutput(TerminalMode& mode, SignalFile& signals, bool dumb)
    : mode_(mode), signals_(signals), dumb_(dumb) {}

void ShellOutput::become_dumb() {
    dumb_ = true;
    style_.colour = false;
    mode_.as_found();
}

void ShellOutput::show_waiting(bool on) {
    if (on == waiting_shown_) return;
    waiting_shown_ = on;
    if (on && dumb_)
        print_line(waiting_text);
    else if (on)
        fmt::print("{}", style_.paint(Colour::Dim, waiting_text));
    else if (!dumb_)
        fmt::print("\r\033[K");
    flush_output();
}

void ShellOutput::clear_screen() const {
    if (!dumb_) fmt::print("\033[H\033[2J");
}

void ShellOutput::show_answer(std::string_view command, const CommandChannel::Answer& answer) {
    const bool done = answer.verdict.code == ExitCode::Done;
    if (!answer.lines.empty())
        show(view_of(command, answer.lines));
    else if (done)
        remark("done");
    if (!done) complain(answer.verdict.text);
}

// exapulsed's own answers look as the subcommands of their names show them.
std::string ShellOutput::view_of(std::string_view command,
                                 const std::vector<std::string>& lines) const {
    if (json_) return raw_view(lines);
    const AnswerScreen screen{style_, terminal_size().columns};
    return sidecar_view(command, lines, screen).value_or(answer_view(lines, screen));
}

void ShellOutput::show(std::string_view text) {
    if (paged(text)) return;
    print_line(text);
    flush_output();
}

bool ShellOutput::paged(std::string_view text) {
    const TerminalSize size = terminal_size();
    const bool is_long = rows_of(text, size.columns) >= size.rows;
    const std::string pager = pager_ && !dumb_ && is_long ? pager_command() : "";
    if (pager.empty()) return false;
    mode_.as_found();
    const Paged how = page(pager, std::string(text) + '\n');
    mode_.keep_keys();
    signals_.forget(SIGINT);
    if (how == Paged::Interrupted) print_line("");  // after its ^C
    if (how != Paged::NotStarted) return true;
    complain(fmt::format("the pager does not start: {} (EXAPULSE_PAGER, PAGER)", pager));
    return false;
}

}  // namespace exapulse::client
