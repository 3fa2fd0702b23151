// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/upstream_record.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/system/clock.hpp"

namespace exapulse {

void UpstreamRecord::note(std::string_view what) {
    recorder_.note(RecordKind::State, steady_now(), what);
}

void UpstreamRecord::on_connected(const UpstreamCandidate& to) {
    spdlog::info("upstream: connected to {} ({})", to.path, to.found_by);
    note(fmt::format("connected to {} ({})", to.path, to.found_by));
    unreachable_.clear();
}

void UpstreamRecord::on_connect_failed(const std::string& why) {
    spdlog::debug("upstream: {}", why);
    if (unreachable_ != why) note(why);  // not at each of many attempts
    unreachable_ = why;
}

void UpstreamRecord::on_closed(Cause cause, const std::string& why, std::uint64_t unsent) {
    note(fmt::format("connection lost ({}): {}; {} bytes had not left yet", name_of(cause), why,
                     unsent));
    unusable_.clear();
}

void UpstreamRecord::on_ready(Dialect dialect, const std::string& version, bool is_new) {
    if (is_new) spdlog::info("upstream: ExaBGP {} speaks API {}", version, name_of(dialect));
    note(fmt::format("answers can be matched: ExaBGP {}, API {}", version, name_of(dialect)));
}

void UpstreamRecord::on_unusable(std::string_view why) {
    if (unusable_ == why) return;
    unusable_ = why;
    note(why);
    spdlog::error("upstream: ExaBGP can't be used: {}", why);
}

void UpstreamRecord::on_remark(std::string_view text) {
    spdlog::warn("upstream: {}", text);
    note(text);
}

void UpstreamRecord::on_line_written(std::string_view line, const Command* command, TimePoint now) {
    const FlightRecorder::Owner owner = command == nullptr
                                            ? FlightRecorder::Owner{}
                                            : FlightRecorder::Owner{command->owner, command->id};
    recorder_.note(RecordKind::Sent, now, line, owner);
}

void UpstreamRecord::on_taken_back(std::uint64_t bytes) {
    note(fmt::format("the last {} bytes had not left yet and were taken back", bytes));
}

void UpstreamRecord::on_line_read(std::string_view line, TimePoint now) {
    recorder_.note(RecordKind::Received, now, line);
}

void UpstreamRecord::on_line_matched(const Command& command) {
    recorder_.attribute({command.owner, command.id});
}

void UpstreamRecord::on_answer_lost(const Command& command, ErrorCode code, std::string_view why) {
    recorder_.note(RecordKind::State, steady_now(), fmt::format("{}: {}", name_of(code), why),
                   {command.owner, command.id});
}

}  // namespace exapulse
