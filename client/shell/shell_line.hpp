// SPDX-License-Identifier: BSD-3-Clause
// ShellLine: what a line typed into the shell asks for. Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace exapulse::client {

/// The words of the shell itself.
enum class OwnWord {
    Nothing,  // an empty line, or a comment
    Help,
    Quit,
    Clear,
    Status,
    Peers,
    Clients,
    DisplayText,
    DisplayJson,
    PagerOn,
    PagerOff,
};

/// Goes to ExaBGP, or to exapulsed.
struct CommandLine {
    std::string text;
};

/// Goes nowhere; `text` says in one line why and what to do.
struct RefusedLine {
    std::string text;
};

using ShellLine = std::variant<OwnWord, CommandLine, RefusedLine>;

[[nodiscard]] ShellLine read_shell_line(std::string_view line);

/// The lines that are the shell's own, for completion.
[[nodiscard]] std::vector<std::string_view> own_lines();

/// What `help` shows.
[[nodiscard]] std::string_view shell_help();

}  // namespace exapulse::client
