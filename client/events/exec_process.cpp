// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/exec_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
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

#include "client/io/poll_set.hpp"
#include "client/view/terminal.hpp"
#include "common/json_fields.hpp"
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

// Only polling shows when a process group is empty.
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

ExecInput exec_input(const json& event, const std::string& line, const std::string& socket) {
    auto environment = event_environment(event, line, socket);
    const bool fits = environment.back().starts_with(event_variable);
    return {std::move(environment), fits ? "" : line + "\n"};
}

ExecProcess::ExecProcess(std::string command, const ExecTerms& terms)
    : command_(std::move(command)), terms_(terms) {
    sigprocmask(SIG_BLOCK, nullptr, &mask_);
}

ExecProcess::~ExecProcess() {
    while (running()) {
        wait();
        (void)advance();
    }
}

void ExecProcess::wait() const {
    PollSet set;
    set.add(fd());
    (void)set.wait(deadline());
}

int ExecProcess::start(const ExecInput& input) {
    std::vector<std::string> environment = inherited();
    environment.insert(environment.end(), input.environment.begin(), input.environment.end());
    const FileDescriptor event = file_with(input.standard_input);
    if (!event.is_open()) return errno;

    std::vector<char*> envp;
    for (std::string& variable : environment) envp.push_back(variable.data());
    envp.push_back(nullptr);
    std::string shell = "sh", option = "-c";
    std::array<char*, 4> argv{shell.data(), option.data(), command_.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, event.get(), STDIN_FILENO);
    if (!terms_.output)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &mask_);
    flush_output();  // what is shown of the event precedes what the command writes
    pid_t pid = -1;
    const int error = posix_spawn(&pid, "/bin/sh", &actions, &attributes, argv.data(), envp.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return error;
    pid_ = pid;
    until_ = Clock::now() + terms_.timeout;
    ending_ = false;
    too_slow_ = false;
    ended_.reset();
    process_.reset(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
    if (!process_.is_open()) throw std::system_error(errno, std::generic_category(), "pidfd_open");
    return 0;
}

std::optional<ExecProcess::Clock::time_point> ExecProcess::deadline() const {
    if (!running()) return std::nullopt;
    if (process_.is_open()) return until_;
    return std::min(until_, Clock::now() + between_looks);
}

std::optional<ExecProcess::Ended> ExecProcess::advance() {
    int status = 0;
    if (process_.is_open() && waitpid(pid_, &status, WNOHANG) == pid_) {
        process_.reset();
        ended_ = judge(status);
    }
    if (!running()) return std::nullopt;
    if (ended_) {
        // Of a command that was ended the others of its group may need a moment more. Nobody may
        // reap them, as in a container without an init, so the wait is over with the grace.
        if (ending_ && kill(-pid_, 0) == 0 && Clock::now() < until_) return std::nullopt;
        if (ending_) kill(-pid_, SIGKILL);
        pid_ = -1;
        return std::exchange(ended_, std::nullopt);
    }
    if (Clock::now() < until_) return std::nullopt;
    if (!ending_) too_slow_ = true;
    end();
    return std::nullopt;
}

ExecProcess::Ended ExecProcess::judge(int status) const {
    std::string how = how_it_ended(status);
    if (too_slow_)
        how = fmt::format("has not ended within {} ({}) and {}", format_duration(terms_.timeout),
                          terms_.option, how);
    return {status == 0 && !ending_, std::move(how)};
}

void ExecProcess::end() {
    if (!running()) return;
    const bool at_once = ending_ || terms_.grace == std::chrono::milliseconds(0);
    kill(-pid_, at_once ? SIGKILL : SIGTERM);
    ending_ = true;
    until_ = Clock::now() + std::max(terms_.grace, between_looks);
}

}  // namespace exapulse::client
