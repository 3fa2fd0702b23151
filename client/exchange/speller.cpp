// SPDX-License-Identifier: BSD-3-Clause
// The dialect, learned from exapulsed's status.
#include "client/exchange/speller.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/exabgp_spelling.hpp"
#include "common/json_fields.hpp"
#include "common/printable.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

// The words that differ are at its beginning.
constexpr std::size_t shown_of_spelling = 120;

}  // namespace

bool Speller::must_ask(std::string_view command) const {
    return !dialect_ && spelling_varies(command);
}

void Speller::learn(std::string_view answer) {
    const auto status = nlohmann::json::parse(answer, nullptr, false);
    dialect_ = text_field(status, "dialect").value_or("");
}

std::string Speller::spell(std::string_view command, std::size_t line) {
    const auto parts = words(command);
    const bool gathered =
        in_group_ && !parts.empty() && (parts[0] == "announce" || parts[0] == "withdraw");
    in_group_ = group_open_after(command, in_group_);
    if (gathered) return std::string(command);
    const std::string dialect = dialect_.value_or("");
    const auto other = respelled(command, dialect);
    if (!other) return std::string(command);
    if (on_respelled_) on_respelled_(line, *other, dialect);
    return *other;
}

std::string respelled_text(std::size_t line, std::string_view sent, std::string_view dialect) {
    const std::string which = line == 0 ? "" : fmt::format("line {}: ", line);
    return fmt::format("{}spelled \"{}\" (ExaBGP speaks {})", which,
                       printable_start(sent, shown_of_spelling), dialect);
}

}  // namespace exapulse::client
