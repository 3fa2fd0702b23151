// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/command_record_text.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/printable.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

Colour colour_of_verdict(std::string_view verdict) {
    if (verdict == "done") return Colour::Good;
    return verdict == "error" ? Colour::Warning : Colour::Bad;
}

std::string sender_of(const json& record) {
    if (const auto user = text_field(record, "user")) return *user;
    return fmt::format("uid {}", number_field(record, "uid").value_or(0));
}

std::string process_of_sender(const json& record) {
    const auto pid = number_field(record, "pid");
    return fmt::format("{}, {}", text_field(record, "process").value_or("?"),
                       pid ? fmt::format("pid {}", *pid) : "another PID namespace");
}

std::string end_of_record(const json& record) {
    if (const auto why = text_field(record, "why")) return ": " + *why;
    const auto took = real_field(record, "took_ms").value_or(0);
    return took > 0 ? fmt::format(" ({:.1f} ms)", took) : std::string();
}

}  // namespace

std::string command_record_text(const json& record, const Style& style) {
    const auto time = time_field(record, "time");
    const std::string when = time ? local_time(*time) : "-";
    if (const auto lost = number_field(record, "lost"))
        return fmt::format(
            "{} {}", when,
            style.paint(
                Colour::Warning,
                fmt::format("{} up to here are missing: they could not be "
                            "written in time",
                            counted(static_cast<std::uint64_t>(std::max<std::int64_t>(*lost, 0)),
                                    "record"))));
    const std::string verdict = text_field(record, "verdict").value_or("?");
    return fmt::format(
        "{} {} {}", when, style.paint(colour_of_verdict(verdict), printable(verdict)),
        printable(fmt::format("{} ({}): {}{}", sender_of(record), process_of_sender(record),
                              text_field(record, "command").value_or("?"), end_of_record(record))));
}

}  // namespace exapulse::client
