// SPDX-License-Identifier: BSD-3-Clause
// OptionParser: what an option is, and CLI11, which reads command lines into variables. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace exapulse::client {

using Words = std::vector<std::string>;

/// What may follow an option or be an argument, for completion.
enum class Values {
    None,
    Time,
    Number,
    File,
    Socket,
    Instance,
    EventTypes,
    ShellCommand,
    Peer,
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

/// Reads one command line. Every option it knows must be bound to something before.
class OptionParser {
  public:
    explicit OptionParser(std::vector<Option> known);
    ~OptionParser();
    OptionParser(const OptionParser&) = delete;
    OptionParser& operator=(const OptionParser&) = delete;

    /// Set to true by a switch.
    void bind(std::string_view name, bool& given);
    /// Set to the value given last.
    void bind(std::string_view name, std::optional<std::string>& value);
    /// Called with that, or with all of one that repeats, once the words have been read. May throw
    /// WrongUsage.
    void bind(std::string_view name, const std::function<void(const std::string&)>& take);
    void bind(std::string_view name, const std::function<void(const Words&)>& take);
    /// Called for each value of one that repeats, as it is read; a comma is a part of it.
    void bind_each(std::string_view name, const std::function<void(const std::string&)>& take);
    /// Called as soon as the switch is seen, whatever is wrong with the other words; to throw.
    void on(std::string_view name, std::function<void()> leave);

    /// Options and other words may come in any order; what follows `--` is no option. Returns the
    /// words that are no options, nor their values, and `--`; an unknown option is one of them.
    /// Throws WrongUsage for an option without its value.
    [[nodiscard]] Words parse(std::span<const std::string> words);

    /// Reads options up to the first word that is none, an unknown option apart. Returns the rest.
    [[nodiscard]] Words parse_leading(std::span<const std::string> words);

    [[nodiscard]] std::span<const Option> known() const { return known_; }

  private:
    [[nodiscard]] const Option& option(std::string_view name) const;
    [[nodiscard]] Words run(Words words, bool leading);

    std::vector<Option> known_;
    std::unique_ptr<CLI::App> app_;
};

/// nullptr when there is none of this name, which may be a short form, and end with its value:
/// "--timeout=5s", "-t5s".
[[nodiscard]] const Option* find_option(std::string_view word, std::span<const Option> known);

/// The value at the end of `word`, an option that takes one; nullopt: it is the next word.
[[nodiscard]] std::optional<std::string_view> attached_value(std::string_view word);

[[nodiscard]] std::vector<Option> joined(std::span<const Option> own,
                                         std::span<const Option> others);

}  // namespace exapulse::client
