// SPDX-License-Identifier: BSD-3-Clause
// Options: what an option is, and the words of a command line sorted into options and the rest.
// Pure.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace exapulse::client {

using Words = std::vector<std::string>;

/// What may stand behind an option or as an argument, for completion.
enum class Values {
    None,
    Time,
    Number,
    File,
    Socket,
    Instance,
    EventTypes,
    ShellCommand,
    PeerCount
};

struct Option {
    std::string_view name;     // with its dashes
    char letter = '\0';        // of the short form; '\0': there is none
    std::string_view value{};  // how --help calls what follows; empty: a switch
    Values values = Values::None;
    std::string_view help{};  // lines of --help
    bool repeats = false;     // may be given several times, or hold several with commas
};

/// What is wrong with a command line, in one line.
class WrongUsage : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The options that were given, by name, and the words that are none.
class GivenOptions {
  public:
    [[nodiscard]] bool has(std::string_view name) const { return given_.contains(name); }
    /// The value given last.
    [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
    [[nodiscard]] Words values(std::string_view name) const;
    /// The words before `--` that are none, nor their values.
    [[nodiscard]] const Words& rest() const { return rest_; }
    /// The words behind `--`.
    [[nodiscard]] const Words& literal() const { return literal_; }

  private:
    friend GivenOptions parse_options(const Words&, std::span<const Option>);
    std::map<std::string, Words, std::less<>> given_;
    Words rest_, literal_;
};

/// Options and other words may stand in any order; what follows `--` is no option. Throws
/// WrongUsage for an option without its value; one that is not in `known` is left in rest().
[[nodiscard]] GivenOptions parse_options(const Words& words, std::span<const Option> known);

/// How many of `words` come before the first that is neither one of `known` nor its value. An
/// unknown option counts as such a word.
[[nodiscard]] std::size_t leading_options(std::span<const std::string> words,
                                          std::span<const Option> known);

/// nullptr when there is none of this name, which may be a short form, and end with its value:
/// "--timeout=5s", "-t5s".
[[nodiscard]] const Option* find_option(std::string_view word, std::span<const Option> known);

/// The value at the end of `word`, an option that takes one; nullopt: it is the next word.
[[nodiscard]] std::optional<std::string_view> attached_value(std::string_view word);

[[nodiscard]] std::vector<Option> joined(std::span<const Option> own,
                                         std::span<const Option> others);

}  // namespace exapulse::client
