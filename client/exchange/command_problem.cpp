// SPDX-License-Identifier: BSD-3-Clause
#include "client/exchange/command_problem.hpp"

#include <cctype>
#include <vector>

#include <fmt/format.h>

#include "common/units.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

std::optional<std::string> byte_problem(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto c = static_cast<unsigned char>(line[i]);
        if (c >= 0x80)
            return fmt::format(
                "byte {:#04x} at position {}: ExaBGP takes ASCII only, and any other byte would "
                "kill its control channel; nothing was sent",
                c, i + 1);
        const bool line_end = c == '\r' && i + 1 == line.size();  // of a file from elsewhere
        if (c == '\t' || line_end || std::iscntrl(c) == 0) continue;
        const std::string name =
            c < 0x20 ? fmt::format("^{}", static_cast<char>(c + '@')) : std::string("DEL");
        return fmt::format("a control character ({}) at position {}, take it out; nothing was sent",
                           name, i + 1);
    }
    return std::nullopt;
}

std::optional<std::string> quote_problem(std::string_view line) {
    std::optional<std::size_t> opened;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '\\' && opened)
            ++i;
        else if (opened && c == line[*opened])
            opened.reset();
        else if (!opened && (c == '"' || c == '\''))
            opened = i;
    }
    if (!opened) return std::nullopt;
    return fmt::format("the quote ({}) at position {} is not closed; nothing was sent",
                       line[*opened], *opened + 1);
}

bool switches_acks_off(const std::vector<std::string_view>& parts) {
    if (parts[0] == "disable-ack" || parts[0] == "silence-ack") return true;
    return parts.size() > 2 && parts[0] == "session" && parts[1] == "ack" &&
           (parts[2] == "disable" || parts[2] == "silence");
}

}  // namespace

std::optional<std::string> command_problem(std::string_view line) {
    if (line.find('\n') != std::string_view::npos)
        return "a command is one line; send several with exapulse run -";
    const auto parts = words(line);
    if (parts.empty()) return "the command is empty";
    if (line.size() > longest_command) return too_long_problem();
    if (const auto problem = byte_problem(line)) return problem;
    if (const auto problem = quote_problem(line)) return problem;
    if (parts.size() > 1 && parts[0] == "sidecar" && parts[1] == "subscribe")
        return "a subscription never ends; use exapulse watch --json";
    if (switches_acks_off(parts))
        return "exapulse finds the end of an answer by its ack, so it does not switch acks off; a "
               "program on a connection of its own may, see exapulse-protocol(7)";
    return std::nullopt;
}

std::string too_long_problem() {
    return fmt::format("too-long: the line is longer than {}, ExaBGP's own limit; nothing was sent",
                       format_size(longest_command));
}

}  // namespace exapulse::client
