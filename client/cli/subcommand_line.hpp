// SPDX-License-Identifier: BSD-3-Clause
// SubcommandLine: a subcommand's options and words, and what they come to. Pure but for the time
// of now.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/cli/arguments.hpp"
#include "client/cli/option_parser.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

struct Subcommand;

/// --help was asked for: no error, and nothing more is looked at.
struct HelpWanted {
    std::string text;
};

/// What stands behind a subcommand, to be read by its row's `read`.
struct SubcommandWords {
    const Subcommand& subcommand;
    std::span<const std::string> words;
    Arguments& arguments;  // takes the global options among them
};

/// Everything here throws WrongUsage for what can't be understood.
class SubcommandLine {
  public:
    /// Global options go to `given.arguments`. Throws HelpWanted.
    explicit SubcommandLine(const SubcommandWords& given);

    [[nodiscard]] const GivenOptions& given() const { return given_; }
    [[nodiscard]] bool has(std::string_view option) const { return given_.has(option); }
    [[nodiscard]] std::optional<std::chrono::milliseconds> time(std::string_view option) const;
    /// Of --since: a time in the past, or one so long before now.
    [[nodiscard]] std::optional<std::chrono::system_clock::time_point> since() const;
    /// Of --type. `pictures` are the types that tell how things are, and can't be asked for here.
    [[nodiscard]] std::vector<EventType> types(const std::set<EventType>& pictures) const;

    /// The words that are no options.
    [[nodiscard]] Words arguments() const;
    /// Refuses more than `most`, none or one.
    void refuse_arguments(std::size_t most = 0) const;

  private:
    const Subcommand& subcommand_;
    std::vector<Option> known_;
    GivenOptions given_;
};

/// Takes what stands among the global options, wherever that is.
void take_global(Arguments& arguments, const GivenOptions& given);

/// Refuses a path that no socket can have.
void check_socket(const std::string& path);

/// `where`: the subcommand, empty for none.
[[noreturn]] void refuse_option(std::string_view typed, std::string_view where,
                                std::span<const Option> known);

}  // namespace exapulse::client
