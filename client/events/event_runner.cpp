// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/event_runner.hpp"

#include <algorithm>
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
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/exchange/daemon_connection.hpp"
#include "client/view/json_fields.hpp"
#include "client/view/terminal.hpp"
#include "common/units.hpp"

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

// Nothing but looking tells when a process group is empty.
constexpr std::chrono::milliseconds between_looks{50};

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

EventRunner::EventRunner(std::string command, std::string socket, std::chrono::milliseconds timeout)
    : command_(std::move(command)), socket_(std::move(socket)), timeout_(timeout) {
    sigprocmask(SIG_BLOCK, nullptr, &mask_);
}

EventRunner::~EventRunner() {
    waiting_.clear();
    finish();
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
    if (!running()) start_next();
}

// One that can't be started takes down its event, not the watch.
void EventRunner::start_next() {
    while (!running() && !waiting_.empty()) {
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
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &mask_);
    flush_output();  // what was told of the event stands before what the command writes
    pid_t pid = -1;
    const int error = posix_spawn(&pid, "/bin/sh", &actions, &attributes, argv.data(), envp.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return error;
    pid_ = pid;
    until_ = Clock::now() + timeout_;
    ending_ = false;
    process_.reset(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
    if (!process_.is_open()) throw std::system_error(errno, std::generic_category(), "pidfd_open");
    return 0;
}

std::optional<EventRunner::Clock::time_point> EventRunner::deadline() const {
    if (!running()) return std::nullopt;
    if (process_.is_open()) return until_;
    return std::min(until_, Clock::now() + between_looks);
}

void EventRunner::advance() {
    int status = 0;
    if (process_.is_open() && waitpid(pid_, &status, WNOHANG) == pid_) on_ended(status);
    if (!running()) return;
    // Of a command that was ended the others of its group may need a moment more. Nobody may reap
    // them, as in a container without an init, so the wait is over with the grace.
    if (!process_.is_open() && (kill(-pid_, 0) != 0 || Clock::now() >= until_)) {
        kill(-pid_, SIGKILL);
        pid_ = -1;
        return start_next();
    }
    if (Clock::now() < until_) return;
    if (!ending_)
        complain(
            fmt::format("the command of --exec has not ended within {} (--exec-timeout): it "
                        "is ended, by SIGTERM and after {} by SIGKILL",
                        format_duration(timeout_), format_duration(grace)));
    end();
}

void EventRunner::on_ended(int status) {
    process_.reset();
    if (status != 0)
        complain(
            fmt::format("the command of --exec {}; the next event goes on", how_it_ended(status)));
    if (waiting_.empty() && skipped_ > 0) {
        complain(fmt::format("{} skipped, the command of --exec was too slow",
                             counted(std::exchange(skipped_, 0), "event")));
    }
    if (ending_) return;
    pid_ = -1;
    start_next();
}

void EventRunner::end() {
    if (!running()) return;
    kill(-pid_, ending_ ? SIGKILL : SIGTERM);
    ending_ = true;
    until_ = Clock::now() + grace;
}

void EventRunner::drop_waiting() {
    if (!waiting_.empty())
        complain(fmt::format("{} not given to --exec any more", counted(waiting_.size(), "event")));
    waiting_.clear();
}

void EventRunner::finish() {
    while (running()) {
        pollfd process{fd(), POLLIN, 0};
        poll(&process, 1, poll_timeout(deadline()));
        advance();
    }
}

}  // namespace exapulse::client
