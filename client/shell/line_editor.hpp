// SPDX-License-Identifier: BSD-3-Clause
// LineEditor: lines from a terminal, with editing, history and completion, by libedit.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/shell/key_buffer.hpp"
#include "client/shell/line_input.hpp"
#include "client/shell/screen_repair.hpp"

struct editline;
struct historyW;

namespace exapulse::client {

/// One at a time in a process, for it owns the terminal.
class LineEditor : public LineInput {
  public:
    struct Parts {
        std::function<std::string()> prompt;  // may hold sequences of colour; ASCII
        Await await;
        /// The candidates for the last word before the cursor.
        std::function<std::vector<std::string>(const std::string& typed)> complete;
        std::size_t longest_line;
    };

    explicit LineEditor(Parts parts);
    ~LineEditor() override;

    /// Whether the terminal can move its cursor; if not, nothing here is usable.
    [[nodiscard]] bool can_edit() const;

    [[nodiscard]] Result read_line() override;
    void show(std::string_view text) override;
    void remember(const std::string& line) override;
    void forget_keys() override;

  private:
    static LineEditor& of(editline* edit);
    static int on_get_key(editline* edit, wchar_t* key);
    static wchar_t* on_prompt(editline* edit);
    static unsigned char on_complete(editline* edit, unsigned key);
    static unsigned char on_paste(editline* edit, unsigned key);

    void make_prompt();
    void bind_keys();
    int next_key(wchar_t& key);
    [[nodiscard]] bool take_key(wchar_t& key);
    bool read_keys();
    unsigned char complete();
    unsigned char paste();
    void list(const std::vector<std::string>& candidates);

    [[nodiscard]] std::wstring line() const;
    [[nodiscard]] std::wstring before_cursor() const;
    using Repair = std::string (*)(const ShownLine&, TerminalSize);
    /// Writes what `how` returns for the current line.
    void repair(Repair how);
    void redraw();
    void resize();

    Parts parts_;
    editline* edit_;
    historyW* history_;
    std::wstring prompt_;
    std::size_t prompt_width_ = 0;
    KeyBuffer keys_;     // typed, not yet given to libedit
    std::string paste_;  // taken from keys_, to be inserted at once
    bool reading_ = false;
    bool too_long_ = false;
    std::optional<End> end_;
    std::exception_ptr failure_;  // must not pass through libedit
};

}  // namespace exapulse::client
