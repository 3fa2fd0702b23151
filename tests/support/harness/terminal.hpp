// SPDX-License-Identifier: BSD-3-Clause
// Terminal: a program on a real terminal, with a keyboard and a screen.
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

/// The terminal is that of tmux(1), each with its own server; it rewraps lines when its width
/// changes, as most terminals do.
class Terminal {
  public:
    struct Options {
        int columns = 80;
        int rows = 24;
        /// The program's environment apart from PATH; nothing else is passed on.
        std::map<std::string, std::string> environment{};
        bool recorded = false;  ///< see written()
    };

    Terminal(std::vector<std::string> argv, const Options& options);
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    void type(std::string_view text);      ///< unchanged, key by key
    void press(const std::string& key);    ///< by tmux's name: Enter, Tab, Up, C-c
    void paste(const std::string& bytes);  ///< in one piece, as keys
    /// As most terminals do: in bracketed paste mode, if the program enables it.
    void paste_in_brackets(const std::string& bytes);
    void resize(int columns, int rows);  ///< the program then gets SIGWINCH

    /// The rows on the screen, without trailing spaces and trailing empty rows.
    [[nodiscard]] std::string screen() const;
    /// All output since the start, with wrapped rows joined, and with colour sequences.
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
