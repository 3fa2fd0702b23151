// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/recorder_text.hpp"

#include <chrono>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/printable.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

std::string time_text(const json& record) {
    const auto time = time_field(record, "time");
    if (!time) return "-";
    const auto fraction = std::chrono::duration_cast<std::chrono::microseconds>(
        *time - std::chrono::floor<std::chrono::seconds>(*time));
    return fmt::format("{}.{:06}", local_time(*time), fraction.count());
}

std::string_view mark_of(std::string_view kind) {
    if (kind == "sent") return ">";
    if (kind == "received") return "<";
    return "*";
}

std::string owner_of(const json& record) {
    const auto command = number_field(record, "command");
    if (!command) return {};
    const auto session = number_field(record, "session");
    return fmt::format("{}/{} ", session ? fmt::to_string(*session) : "-", *command);
}

std::string text_of(const json& record, std::string_view kind) {
    if (kind == "lost")
        return fmt::format("{} records were overwritten before they could be sent",
                           number_field(record, "records").value_or(0));
    std::string text = printable(text_field(record, "text").value_or(""));
    if (flag_field(record, "cut").value_or(false))
        text += fmt::format("... ({} bytes)", number_field(record, "bytes").value_or(0));
    return text;
}

}  // namespace

std::string recorder_text(const json& record, const Style& style) {
    const std::string kind = text_field(record, "kind").value_or("");
    const std::string text = fmt::format("{}{}", owner_of(record), text_of(record, kind));
    const bool line = kind == "sent" || kind == "received";
    return fmt::format("{} {} {}", style.paint(Colour::Dim, time_text(record)), mark_of(kind),
                       line ? text : style.paint(Colour::Bold, text));
}

}  // namespace exapulse::client
