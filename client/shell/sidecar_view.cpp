// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/sidecar_view.hpp"

#include <chrono>

#include <nlohmann/json.hpp>

#include "client/reports/clients_text.hpp"
#include "client/reports/peers_text.hpp"
#include "client/reports/recorder_text.hpp"
#include "client/reports/status_text.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

std::optional<std::string> recorder_view(const std::vector<std::string>& lines,
                                         const Style& style) {
    std::string text;
    for (const std::string& line : lines) {
        const auto record = nlohmann::json::parse(line, nullptr, false);
        if (!record.is_object() || !record.contains("kind")) return std::nullopt;
        text.append(text.empty() ? "" : "\n").append(recorder_text(record, style));
    }
    return text;
}

}  // namespace

std::optional<std::string> sidecar_view(std::string_view command,
                                        const std::vector<std::string>& lines,
                                        const AnswerScreen& screen) {
    const auto parts = words(command);
    if (parts.size() != 2 || parts[0] != "sidecar") return std::nullopt;
    if (parts[1] == "recorder") return recorder_view(lines, screen.style);
    if (lines.size() != 1) return std::nullopt;
    const auto answer = nlohmann::json::parse(lines.front(), nullptr, false);
    const auto now = std::chrono::system_clock::now();
    if (parts[1] == "status" && answer.is_object()) return status_text(answer, screen.style, now);
    if (parts[1] == "clients" && answer.is_array()) return clients_text(answer, screen.style, now);
    const bool peers = parts[1] == "peers" && answer.is_object() && answer.contains("peers");
    if (peers && answer["peers"].is_array()) return peers_text(answer["peers"], screen.style, now);
    return std::nullopt;
}

}  // namespace exapulse::client
