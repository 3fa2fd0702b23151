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

std::string_view verdict_of(const Deed& deed) {
    if (deed.code) return name_of(*deed.code);
    return deed.done ? "done" : "error";
}

bool is_lost(const Deed& deed) {
    return deed.code == ErrorCode::NotSent || deed.code == ErrorCode::OutcomeUnknown ||
           deed.code == ErrorCode::ExabgpFailed || deed.code == ErrorCode::Incomplete;
}

/// Denied or lost: the log has it as a warning.
bool is_warning(const Deed& deed) {
    return deed.code == ErrorCode::Denied || is_lost(deed);
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

bool Audit::may_note(const Deed& deed) const {
    return deed.code || deed.needed == Role::Admin || wants(deed.needed) || is_slow(deed) ||
           spdlog::should_log(spdlog::level::debug);
}

/// What ExaBGP did not answer is logged as lost.
bool Audit::is_slow(const Deed& deed) const {
    return config_.log.slow.count() > 0 && !deed.code && deed.waited && deed.took &&
           *deed.took >= config_.log.slow;
}

void Audit::note_slow(const Deed& deed) {
    ++slow_;
    if (!sessions_.may_log_about(deed.session)) return;
    const std::string line = mask_secrets(deed.line.substr(0, shown_of_line));
    spdlog::warn("slow: {}: {}: {}{} ({:.1f} ms in the queue, {:.1f} ms at ExaBGP)", who(deed),
                 verdict_of(deed), line, deed.line.size() > shown_of_line ? "..." : "",
                 milliseconds(*deed.waited), milliseconds(*deed.took - *deed.waited));
}

void Audit::note(const Deed& deed) {
    if (is_slow(deed)) note_slow(deed);
    const bool recorded = wants(deed.needed) || deed.needed == Role::Admin;
    if (!recorded && !deed.code) {
        if (deed.took && spdlog::should_log(spdlog::level::debug)) write(deed, LOG_DEBUG);
        return;
    }
    const bool warning = is_warning(deed);
    if (!recorded && !warning) return;
    const bool in_budget = !deed.code || sessions_.may_log_about(deed.session);
    if (in_budget) write(deed, warning ? LOG_WARNING : LOG_INFO);
    // What costs its client nothing must not push out what others did.
    const bool refused = deed.code && !is_lost(deed);
    if (consumers_.empty() || (refused && !in_budget)) return;
    const std::string command = mask_secrets(deed.line.substr(0, AuditRecord::longest_command));
    const std::string why = mask_secrets(deed.why);
    const std::string process = deed.peer.process();
    AuditRecord record;
    record.time = std::chrono::system_clock::now();
    record.session = deed.session;
    record.uid = deed.peer.uid;
    record.user = users_.name_of(deed.peer.uid);
    record.pid = deed.peer.pid;
    record.process = process;
    record.command = command;
    record.needed = deed.needed;
    record.verdict = verdict_of(deed);
    record.why = why;
    record.took = deed.took.value_or(std::chrono::microseconds(0));
    for (AuditConsumer* consumer : consumers_) consumer->on_record(record);
}

/// Making it takes as long as the rest of a record, and it stays the same while a client is
/// attached.
const std::string& Audit::who(const Deed& deed) {
    const bool attached = sessions_.find(deed.session) != nullptr;
    Described& known = described_[deed.session % described_.size()];
    if (attached && known.session == deed.session) return known.text;
    known.session = attached ? deed.session : 0;
    known.text = fmt::format("session {} ({}){}", deed.session,
                             deed.peer.describe(users_.name_of(deed.peer.uid)),
                             attached ? "" : ", which has ended");
    return known.text;
}

void Audit::write(const Deed& deed, int priority) {
    static const bool by_field = journal_reads_stderr();
    const auto level = priority == LOG_DEBUG     ? spdlog::level::debug
                       : priority == LOG_WARNING ? spdlog::level::warn
                                                 : spdlog::level::info;
    if (!spdlog::should_log(level)) return;
    const std::size_t shown = deed.code ? shown_of_refused_line : shown_of_line;
    const std::string line = mask_secrets(deed.line.substr(0, shown));
    const std::string_view cut = deed.line.size() > shown ? "..." : "";
    const std::string end = deed.code   ? fmt::format(": {}", mask_secrets(deed.why))
                            : deed.took ? fmt::format(" ({:.1f} ms)", milliseconds(*deed.took))
                                        : std::string();
    const std::string text =
        fmt::format("{}: {}: {}{}{}", who(deed), verdict_of(deed), line, cut, end);
    if (by_field && priority != LOG_DEBUG) {
        const std::size_t longest = AuditRecord::longest_command;
        const JournalFields fields{
            {"MESSAGE_ID", message_id},
            {"EXAPULSE_SESSION", fmt::to_string(deed.session)},
            {"EXAPULSE_UID", fmt::to_string(deed.peer.uid)},
            {"EXAPULSE_USER", users_.name_of(deed.peer.uid)},
            {"EXAPULSE_PID", fmt::to_string(deed.peer.pid)},
            {"EXAPULSE_PROCESS", deed.peer.process()},
            {"EXAPULSE_COMMAND", printable(mask_secrets(deed.line.substr(0, longest)))},
            {"EXAPULSE_ROLE", std::string(name_of(deed.needed))},
            {"EXAPULSE_VERDICT", std::string(verdict_of(deed))},
            {"EXAPULSE_WHY", printable(mask_secrets(deed.why))},
            {"EXAPULSE_MILLISECONDS", fmt::format("{:.3f}", milliseconds(deed.took.value_or(
                                                                std::chrono::microseconds(0))))}};
        if (send_to_journal(priority, printable(text), fields)) return;
    }
    if (priority == LOG_WARNING)
        spdlog::log(level, "{}", text);
    else
        log_with_next(level, text);
}

}  // namespace exapulse
