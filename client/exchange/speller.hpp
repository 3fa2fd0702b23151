// SPDX-License-Identifier: BSD-3-Clause
// Speller: commands in, what is to be sent for them out. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace exapulse::client {

/// Spells commands for the ExaBGP at hand. Its dialect is asked of exapulsed once, for the first
/// command whose spelling varies; a run without such a command asks nothing.
class Speller {
  public:
    /// What brings the dialect.
    static constexpr std::string_view question = "sidecar status";

    /// Told of each command that is sent otherwise than given, in `line` of the input.
    using OnRespelled =
        std::function<void(std::size_t line, std::string_view sent, std::string_view dialect)>;

    /// Leaves every command as it is.
    Speller() : dialect_("") {}

    /// `in_group`: the commands before these have opened a group.
    explicit Speller(OnRespelled on_respelled, bool in_group = false)
        : on_respelled_(std::move(on_respelled)), in_group_(in_group) {}

    /// Whether `command` can't be spelled before `question` has been answered.
    [[nodiscard]] bool must_ask(std::string_view command) const;

    /// Takes the answer. Where it names no dialect every command stays as it is.
    void learn(std::string_view answer);

    /// What to send for `command`, which is the next one.
    [[nodiscard]] std::string spell(std::string_view command, std::size_t line);

  private:
    OnRespelled on_respelled_;
    bool in_group_ = false;
    std::optional<std::string> dialect_;  // nullopt: not asked yet; empty: not known
};

/// What to say of a command that is sent otherwise than given. `line`: of the input; 0: not from a
/// file.
[[nodiscard]] std::string respelled_text(std::size_t line, std::string_view sent,
                                         std::string_view dialect);

}  // namespace exapulse::client
