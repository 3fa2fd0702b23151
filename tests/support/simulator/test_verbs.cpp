// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/simulator/test_verbs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/protocol.hpp"
#include "tests/support/simulator/json_string.hpp"

namespace exapulse::test {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds stray_delay{20};

/// One command taken apart: its numbers, its tag, and the answer in the making.
struct Call {
    std::vector<std::size_t> numbers;
    std::string_view tag;
    bool acks;
    Reaction reaction{};

    void end(std::string_view terminator) {
        if (acks) reaction.line(terminator);
    }
    void echo(milliseconds delay = {}) {
        reaction.line(fmt::format(R"({{"echo": {}}})", json_string(tag)), delay);
    }
    [[nodiscard]] std::string numbered(std::size_t i) const { return fmt::format("{} {}", tag, i); }
};

void echo(Call& call) {
    call.echo();
    call.end(line_done);
}

void lines(Call& call) {
    for (std::size_t i = 0; i < call.numbers[0]; ++i) {
        std::string line = call.numbered(i);
        if (line.size() < call.numbers[1]) line.resize(call.numbers[1], '.');
        call.reaction.line(line);
    }
    call.end(line_done);
}

void slow(Call& call) {
    call.echo(milliseconds(call.numbers[0]));
    call.end(line_done);
}

void dribble(Call& call) {
    for (std::size_t i = 0; i < call.numbers[0]; ++i)
        call.reaction.line(call.numbered(i), milliseconds(call.numbers[1]));
    call.end(line_done);
}

void error(Call& call) {
    if (call.acks) call.reaction.line(fmt::format("{}{}", error_prefix, call.tag));
    call.end(line_error);
}

void mute(Call&) {}

void unended(Call& call) {
    call.echo();
}

void glued(Call& call) {
    call.reaction.raw(fmt::format(R"({{"tag": "{}", "family": "ipv4 un)", call.tag));
    call.reaction.line(line_done);
}

void doubled(Call& call) {
    echo(call);
    call.end(line_done);
}

void stray(Call& call) {
    echo(call);
    call.reaction.line(line_done, stray_delay);
}

void garbage(Call& call) {
    std::string every_byte;
    for (int byte = 0; byte < 256; ++byte)
        if (byte != '\n') every_byte.push_back(static_cast<char>(byte));
    call.reaction.line(every_byte).line("").line("\xff\xfe done").line(" done").line("done ");
    echo(call);
}

void half(Call& call) {
    call.reaction.raw(fmt::format(R"({{"echo": "{})", call.tag)).then = Reaction::Then::Bounce;
}

void hangup(Call& call) {
    call.reaction.then = Reaction::Then::Bounce;
}

struct Verb {
    std::string_view name;
    std::size_t numbers;
    void (*answer)(Call&);
};

constexpr std::array verbs{
    Verb{"echo", 0, echo},       Verb{"lines", 2, lines},     Verb{"slow", 1, slow},
    Verb{"dribble", 2, dribble}, Verb{"error", 0, error},     Verb{"mute", 0, mute},
    Verb{"unended", 0, unended}, Verb{"glued", 0, glued},     Verb{"double", 0, doubled},
    Verb{"stray", 0, stray},     Verb{"garbage", 0, garbage}, Verb{"half", 0, half},
    Verb{"hangup", 0, hangup},
};

bool parse_numbers(std::span<const std::string_view> args, std::vector<std::size_t>& numbers) {
    for (const std::string_view text : args) {
        std::size_t number = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (failed != std::errc{} || end != text.data() + text.size()) return false;
        numbers.push_back(number);
    }
    return true;
}

}  // namespace

Reaction test_verb(std::span<const std::string_view> args, bool acks) {
    Call call{{}, {}, acks};
    const auto verb =
        args.empty() ? verbs.end() : std::find_if(verbs.begin(), verbs.end(), [&](const Verb& v) {
            return v.name == args.front();
        });
    if (verb == verbs.end() || args.size() != verb->numbers + 2 ||
        !parse_numbers(args.subspan(1, verb->numbers), call.numbers)) {
        call.end(line_error);
        return call.reaction;
    }
    call.tag = args.back();
    verb->answer(call);
    return call.reaction;
}

}  // namespace exapulse::test
