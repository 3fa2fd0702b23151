// SPDX-License-Identifier: BSD-3-Clause
// exapulse(1) has every subcommand and every option that the command line takes.
#include <algorithm>
#include <span>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "client/cli/subcommands.hpp"
#include "tests/support/harness/project_file.hpp"
#include "tests/support/harness/temp_dir.hpp"

using namespace exapulse;
using namespace exapulse::client;

namespace {

/// From the line `start` to the next .Ss or .Sh; empty where there is no such line.
std::string section(const std::string& page, const std::string& start) {
    const auto begin = page.find("\n" + start + "\n");
    if (begin == std::string::npos) return {};
    const auto first = begin + start.size() + 2;
    return page.substr(first,
                       std::min(page.find("\n.Ss ", first), page.find("\n.Sh ", first)) - first);
}

/// The item that a list has for an option.
std::string item_of(const Option& option) {
    std::string item = "\n.It ";
    if (option.letter != '\0') item += fmt::format("Fl {} , ", option.letter);
    return item + fmt::format("Fl {}", option.name.substr(1));
}

void check_options(const std::string& text, std::span<const Option> options) {
    for (const Option& option : options) {
        const std::string item = item_of(option);
        // What has no value of its own to explain may be told in passing.
        const bool in_passing =
            option.letter == '\0' &&
            text.find(".Fl " + std::string(option.name.substr(1)) + "\n") != std::string::npos;
        CHECK_MESSAGE((in_passing || text.find(item + " ") != std::string::npos ||
                       text.find(item + "\n") != std::string::npos),
                      "the page lacks " << option.name);
    }
}

}  // namespace

TEST_CASE("exapulse(1) has every subcommand and option") {
    const std::string page = test::read_file(test::project_file("packaging/man/exapulse.1"));
    check_options(section(page, ".Sh DESCRIPTION"), global_options());
    const std::string shell = section(page, ".Ss exapulse");
    CHECK(shell.find(".Fl -stay\n") != std::string::npos);
    for (const Subcommand& subcommand : subcommands()) {
        if (subcommand.hidden) continue;
        CAPTURE(std::string(subcommand.name));
        const std::string text = section(page, fmt::format(".Ss exapulse {}", subcommand.name));
        REQUIRE_MESSAGE(!text.empty(), "the page lacks it");
        check_options(text, subcommand.options);
    }
}
