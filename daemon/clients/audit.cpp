// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/audit.hpp"

#include <syslog.h>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/printable.hpp"
#include "common/secrets.hpp"
#include "daemon/system/journal.hpp"
#include "daemon/system/log.hpp"

namespace exapulse {

namespace {

/// For `journalctl MESSAGE_ID=...`: every record of a command, and nothing else.
constexpr const char* message_id = "6b1f0c7e5a8f4b0f9d3c2e7a41d5c9e8";

/// Of a line in the text of a record; its field has more.
constexpr std::size_t shown_of_line = 2'000;
constexpr std::size_t shown_of_refused_line = 200;

std::string_view verdict_of(const LineOutcome& outcome) {
    if (outcome.code) return name_of(*outcome.code);
    return outcome.done ? "done" : "error";
}

bool is_lost(const LineOutcome& outcome) {
    return outcome.code == ErrorCode::NotSent || outcome.code == ErrorCode::OutcomeUnknown ||
           outcome.code == ErrorCode::ExabgpFailed || outcome.code == ErrorCode::Incomplete;
}

/// Denied or lost: the log has it as a warning.
bool is_warning(const LineOutcome& outcome) {
    return outcome.code == ErrorCode::Denied || is_lost(outcome);
}

double milliseconds(std::chrono::microseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

void Audit::apply() {
    least_ = std::nullopt;
    if (config_.log.audit == "all") least_ = Role::None;
    if (config_.log.audit == "changes") least_ = Role::Operate;
}

bool Audit::may_note(const LineOutcome& outcome) const {
    return outcome.code || outcome.needed == Role::Admin || wants(outcome.needed) ||
           is_slow(outcome) || spdlog::should_log(spdlog::level::debug);
}

/// What ExaBGP did not answer is logged as lost.
bool Audit::is_slow(const LineOutcome& outcome) const {
    return config_.log.slow.count() > 0 && !outcome.code && outcome.waited && outcome.took &&
           *outcome.took >= config_.log.slow;
}

void Audit::note_slow(const LineOutcome& outcome) {
    ++slow_;
    if (!sessions_.may_log_about(outcome.session)) return;
    const std::string line = mask_secrets(outcome.line.substr(0, shown_of_line));
    spdlog::warn("slow: {}: {}: {}{} ({:.1f} ms in the queue, {:.1f} ms at ExaBGP)", who(outcome),
                 verdict_of(outcome), line, outcome.line.size() > shown_of_line ? "..." : "",
                 milliseconds(*outcome.waited), milliseconds(*outcome.took - *outcome.waited));
}

void Audit::note(const LineOutcome& outcome) {
    if (is_slow(outcome)) note_slow(outcome);
    const bool recorded = wants(outcome.needed) || outcome.needed == Role::Admin;
    if (!recorded && !outcome.code) {
        if (outcome.took && spdlog::should_log(spdlog::level::debug)) write(outcome, LOG_DEBUG);
        return;
    }
    const bool warning = is_warning(outcome);
    if (!recorded && !warning) return;
    const bool in_budget = !outcome.code || sessions_.may_log_about(outcome.session);
    if (in_budget) write(outcome, warning ? LOG_WARNING : LOG_INFO);
    // Records that cost a client nothing must not push out those of others.
    const bool refused = outcome.code && !is_lost(outcome);
    if (consumers_.empty() || (refused && !in_budget)) return;
    const std::string command = mask_secrets(outcome.line.substr(0, AuditRecord::longest_command));
    const std::string why = mask_secrets(outcome.why);
    const std::string process = outcome.peer.process();
    AuditRecord record;
    record.time = std::chrono::system_clock::now();
    record.session = outcome.session;
    record.uid = outcome.peer.uid;
    record.user = users_.name_of(outcome.peer.uid);
    record.pid = outcome.peer.pid;
    record.process = process;
    record.command = command;
    record.needed = outcome.needed;
    record.verdict = verdict_of(outcome);
    record.why = why;
    record.took = outcome.took.value_or(std::chrono::microseconds(0));
    for (AuditConsumer* consumer : consumers_) consumer->on_record(record);
}

/// Kept while a client is attached: making it takes as long as the rest of a record.
const std::string& Audit::who(const LineOutcome& outcome) {
    const bool attached = sessions_.find(outcome.session) != nullptr;
    Described& known = described_[outcome.session % described_.size()];
    if (attached && known.session == outcome.session) return known.text;
    known.session = attached ? outcome.session : 0;
    known.text = fmt::format("session {} ({}){}", outcome.session,
                             outcome.peer.describe(users_.name_of(outcome.peer.uid)),
                             attached ? "" : ", which has ended");
    return known.text;
}

void Audit::write(const LineOutcome& outcome, int priority) {
    static const bool by_field = journal_reads_stderr();
    const auto level = priority == LOG_DEBUG     ? spdlog::level::debug
                       : priority == LOG_WARNING ? spdlog::level::warn
                                                 : spdlog::level::info;
    if (!spdlog::should_log(level)) return;
    const std::size_t shown = outcome.code ? shown_of_refused_line : shown_of_line;
    const std::string line = mask_secrets(outcome.line.substr(0, shown));
    const std::string_view cut = outcome.line.size() > shown ? "..." : "";
    const std::string end = outcome.code ? fmt::format(": {}", mask_secrets(outcome.why))
                            : outcome.took
                                ? fmt::format(" ({:.1f} ms)", milliseconds(*outcome.took))
                                : std::string();
    const std::string text =
        fmt::format("{}: {}: {}{}{}", who(outcome), verdict_of(outcome), line, cut, end);
    if (by_field && priority != LOG_DEBUG) {
        const std::size_t longest = AuditRecord::longest_command;
        const JournalFields fields{
            {"MESSAGE_ID", message_id},
            {"EXAPULSE_SESSION", fmt::to_string(outcome.session)},
            {"EXAPULSE_UID", fmt::to_string(outcome.peer.uid)},
            {"EXAPULSE_USER", users_.name_of(outcome.peer.uid)},
            {"EXAPULSE_PID", fmt::to_string(outcome.peer.pid)},
            {"EXAPULSE_PROCESS", outcome.peer.process()},
            {"EXAPULSE_COMMAND", printable(mask_secrets(outcome.line.substr(0, longest)))},
            {"EXAPULSE_ROLE", std::string(name_of(outcome.needed))},
            {"EXAPULSE_VERDICT", std::string(verdict_of(outcome))},
            {"EXAPULSE_WHY", printable(mask_secrets(outcome.why))},
            {"EXAPULSE_MILLISECONDS", fmt::format("{:.3f}", milliseconds(outcome.took.value_or(
                                                                std::chrono::microseconds(0))))}};
        if (send_to_journal(priority, printable(text), fields)) return;
    }
    if (priority == LOG_WARNING)
        spdlog::log(level, "{}", text);
    else
        log_with_next(level, text);
}

}  // namespace exapulse
