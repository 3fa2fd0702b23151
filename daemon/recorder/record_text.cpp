// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/recorder/record_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/printable.hpp"
#include "common/secrets.hpp"
#include "common/units.hpp"

namespace exapulse {

namespace {

using nlohmann::ordered_json;

/// Session numbers from here on are no session's: see departed_clients_of().
constexpr std::uint64_t no_session = std::uint64_t{1} << 63;

constexpr std::string_view legend =
    "> sent to ExaBGP, < received from it, * what happened. A/B: belongs to command B of session "
    "A;\n"
    "-/B: its client had disconnected. Times are UTC.\n";

WallTime time_of(const FlightRecorder::Record& record, const Moment& now) {
    return now.wall - std::chrono::duration_cast<WallTime::duration>(now.steady - record.at);
}

ordered_json or_null(std::uint64_t number) {
    return number == 0 || number >= no_session ? ordered_json(nullptr) : ordered_json(number);
}

std::string owner_text(const FlightRecorder::Owner& owner) {
    if (owner.command == 0) return {};
    if (owner.session == 0 || owner.session >= no_session)
        return fmt::format("-/{}", owner.command);
    return fmt::format("{}/{}", owner.session, owner.command);
}

char mark_of(RecordKind kind) {
    switch (kind) {
        case RecordKind::Sent:
            return '>';
        case RecordKind::Received:
            return '<';
        case RecordKind::State:
            break;
    }
    return '*';
}

}  // namespace

std::string format_record(const FlightRecorder::Record& record, const Moment& now) {
    return json_text(ordered_json{{"time", format_time(time_of(record, now))},
                                  {"kind", name_of(record.kind)},
                                  {"session", or_null(record.owner.session)},
                                  {"command", or_null(record.owner.command)},
                                  {"text", mask_secrets(record.text)},
                                  {"cut", record.text.size() < record.length},
                                  {"bytes", record.length}});
}

std::string format_lost_records(std::uint64_t count, const Moment& now) {
    return json_text(
        ordered_json{{"time", format_time(now.wall)}, {"kind", "lost"}, {"records", count}});
}

std::string describe_records(const FlightRecorder& recorder, std::string_view heading,
                             const Moment& now) {
    std::string text = fmt::format("{}\n{}", printable(heading), legend);
    for (std::uint64_t number = recorder.begin(); number != recorder.end(); ++number) {
        const auto record = recorder.at(number);
        const std::string owner = owner_text(record.owner);
        const std::string_view space = owner.empty() ? "" : " ";
        text += fmt::format("{} {} {}{}{}", format_time(time_of(record, now)), mark_of(record.kind),
                            owner, space, printable(mask_secrets(record.text)));
        if (record.text.size() < record.length)
            text += fmt::format("... ({} bytes)", record.length);
        text += '\n';
    }
    return text;
}

}  // namespace exapulse
