// SPDX-License-Identifier: BSD-3-Clause
// Vocabulary: the commands that can be typed, and what the word at the cursor could become. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exapulse::client {

/// What an ExaBGP of this dialect is to be asked for the commands it knows.
[[nodiscard]] std::string_view help_command(std::string_view dialect);

/// Commands are learned from ExaBGP's own help, from exapulsed's and from the shell's words.
class Vocabulary {
  public:
    /// A line of `help` or `system help`: JSON, or one line of the text that 4.2 and 5.0 send.
    void learn(std::string_view help_line);

    /// A command word by word, such as "set display json".
    void add(std::string_view command);

    /// Whether the last word of `typed` may be a peer's address.
    [[nodiscard]] bool wants_peers(std::string_view typed) const;

    /// All that the last word of `typed`, the line up to the cursor, could become: in order, each
    /// once. `peers`: the addresses of ExaBGP's peers.
    [[nodiscard]] std::vector<std::string> candidates(std::string_view typed,
                                                      const std::vector<std::string>& peers) const;

  private:
    struct Part {
        std::vector<std::string> words;  // one of these is here
        bool peer = false;               // or an address, or what `words` has
    };
    using Command = std::vector<Part>;

    void learn_json(std::string_view help_line);
    void add_other_spellings(const std::string& name, bool selects,
                             const std::vector<std::string>& options);
    void learn_text(std::string_view help_line);
    void add_parts(Command command);
    [[nodiscard]] static bool fits(const Part& part, std::string_view word);
    [[nodiscard]] std::vector<const Part*> parts_at_end(std::string_view typed) const;

    std::vector<Command> commands_;
};

/// What is common to the beginnings of all `words`.
[[nodiscard]] std::string common_beginning(const std::vector<std::string>& words);

/// `words` in columns, each line at most `columns` wide where the words allow, with LF at its end.
[[nodiscard]] std::string in_columns(const std::vector<std::string>& words, std::size_t columns);

}  // namespace exapulse::client
