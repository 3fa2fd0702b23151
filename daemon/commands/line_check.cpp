// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/commands/line_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "common/units.hpp"
#include "common/words.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

using std::string_view;

/// The first words of commands. Not `route`: ExaBGP reads `announce route A ... ; route B ...` as
/// two routes.
constexpr std::array<string_view, 20> first_words{
    "announce", "clear",  "crash",    "daemon",   "flush",   "group",   "help",
    "neighbor", "peer",   "reload",   "reset",    "restart", "rib",     "session",
    "show",     "system", "shutdown", "teardown", "version", "withdraw"};

constexpr string_view hint =
    "; quote the whole command if a shell has cut it at a ';' or removed its quotes";

template <std::size_t size>
bool is_listed(string_view word, const std::array<string_view, size>& known) {
    return std::find(known.begin(), known.end(), word) != known.end();
}

/// Whether the line goes to ExaBGP's route parser, which is not used for the `others`.
bool is_parsed(Words parts) {
    constexpr std::array<string_view, 4> opening{"announce", "withdraw", "group", "routes"};
    constexpr std::array<string_view, 4> others{"eor", "operational", "route-refresh", "watchdog"};
    for (std::size_t i = 0; i + 1 < parts.size(); ++i)
        if (is_listed(parts[i], opening) && !is_listed(parts[i + 1], others)) return true;
    return false;
}

bool is_group(const Request& request) {
    return command_in(rules_of(Dialect::V6), request) == "peer … group";
}

char opening_of(char closing) {
    switch (closing) {
        case ']':
            return '[';
        case ')':
            return '(';
        default:
            return '{';
    }
}

/// One walk over a line, from left to right.
class Walk {
  public:
    Walk(string_view line, bool group) : line_(line), group_(group) {}

    std::string problem() {
        for (at_ = 0; at_ < line_.size(); ++at_) {
            std::string why = quote_ != 0 ? in_quotes() : outside();
            if (!why.empty()) return why;
            if (comment_) break;
        }
        return end_of_command();
    }

  private:
    struct Mark {
        char mark;
        std::size_t at;
    };

    std::string in_quotes() {
        const char c = line_[at_];
        if (group_ && c == ';') return end_of_command();
        if (c == quote_)
            quote_ = 0;
        else if (c == '"' || c == '\'')
            quote_ = c;
        return {};
    }

    std::string outside() {
        const char c = line_[at_];
        switch (c) {
            case '"':
            case '\'':
                quote_ = c;
                quoted_at_ = at_;
                break;
            case '[':
            case '(':
            case '{':
                open_.push_back({c, at_});
                break;
            case ']':
            case ')':
            case '}':
                return close(c);
            case ';':
                return end_of_statement();
            case '#':
                return comment();
            default:
                break;
        }
        if (c != ' ' && c != '\t') statement_is_empty_ = c == '{';
        return {};
    }

    std::string close(char c) {
        if (open_.empty())
            return fmt::format("the '{}' at position {} has no opening one{}", c, at_ + 1, hint);
        if (open_.back().mark != opening_of(c))
            return fmt::format("the '{}' at position {} does not close the '{}' at position {}", c,
                               at_ + 1, open_.back().mark, open_.back().at + 1);
        open_.pop_back();
        statement_is_empty_ = c == '}';
        return {};
    }

    std::string end_of_statement() {
        statement_is_empty_ = true;
        if (group_) return end_of_command();
        if (!open_.empty()) return {};
        const auto next = words(line_.substr(at_ + 1, 64));
        if (next.empty() || !is_listed(next.front(), first_words)) return {};
        return fmt::format(
            "'{}' after the ';' at position {} begins another command: ExaBGP accepts one command "
            "per line",
            next.front(), at_ + 1);
    }

    std::string comment() {
        comment_ = true;
        if (statement_is_empty_) return {};
        return fmt::format("ExaBGP accepts no comment after a command: '#' at position {}",
                           at_ + 1);
    }

    [[nodiscard]] std::string end_of_command() const {
        if (quote_ != 0)
            return fmt::format(
                "the quote at position {} is not closed (for ExaBGP both \" and ' open a quote, "
                "even "
                "within the other){}",
                quoted_at_ + 1, hint);
        if (!open_.empty())
            return fmt::format("the '{}' at position {} is not closed{}", open_.back().mark,
                               open_.back().at + 1,
                               group_ ? "; a group ends a command at every ';'" : hint);
        return {};
    }

    string_view line_;
    bool group_;
    std::size_t at_ = 0;
    std::vector<Mark> open_;
    char quote_ = 0;
    std::size_t quoted_at_ = 0;
    bool statement_is_empty_ = true;  // only spaces since the last `;`, `{` or `}`
    bool comment_ = false;
};

/// Whether the line has a character that Walk or ends_with_literal_newline() may object to.
bool has_marks(string_view line) {
    static constexpr auto marks = [] {
        std::array<bool, 256> table{};
        for (const char c : string_view("\"'[](){};#\\"))
            table.at(static_cast<unsigned char>(c)) = true;
        return table;
    }();
    return std::any_of(line.begin(), line.end(),
                       [](char c) { return marks[static_cast<unsigned char>(c)]; });
}

/// The maximum ratio of echo_of() to the length of the line, that of `;` in a group.
constexpr std::size_t most_echo_of_byte = 2 * 32 + 4;

/// ExaBGP reads a literal `\n` after a final `;` or `}` as one more statement.
bool ends_with_literal_newline(string_view line) {
    bool found = false;
    for (;;) {
        const auto last = line.find_last_not_of(" \t");
        line = line.substr(0, last == string_view::npos ? 0 : last + 1);
        if (!line.ends_with("\\n")) break;
        line.remove_suffix(2);
        found = true;
    }
    return found && (line.ends_with(';') || line.ends_with('}'));
}

}  // namespace

std::string harm_in(string_view line) {
    const auto beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    const auto harmful = [&](char c) {
        return beyond_ascii(c) || c == 0x7f || (c < ' ' && c != '\t');
    };
    // All of it first, several characters at a time: almost every line is harmless.
    if (!std::accumulate(line.begin(), line.end(), false,
                         [&](bool any, char c) { return any | harmful(c); }))
        return {};
    const auto found = std::find_if(line.begin(), line.end(), harmful);
    return fmt::format("byte {:#04x} at position {}: {}", static_cast<unsigned char>(*found),
                       found - line.begin() + 1,
                       beyond_ascii(*found)
                           ? "ExaBGP accepts only ASCII; any other byte kills its control channel"
                           : "control characters other than TAB are not allowed");
}

std::string incomplete(const Request& request) {
    if (!is_parsed(request.words())) return {};
    const string_view line = request.text();
    if (!has_marks(line)) return {};
    if (std::string why = Walk(line, is_group(request)).problem(); !why.empty()) return why;
    if (!ends_with_literal_newline(line)) return {};
    return "the line ends with a literal '\\n', which ExaBGP 3 accepted and ExaBGP since 4.2 does "
           "not; remove it";
}

std::size_t echo_of(const Request& request) {
    const string_view command = command_in(rules_of(Dialect::V4), request);
    if (command.empty()) return 0;
    const string_view line = request.text();
    const Words parts = request.words();
    std::size_t longest = 0;
    std::size_t all = 0;
    for (const string_view token : parts) {
        longest = std::max(longest, token.size());
        all += token.size() + 1;
    }
    if (command == "peer create") return 2 * all;  // as a name and in what is wrong with it
    if (command == "peer … group") {
        // A list of JSON strings: "unknown action in group: x", one for each command.
        const auto doubled =
            std::count_if(line.begin(), line.end(), [](char c) { return c == '"' || c == '\\'; });
        const auto commands = 1 + std::count(line.begin(), line.end(), ';');
        return all + static_cast<std::size_t>(doubled + 32 * commands);
    }
    const bool attributes = std::any_of(parts.begin(), parts.end(), [](string_view word) {
        return word == "attributes" || word == "attribute";
    });
    return attributes ? longest : all;  // a bad value alone, or the line
}

std::size_t communities_in(const Request& request) {
    const Words parts = request.words();
    double squares = 0;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (parts[i] != "[" || !parts[i - 1].ends_with("community")) continue;
        const std::size_t first = ++i;
        while (i < parts.size() && !parts[i].starts_with(']')) ++i;
        const auto count = static_cast<double>(i - first);
        squares += count * count;
    }
    return static_cast<std::size_t>(std::ceil(std::sqrt(squares)));
}

std::string excess_of(const Request& request, const EchoLimits& limits) {
    const bool short_line = request.text().size() * most_echo_of_byte < limits.echo &&
                            request.words().size() <= static_cast<std::size_t>(limits.communities);
    if (short_line) return {};
    if (const auto echo = echo_of(request); echo > limits.echo)
        return fmt::format(
            "ExaBGP may repeat this line in an answer line of {} bytes, limits.echo is {}, and it "
            "truncates those beyond 214KiB: send fewer routes per line, or many prefixes with "
            "`attributes ... nlri`, which it does not repeat",
            echo, format_size(limits.echo));
    if (const auto count = communities_in(request);
        count > static_cast<std::size_t>(limits.communities))
        return fmt::format(
            "the communities in the line cost as much as a list of {}, limits.communities is {}: "
            "the time ExaBGP takes for a list grows with the square of its length",
            count, limits.communities);
    return {};
}

}  // namespace exapulse
