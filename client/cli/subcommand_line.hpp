// SPDX-License-Identifier: BSD-3-Clause
// SubcommandLine: reads what follows a subcommand into its options. Pure but for the time of now.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/cli/arguments.hpp"
#include "client/cli/global_options.hpp"
#include "client/cli/option_parser.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

struct Subcommand;

/// --help was asked for: no error, and nothing more is checked.
struct HelpWanted {
    std::string text;
};

/// What follows a subcommand, to be read by its row's `read`.
struct SubcommandWords {
    const Subcommand& subcommand;
    std::span<const std::string> words;
    Arguments& arguments;  // takes the global options among them
};

/// First bind() every option of the subcommand, then read once. Reading throws WrongUsage for what
/// can't be understood, and HelpWanted.
class SubcommandLine {
  public:
    static constexpr auto any_number = static_cast<std::size_t>(-1);

    explicit SubcommandLine(const SubcommandWords& given);

    void bind(std::string_view option, bool& given) { parser_.bind(option, given); }
    void bind(std::string_view option, std::optional<std::string>& text) {
        parser_.bind(option, text);
    }
    void bind(std::string_view option, const std::function<void(const std::string&)>& take) {
        parser_.bind(option, take);
    }
    /// Takes the values of one that repeats, whatever commas are in them.
    void bind(std::string_view option, std::vector<std::string>& values) {
        parser_.bind_each(option, [&values](const std::string& text) { values.push_back(text); });
    }
    void bind(std::string_view option, std::optional<std::chrono::milliseconds>& time);
    /// A number, 1 or more: `of_what`.
    void bind(std::string_view option, std::optional<std::uint64_t>& number,
              std::string_view of_what);
    /// A time in the past, or one so long before now.
    void bind(std::string_view option, std::optional<std::chrono::system_clock::time_point>& since);
    /// Types of events. `snapshots` are the types that can't be asked for here.
    void bind(std::string_view option, std::vector<EventType>& types,
              const std::set<EventType>& snapshots);

    /// Returns the words that are no options, and refuses more than `most`.
    Words read(std::size_t most = 0) { return read(words_, most); }
    /// Reads others than those that follow the subcommand; may come after read_leading().
    Words read(std::span<const std::string> words, std::size_t most);

    /// Reads options up to the first word that is none, and returns the rest. Refuses an unknown
    /// option there.
    [[nodiscard]] Words read_leading();

  private:
    const Subcommand& subcommand_;
    std::span<const std::string> words_;
    Arguments& arguments_;
    OptionParser parser_;
    GlobalOptions global_;
};

/// `where`: the subcommand, empty for none.
[[noreturn]] void refuse_option(std::string_view typed, std::string_view where,
                                std::span<const Option> known);

}  // namespace exapulse::client
