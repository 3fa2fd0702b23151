// SPDX-License-Identifier: BSD-3-Clause
#include "tests/integration/client/shell_session.hpp"

#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/harness/project_file.hpp"

namespace exapulse::test {

namespace {

namespace fs = std::filesystem;

/// What loads the completion, once the shell stands.
std::string load(const std::string& shell) {
    const std::string scripts = test::project_file("packaging/completion");
    if (shell == "zsh")
        return fmt::format("fpath=({} $fpath); autoload -Uz compinit; compinit -u -d dump\n",
                           scripts);
    return fmt::format("source {0}/exapulse.{1}; source {0}/exapulsed.{1}\n", scripts, shell);
}

std::string command(const std::string& shell) {
    if (shell == "bash") return "bash --noprofile --norc -i";
    if (shell == "zsh") return "zsh -f -i";
    return "fish --no-config -i";
}

}  // namespace

ShellSession::ShellSession(std::string name, const std::string& socket) : name_(std::move(name)) {
    const std::string stand_in =
        dir_.write("exapulse", fmt::format(R"(#!/bin/sh
[ "$*" != "complete -- wait peer 2001:d" ] || exec echo 2001:db8::1
[ "$1" != complete ] || exec {} "$@"
printf 'ran'
printf '[%s]' "$@"
echo
)",
                                           require_environment("EXAPULSE")));
    fs::permissions(stand_in, fs::perms::owner_all);
    fs::copy_file(stand_in, dir_ / "exapulsed");
    ChildProcess::Options options;
    options.working_directory = dir_.path();
    options.own_group = true;
    const char* path = std::getenv("PATH");
    options.environment = {{"PATH", dir_.path() + ":" + (path == nullptr ? "/usr/bin" : path)},
                           {"HOME", dir_.path()},
                           {"XDG_CONFIG_HOME", std::nullopt},
                           {"XDG_DATA_HOME", std::nullopt},
                           {"TERM", "xterm"},
                           {"EXAPULSE_SOCKET", socket},
                           {"LC_ALL", "C.UTF-8"}};
    // script(1) is the terminal; wide enough that no line is folded.
    terminal_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"script", "-qec", "stty rows 50 cols 200; exec " + command(name_),
                                 "/dev/null"},
        options);
    type(load(name_));
    type("echo loa''ded\n");
    REQUIRE_MESSAGE(shows("loaded"), name_ << " does not start (is it installed?):\n" << output());
}

Outcome ShellSession::shows(std::string_view text) {
    std::size_t at = std::string::npos;
    const Outcome outcome = eventually([&] {
        at = output().find(text, seen_);
        return at != std::string::npos;
    });
    if (outcome.held) seen_ = at + text.size();
    return outcome;
}

}  // namespace exapulse::test
