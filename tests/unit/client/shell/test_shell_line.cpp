// SPDX-License-Identifier: BSD-3-Clause
#include <string>

#include <doctest/doctest.h>

#include "client/shell/shell_line.hpp"
#include "tests/support/harness/has.hpp"

using namespace exapulse::client;
using exapulse::test::has;

namespace {

std::string refusal(std::string_view line) {
    const ShellLine read = read_shell_line(line);
    const auto* refused = std::get_if<RefusedLine>(&read);
    return refused == nullptr ? "" : refused->text;
}

OwnWord own(std::string_view line) {
    const ShellLine read = read_shell_line(line);
    REQUIRE(std::holds_alternative<OwnWord>(read));
    return std::get<OwnWord>(read);
}

std::string command(std::string_view line) {
    const ShellLine read = read_shell_line(line);
    REQUIRE(std::holds_alternative<CommandLine>(read));
    return std::get<CommandLine>(read).text;
}

}  // namespace

TEST_CASE("the shell's own words, however many blanks") {
    CHECK(own("") == OwnWord::Nothing);
    CHECK(own("  \t") == OwnWord::Nothing);
    CHECK(own("# peer list") == OwnWord::Nothing);
    CHECK(own("! peer list") == OwnWord::Nothing);
    CHECK(own("help") == OwnWord::Help);
    CHECK(own(" quit ") == OwnWord::Quit);
    CHECK(own("exit") == OwnWord::Quit);
    CHECK(own("set  display\tjson") == OwnWord::DisplayJson);
    CHECK(own("set display text") == OwnWord::DisplayText);
    CHECK(own("set pager off") == OwnWord::PagerOff);
    CHECK(own("set pager on") == OwnWord::PagerOn);
    CHECK(own("status") == OwnWord::Status);
    CHECK(own("peers") == OwnWord::Peers);
    CHECK(own("clients") == OwnWord::Clients);
    CHECK(own("clear") == OwnWord::Clear);
}

TEST_CASE("all else is ExaBGP's, byte for byte") {
    CHECK(command("peer * announce route 10.0.0.0/24  next-hop 192.0.2.1") ==
          "peer * announce route 10.0.0.0/24  next-hop 192.0.2.1");
    CHECK(command("clear adj-rib out") == "clear adj-rib out");
    CHECK(command(" help me") == " help me");
    CHECK(command("sidecar version") == "sidecar version");
    CHECK(command("announce \"a 'b\" 'c \"d' \"e\\\"f\"") ==
          "announce \"a 'b\" 'c \"d' \"e\\\"f\"");
}

TEST_CASE("an open quote and a control character are refused with their position") {
    CHECK(has(refusal("foo \"bar"), "(\") at position 5"));
    CHECK(has(refusal("foo 'bar \"x\""), "(') at position 5"));
    CHECK(has(refusal("foo \"bar\\\""), "at position 5"));
    CHECK(has(refusal("peer \033[A"), "(^[) at position 6"));
    CHECK(has(refusal("peer \x7f"), "(DEL) at position 6"));
    CHECK(refusal("peer\tlist").empty());
}

TEST_CASE("a line of 1 MiB goes through, one byte more names the limit") {
    const std::string most(1U << 20, 'x');
    CHECK(command(most) == most);
    CHECK(has(refusal(most + 'x'), "1MiB"));
}

TEST_CASE("what belongs elsewhere is answered with where") {
    CHECK(has(refusal("watch --json"), "events are shown above"));
    CHECK(has(refusal("sidecar subscribe"), "events are shown above"));
    CHECK(has(refusal("run peer list"), "the command itself"));
    CHECK(has(refusal("uptime"), "exapulse uptime"));
    CHECK(has(refusal("set colour"), "display text"));
}
