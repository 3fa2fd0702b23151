// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/event_runner.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/json_fields.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

struct Variable {
    std::string_view name;
    const char* field;
};

constexpr std::array variables{
    Variable{"EXAPULSE_TYPE", "type"},   Variable{"EXAPULSE_STATE", "state"},
    Variable{"EXAPULSE_UUID", "uuid"},   Variable{"EXAPULSE_PREVIOUS_UUID", "previous"},
    Variable{"EXAPULSE_CAUSE", "cause"}, Variable{"EXAPULSE_TIME", "time"},
};

/// This process's environment, without what another `watch --exec` may have put there.
std::vector<std::string> inherited() {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry)
        if (!std::string_view(*entry).starts_with("EXAPULSE_")) all.emplace_back(*entry);
    return all;
}

std::string how_it_ended(int status) {
    if (WIFSIGNALED(status))
        return fmt::format("was ended by signal {} ({})", WTERMSIG(status),
                           strsignal(WTERMSIG(status)));
    return fmt::format("exited with {}", WEXITSTATUS(status));
}

}  // namespace

std::vector<std::string> event_environment(const json& event, const std::string& line,
                                           const std::string& socket) {
    std::vector<std::string> environment;
    const auto add = [&](std::string_view name, const std::optional<std::string>& value) {
        if (value) environment.push_back(fmt::format("{}={}", name, *value));
    };
    const auto number = [](std::optional<std::int64_t> value) {
        return value ? std::optional(fmt::to_string(*value)) : std::nullopt;
    };
    for (const Variable& variable : variables)
        add(variable.name, text_field(event, variable.field));
    add("EXAPULSE_SEQ", number(number_field(event, "seq")));
    const json peer = object_field(event, "peer");
    add("EXAPULSE_PEER_ADDRESS", text_field(peer, "address"));
    add("EXAPULSE_PEER_AS", number(number_field(peer, "as")));
    add("EXAPULSE_PEER_STATE", text_field(peer, "state"));
    add("EXAPULSE_SOCKET", socket);
    add("EXAPULSE_EVENT", line);
    return environment;
}

EventRunner::~EventRunner() {
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
}

void EventRunner::add(const json& event, const std::string& line) {
    if (waiting_.size() >= most_waiting) {
        if (skipped_++ == 0)
            complain(
                fmt::format("{} events wait for --exec; more are skipped until it has caught "
                            "up",
                            most_waiting));
        return;
    }
    waiting_.push_back(event_environment(event, line, socket_));
    if (pid_ < 0) start_next();
}

void EventRunner::start_next() {
    if (waiting_.empty()) return;
    std::vector<std::string> environment = inherited();
    for (std::string& variable : waiting_.front()) environment.push_back(std::move(variable));
    waiting_.pop_front();

    std::vector<char*> envp;
    for (std::string& variable : environment) envp.push_back(variable.data());
    envp.push_back(nullptr);
    std::string shell = "sh", option = "-c";
    std::array<char*, 4> argv{shell.data(), option.data(), command_.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    flush_output();  // what was told of the event stands before what the command writes
    const int error = posix_spawn(&pid_, "/bin/sh", &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::system_error(error, std::generic_category(), "can't start /bin/sh");
    process_.reset(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
    if (!process_.is_open()) throw std::system_error(errno, std::generic_category(), "pidfd_open");
}

void EventRunner::on_ended() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    process_.reset();
    if (status != 0)
        complain(
            fmt::format("the command of --exec {}; the next event goes on", how_it_ended(status)));
    if (waiting_.empty() && skipped_ > 0) {
        complain(fmt::format("{} events were skipped, the command of --exec was too slow",
                             std::exchange(skipped_, 0)));
    }
    start_next();
}

void EventRunner::drop_waiting() {
    if (!waiting_.empty())
        complain(fmt::format("{} {} not given to --exec any more", waiting_.size(),
                             waiting_.size() == 1 ? "event is" : "events are"));
    waiting_.clear();
}

void EventRunner::finish() {
    while (pid_ > 0) on_ended();
}

}  // namespace exapulse::client
