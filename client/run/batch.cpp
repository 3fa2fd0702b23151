// SPDX-License-Identifier: BSD-3-Clause
#include "client/run/batch.hpp"

#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "client/exchange/question.hpp"
#include "client/view/terminal.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

/// Which ExaBGP exapulsed has seen last; nullopt where it does not say.
std::optional<std::string> uuid_of_exabgp(const std::string& socket) {
    const auto status = ask_in_passing(socket, "sidecar status");
    return status && !status->empty() ? text_field(parsed(status->front()), "uuid") : std::nullopt;
}

}  // namespace

Batch::Batch(DaemonConnection& connection, const Arguments& arguments, const RunOptions& options,
             Speller speller, std::optional<std::uint64_t> size)
    : connection_(connection),
      options_(options),
      socket_(arguments.socket),
      quiet_(arguments.quiet),
      timeout_(arguments.timeout.value_or(default_timeout)),
      answers_(arguments, options),
      progress_(!quiet_, size),
      exchange_(
          [this](std::string_view line) { on_data(line); },
          [this](const Command& command, const Verdict& verdict) { on_verdict(command, verdict); },
          // One at a time, so that nothing after a failed line is executed.
          std::move(speller), options.stop_on_error ? 1 : CommandExchange::window),
      input_([this](Command command) { exchange_.add(std::move(command)); },
             [this](Command command, const Verdict& why) {
                 exchange_.add_refused(std::move(command), why);
             }) {}

ExitCode Batch::run() {
    input_.begin_at(options_.from);
    const Pumped end = pump(connection_, exchange_, timeout_,
                            {.input = &input_,
                             .output = &answers_.output(),
                             .interrupts = &interrupts_,
                             .withdraw = true});
    progress_.clear();
    if (const auto text = report_.folded()) complain(*text);
    tell_early_end(end);
    if (end.complete && options_.from > input_.lines() + 1) {
        complain(fmt::format("--from {}: the batch has only {}", options_.from,
                             counted(input_.lines(), "line")));
        return ExitCode::Usage;
    }
    const bool done = report_.worst() == ExitCode::Done;
    if (const auto text = report_.summary())
        complain(*text);
    else if (done && !quiet_ && isatty(STDERR_FILENO) == 1)
        remark(report_.success(progress_.elapsed()));
    return answers_.code_of(report_);
}

void Batch::on_data(std::string_view line) {
    progress_.clear();
    answers_.data(line);
}

void Batch::on_verdict(const Command& command, const Verdict& verdict) {
    answers_.end(command, verdict);
    if (verdict.code == ExitCode::Done && !std::exchange(any_done_, true))
        uuid_ = uuid_of_exabgp(socket_);
    for (const std::string& text : report_.add(command, verdict)) {
        progress_.clear();
        answers_.write();
        complain(text);
    }
    if (stopped_by_ == StoppedBy::Nothing && verdict.code != ExitCode::Done &&
        options_.stop_on_error) {
        failed_line_ = command.line;
        stop(StoppedBy::Failure);
    } else if (stopped_by_ == StoppedBy::Nothing && exchange_.window_refused()) {
        stop(StoppedBy::SilentExabgp);
    }
    if (progress_.due() && answers_.write())
        progress_.show(report_.lines() - report_.failed(), report_.failed(), input_.bytes());
}

void Batch::tell_early_end(const Pumped& end) {
    const std::size_t next = exchange_.first_unsent().value_or(input_.lines() + 1);
    if (stopped_by_ == StoppedBy::Failure)
        complain(RunReport::stopped_before(next));
    else if (stopped_by_ == StoppedBy::SilentExabgp)
        complain(RunReport::unreachable_before(next));
    else if (!end.complete)
        complain(report_.add_unsent_from(next, end.why));
    const bool early = stopped_by_ != StoppedBy::Nothing || !end.complete ||
                       (!end.why.empty() && report_.has_open());
    if (restarted())
        complain(report_.add_restart());
    else if (early)
        complain(report_.resume(failed_line_ > 0 ? failed_line_ : next));
}

void Batch::stop(StoppedBy what) {
    stopped_by_ = what;
    exchange_.stop();
    input_.stop();
}

bool Batch::restarted() const {
    return uuid_ && uuid_of_exabgp(socket_).value_or(*uuid_) != *uuid_;
}

}  // namespace exapulse::client
