// SPDX-License-Identifier: BSD-3-Clause
// KeyBuffer: what was typed and pasted, until the line editor takes it. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace exapulse::client {

/// Takes bytes as the terminal sends them, in pieces of any size, and gives keys and whole pastes.
class KeyBuffer {
  public:
    /// Bracketed paste (xterm's ctlseqs, "Bracketed Paste Mode"): with it the terminal marks what
    /// is pasted, so that no character of it acts as a key.
    static constexpr std::string_view mark_pastes = "\033[?2004h";
    static constexpr std::string_view mark_no_pastes = "\033[?2004l";

    /// To be inserted as it is, at once: text without line ends. Not only what was pasted: what was
    /// typed ahead, and characters beyond ASCII, which libedit drops as keys where the locale does
    /// not print them.
    struct Paste {
        std::string text;
    };
    using Key = std::variant<wchar_t, Paste>;

    void add(std::string_view bytes) { bytes_ += bytes; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

    /// The next key; nullopt: there is none, or its end is still to come.
    [[nodiscard]] std::optional<Key> take();

    /// Throws away everything up to the end of the line, which stays.
    void drop_rest_of_line();

    void clear();

  private:
    [[nodiscard]] std::optional<Paste> take_paste();
    [[nodiscard]] std::optional<Paste> take_bracketed();
    [[nodiscard]] Paste cut(std::size_t size);

    std::string bytes_;
    bool bracketed_ = false;  // what bytes_ begins with was pasted
};

}  // namespace exapulse::client
