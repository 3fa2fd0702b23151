// SPDX-License-Identifier: BSD-3-Clause
// What the terminal can show, and writing to stdout and stderr.
#pragma once

#include <string>
#include <string_view>

namespace exapulse::client {

enum class Colour { Good, Warning, Bad, Dim, Bold };
enum class Mark { Good, Warning, Bad, Neutral };

/// How text may look. A value, so that what is printed can be tested without a terminal.
struct Style {
    bool colour = false;
    bool utf8 = true;

    [[nodiscard]] std::string paint(Colour colour_wanted, std::string_view text) const;
    /// One column wide: a character of Unicode, or an ASCII letter in its place.
    [[nodiscard]] std::string mark(Mark wanted) const;
};

/// The parts of the environment that style depends on; null where a variable is not set.
struct TerminalEnvironment {
    const char* no_color = nullptr;
    const char* term = nullptr;
    const char* lc_all = nullptr;
    const char* lc_ctype = nullptr;
    const char* lang = nullptr;

    [[nodiscard]] static TerminalEnvironment of_process();
};

/// Colour on a terminal only, unless NO_COLOR is set to something or TERM is "dumb". ASCII marks on
/// a terminal whose locale is not UTF-8; a pipe or file always gets UTF-8, so that what a script
/// looks for does not hang on its locale. Pure.
[[nodiscard]] Style choose_style(bool is_terminal, const TerminalEnvironment& environment);

[[nodiscard]] Style style_of_stdout();

/// Throws std::system_error: what errno says has kept standard output from being written.
[[noreturn]] void throw_output_error();

/// One line to stdout. These and flush_output() throw as throw_output_error() does.
void print_line(std::string_view line);
/// The same for a line of somebody else's: escaped where a terminal shows it, which it must not
/// steer, and byte by byte as it came anywhere else.
void print_answer(std::string_view line);
void flush_output();

// What can't be written to stderr is lost, and changes no exit code; nor do these throw when stdout
// can't be written: flush_output() reports that.

/// As it is, at once.
void write_error(std::string_view text);

/// "exapulse: TEXT" to stderr, after what went to stdout before it.
void complain(std::string_view text);

/// A dim message to stderr that is no complaint.
void remark(std::string_view text);

}  // namespace exapulse::client
