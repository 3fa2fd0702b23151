// SPDX-License-Identifier: BSD-3-Clause
// Colour, marks and the two output streams.
#include "client/view/terminal.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "common/lower_case.hpp"
#include "common/printable.hpp"

namespace exapulse::client {

namespace {

bool is_set(const char* variable) {
    return variable != nullptr && *variable != '\0';
}

// The environment's word is enough: the locale itself is often not installed on a router, where
// the terminal at the other end of SSH shows UTF-8 all the same.
bool names_utf8(const TerminalEnvironment& environment) {
    for (const char* variable : {environment.lc_all, environment.lc_ctype, environment.lang}) {
        if (!is_set(variable)) continue;
        const std::string name = lower_case(variable);
        return name.find("utf-8") != std::string::npos || name.find("utf8") != std::string::npos;
    }
    return false;
}

std::string_view escape_of(Colour colour) {
    switch (colour) {
        case Colour::Good:
            return "\033[32m";
        case Colour::Warning:
            return "\033[33m";
        case Colour::Bad:
            return "\033[31m";
        case Colour::Dim:
            return "\033[2m";
        case Colour::Bold:
            return "\033[1m";
    }
    return "";
}

Colour colour_of(Mark mark) {
    switch (mark) {
        case Mark::Good:
            return Colour::Good;
        case Mark::Warning:
            return Colour::Warning;
        case Mark::Bad:
            return Colour::Bad;
        case Mark::Neutral:
            return Colour::Dim;
    }
    return Colour::Dim;
}

Style style_of(int fd) {
    return choose_style(isatty(fd) == 1, TerminalEnvironment::of_process());
}

}  // namespace

std::string Style::paint(Colour colour_wanted, std::string_view text) const {
    if (!colour) return std::string(text);
    return fmt::format("{}{}\033[0m", escape_of(colour_wanted), text);
}

std::string Style::mark(Mark wanted) const {
    constexpr std::array<std::string_view, 4> signs{"✓", "⚠", "✗", "·"};
    constexpr std::array<std::string_view, 4> letters{"+", "!", "x", "-"};
    const auto index = static_cast<std::size_t>(wanted);
    return paint(colour_of(wanted), utf8 ? signs[index] : letters[index]);
}

TerminalEnvironment TerminalEnvironment::of_process() {
    return {std::getenv("NO_COLOR"), std::getenv("TERM"), std::getenv("LC_ALL"),
            std::getenv("LC_CTYPE"), std::getenv("LANG")};
}

Style choose_style(bool is_terminal, const TerminalEnvironment& environment) {
    if (!is_terminal) return {false, true};
    const bool dumb = environment.term != nullptr && std::string_view(environment.term) == "dumb";
    return {!is_set(environment.no_color) && !dumb, names_utf8(environment)};
}

Style style_of_stdout() {
    return style_of(STDOUT_FILENO);
}

void throw_output_error() {
    throw std::system_error(errno, std::generic_category(), "can't write to standard output");
}

void print_line(std::string_view line) {
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() ||
        std::fputc('\n', stdout) == EOF)
        throw_output_error();
}

void print_answer(std::string_view line) {
    static const bool terminal = isatty(STDOUT_FILENO) == 1;
    print_line(terminal ? printable(line, "\t") : std::string(line));
}

void flush_output() {
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw_output_error();
}

void write_error(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

void complain(std::string_view text) {
    std::fflush(stdout);
    const std::string prefix = style_of(STDERR_FILENO).paint(Colour::Bad, "exapulse:");
    write_error(fmt::format("{} {}\n", prefix, printable(text)));
}

void remark(std::string_view text) {
    std::fflush(stdout);
    write_error(style_of(STDERR_FILENO).paint(Colour::Dim, printable(text)) + "\n");
}

}  // namespace exapulse::client
