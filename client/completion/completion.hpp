// SPDX-License-Identifier: BSD-3-Clause
// Completion: what the last word of a command line could become, from the table of subcommands.
// Pure but for LiveNames.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/cli/subcommands.hpp"

namespace exapulse::client {

struct Candidate {
    std::string word;         // all of it, with what has been typed already
    std::string description;  // one line; may be empty

    friend bool operator==(const Candidate&, const Candidate&) = default;
};

using Candidates = std::vector<Candidate>;

/// What only exapulsed and this host know. Each is called when it is wanted, at most once; one
/// that is not set knows nothing.
struct LiveNames {
    std::function<Candidates()> clients;    // IDs
    std::function<Candidates()> peers;      // addresses
    std::function<Candidates()> instances;  // of exapulsed
    /// What the last of these words of a command for ExaBGP could be.
    std::function<Candidates(std::span<const std::string> words)> commands;
};

/// A command line up to its last word, which is being typed.
struct TypedLine {
    std::vector<Option> known;               // the options allowed there
    const Subcommand* subcommand = nullptr;  // nullptr: it is yet to come
    bool unknown_subcommand = false;
    std::map<std::string, std::string, std::less<>> given;  // options, by name, with their values
    std::vector<std::string> arguments;                     // of the subcommand, no options
    std::optional<Option> value_of;                         // the last word is this option's value
    bool options_ended = false;  // by -- or by the first word of a command
    std::string last;
};

/// `words`: without the program's name. Without any, an empty one is being typed.
[[nodiscard]] TypedLine read_typed_line(std::span<const std::string> words);

struct Completion {
    Candidates candidates;
    bool files = false;  // names of files fit, and only the shell can complete those
};

[[nodiscard]] Completion complete(const TypedLine& line, const LiveNames& live);

/// What the scripts in packaging/completion read: ":files" if these fit, then a line for each
/// candidate, its description after a TAB.
[[nodiscard]] std::string completion_lines(const Completion& completion);

}  // namespace exapulse::client
