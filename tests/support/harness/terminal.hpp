// SPDX-License-Identifier: BSD-3-Clause
// Terminal: a program on a real terminal, with keys to press and a screen to look at.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/temp_dir.hpp"

namespace exapulse::test {

/// The terminal is tmux(1)'s, a server of its own for each; it folds lines anew when its width
/// changes, as most terminals do.
class Terminal {
  public:
    struct Options {
        int columns = 80;
        int rows = 24;
        /// The program's environment beside PATH; nothing else is passed on.
        std::map<std::string, std::string> environment{};
        bool recorded = false;  ///< see written()
    };

    Terminal(std::vector<std::string> argv, const Options& options);
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    void type(std::string_view text);      ///< as it is, key by key
    void press(const std::string& key);    ///< as tmux names them: Enter, Tab, Up, C-c
    void paste(const std::string& bytes);  ///< in one piece, as keys
    /// As most terminals do: between brackets, if the program wants them.
    void paste_in_brackets(const std::string& bytes);
    void resize(int columns, int rows);  ///< afterwards the program has SIGWINCH

    /// The rows as they stand, blanks at their ends and empty rows at the end removed.
    [[nodiscard]] std::string screen() const;
    /// All since the start with folded rows in one, and with sequences of colour.
    [[nodiscard]] std::string coloured() const;
    /// The same without colour.
    [[nodiscard]] std::string text() const;
    /// Every byte that the program wrote.
    [[nodiscard]] std::string written() const;

    [[nodiscard]] Outcome shows(std::string_view wanted) const;    ///< somewhere in text()
    [[nodiscard]] Outcome ends_with(std::string_view last) const;  ///< screen()

    /// The program's exit status, once it has ended.
    [[nodiscard]] std::optional<int> wait_exit(std::chrono::milliseconds timeout = patience) const;
    [[nodiscard]] int pid() const;
    [[nodiscard]] bool is_running() const { return !wait_exit(std::chrono::milliseconds(0)); }

  private:
    std::string tmux(std::vector<std::string> arguments) const;

    TempDir dir_;
    bool recorded_;
};

}  // namespace exapulse::test
