// SPDX-License-Identifier: BSD-3-Clause
// The dialect, learned from exapulsed's status.
#include "client/exchange/speller.hpp"

#include <nlohmann/json.hpp>

#include "common/exabgp_spelling.hpp"
#include "common/json_fields.hpp"
#include "common/words.hpp"

namespace exapulse::client {

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

}  // namespace exapulse::client
