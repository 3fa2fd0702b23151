// SPDX-License-Identifier: BSD-3-Clause
// The shell's own words, and what is refused before it is sent.
#include "client/shell/shell_line.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "client/cli/subcommands.hpp"
#include "client/exchange/command_problem.hpp"
#include "common/units.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

struct Row {
    std::string_view line;
    OwnWord word;
};

constexpr std::array rows{
    Row{"help", OwnWord::Help},
    Row{"?", OwnWord::Help},
    Row{"quit", OwnWord::Quit},
    Row{"exit", OwnWord::Quit},
    Row{"clear", OwnWord::Clear},
    Row{"status", OwnWord::Status},
    Row{"peers", OwnWord::Peers},
    Row{"clients", OwnWord::Clients},
    Row{"set display text", OwnWord::DisplayText},
    Row{"set display json", OwnWord::DisplayJson},
    Row{"set pager on", OwnWord::PagerOn},
    Row{"set pager off", OwnWord::PagerOff},
};

std::optional<std::string> set_problem(const std::vector<std::string_view>& parts) {
    if (parts.front() != "set") return std::nullopt;
    return "set takes: display text, display json, pager on, pager off";
}

// Words that are no command of any ExaBGP: what begins with one is a mistake.
bool takes_nothing(std::string_view word) {
    constexpr std::array<std::string_view, 5> words{"status", "peers", "clients", "quit", "exit"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Who comes from the command line types its subcommands here too.
std::optional<std::string> subcommand_problem(const std::vector<std::string_view>& parts) {
    const std::string_view first = parts.front();
    if (first == "watch") return "no need to watch here: events are shown above the prompt";
    if (first == "run") return "no need for run here: type the command itself";
    if (takes_nothing(first))
        return fmt::format(
            "{} takes no arguments here; set display json shows answers as "
            "they came",
            first);
    const Subcommand* subcommand = find_subcommand(first);
    if (subcommand == nullptr || subcommand->hidden) return std::nullopt;
    return fmt::format("{0} is a subcommand, not a command of the shell: quit, then exapulse {0}",
                       first);
}

std::optional<OwnWord> own_word(const std::vector<std::string_view>& parts) {
    const std::string line = fmt::format("{}", fmt::join(parts, " "));
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const Row& known) { return known.line == line; });
    return row == rows.end() ? std::nullopt : std::optional(row->word);
}

std::optional<std::string> problem_of(std::string_view line,
                                      const std::vector<std::string_view>& parts) {
    if (const auto problem = set_problem(parts)) return problem;
    if (const auto problem = subcommand_problem(parts)) return problem;
    if (parts.size() > 1 && parts[0] == "sidecar" && parts[1] == "subscribe")
        return "no need to subscribe here: events are shown above the prompt";
    return command_problem(line);
}

}  // namespace

ShellLine read_shell_line(std::string_view line) {
    const auto parts = words(line);
    if (parts.empty() || parts.front().starts_with('#') || parts.front().starts_with('!'))
        return OwnWord::Nothing;
    if (const auto word = own_word(parts)) return *word;
    if (const auto problem = problem_of(line, parts)) return RefusedLine{*problem};
    return CommandLine{std::string(line)};
}

std::vector<std::string_view> own_lines() {
    std::vector<std::string_view> lines;
    for (const Row& row : rows)
        if (row.line != "?") lines.push_back(row.line);
    return lines;
}

std::string_view shell_help() {
    return R"(Your input goes to ExaBGP, spelled for its version. TAB completes it.
Events of ExaBGP and its peers are shown above the prompt.

  status                the state of ExaBGP and exapulsed
  peers                 the peers of ExaBGP
  clients               the clients of exapulsed
  sidecar help          the commands of exapulsed itself
  system help           the commands of ExaBGP
  set display json      show answers as they came; set display text: as tables
  set pager off         print long answers at once; set pager on: use a pager
  clear                 clear the screen
  help, ?               show this
  quit, exit, Ctrl-D    exit

Ctrl-C clears the line; while a command waits, it stops waiting. Lines that start
with a space are not kept in the history; those with # or ! are comments.)";
}

}  // namespace exapulse::client
