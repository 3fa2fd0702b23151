// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/event_runner.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/mman.h>
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

constexpr std::string_view event_variable = "EXAPULSE_EVENT=";

// The kernel starts nothing with a longer variable (MAX_ARG_STRLEN of execve(2), its NUL included).
constexpr std::size_t longest_variable = (128U << 10) - 1;

/// A file with `text`, to be read from its beginning.
FileDescriptor file_with(std::string_view text) {
    FileDescriptor file(memfd_create("event", MFD_CLOEXEC));
    while (file.is_open() && !text.empty()) {
        const ssize_t count = write(file.get(), text.data(), text.size());
        if (count <= 0) return FileDescriptor();
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    if (file.is_open()) lseek(file.get(), 0, SEEK_SET);
    return file;
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
    environment.push_back(fmt::format("{}{}", event_variable, line));
    std::erase_if(environment,
                  [](const std::string& variable) { return variable.size() > longest_variable; });
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
    auto environment = event_environment(event, line, socket_);
    const bool fits = environment.back().starts_with(event_variable);
    waiting_.push_back({std::move(environment), fits ? "" : line + "\n"});
    if (pid_ < 0) start_next();
}

// One that can't be started takes down its event, not the watch.
void EventRunner::start_next() {
    while (pid_ < 0 && !waiting_.empty()) {
        const Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        if (const int error = start(next); error != 0)
            complain(fmt::format("can't start the command of --exec: {}; the next event goes on",
                                 std::strerror(error)));
    }
}

int EventRunner::start(const Waiting& next) {
    std::vector<std::string> environment = inherited();
    environment.insert(environment.end(), next.environment.begin(), next.environment.end());
    const FileDescriptor event = file_with(next.input);
    if (!event.is_open()) return errno;

    std::vector<char*> envp;
    for (std::string& variable : environment) envp.push_back(variable.data());
    envp.push_back(nullptr);
    std::string shell = "sh", option = "-c";
    std::array<char*, 4> argv{shell.data(), option.data(), command_.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, event.get(), STDIN_FILENO);
    flush_output();  // what was told of the event stands before what the command writes
    pid_t pid = -1;
    const int error = posix_spawn(&pid, "/bin/sh", &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return error;
    pid_ = pid;
    process_.reset(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
    if (!process_.is_open()) throw std::system_error(errno, std::generic_category(), "pidfd_open");
    return 0;
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
