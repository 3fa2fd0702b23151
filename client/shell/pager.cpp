// SPDX-License-Identifier: BSD-3-Clause
// Choosing, starting and feeding a pager.
#include "client/shell/pager.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/view/display_width.hpp"
#include "common/file_descriptor.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

constexpr int shell_cannot_run = 126;
constexpr int shell_not_found = 127;

// Quits when all fits, shows colours, leaves what it showed on the screen.
constexpr const char* less_options = "FRX";

bool is_in_path(std::string_view program) {
    const char* path = std::getenv("PATH");
    std::string_view folders = path == nullptr ? "/usr/bin:/bin" : path;
    while (!folders.empty()) {
        const auto end = std::min(folders.find(':'), folders.size());
        const std::string file = std::string(folders.substr(0, end)) + "/" + std::string(program);
        if (access(file.c_str(), X_OK) == 0) return true;
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return false;
}

// The shell's signal mask and ignored signals are not for the pager.
class SpawnAttributes {
  public:
    SpawnAttributes() {
        sigset_t none;
        sigemptyset(&none);
        sigset_t usual;
        sigemptyset(&usual);
        sigaddset(&usual, SIGPIPE);
        posix_spawnattr_init(&attributes_);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &usual);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;

    [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

  private:
    posix_spawnattr_t attributes_{};
};

pid_t start(const std::string& command, int input) {
    std::array<char*, 4> argv{const_cast<char*>("sh"), const_cast<char*>("-c"),
                              const_cast<char*>(command.c_str()), nullptr};
    setenv("LESS", less_options, 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    const SpawnAttributes attributes;
    pid_t pid = -1;
    const int error =
        posix_spawn(&pid, "/bin/sh", &actions, attributes.get(), argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? pid : -1;
}

void feed(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = write(fd, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return;  // it has quit: enough was seen
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::string without_escapes(std::string_view line) {
    std::string plain;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\033')
            i = std::min(line.find('m', i), line.size());
        else
            plain += line[i];
    }
    return plain;
}

}  // namespace

std::size_t rows_of(std::string_view text, std::size_t columns) {
    columns = std::max<std::size_t>(columns, 1);
    std::size_t rows = 0;
    for (;;) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::size_t width = display_width(without_escapes(text.substr(0, end)));
        rows += std::max<std::size_t>((width + columns - 1) / columns, 1);
        if (end == text.size()) return rows;
        text.remove_prefix(end + 1);
    }
}

std::string pager_command() {
    for (const char* name : {"EXAPULSE_PAGER", "PAGER"}) {
        const char* value = std::getenv(name);
        if (value == nullptr) continue;
        const auto parts = words(value);
        return parts.empty() || std::string_view(value) == "cat" ? "" : value;
    }
    return is_in_path("less") ? "less -FRX" : "";
}

Paged page(const std::string& command, std::string_view text) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return Paged::NotStarted;
    FileDescriptor read_end(ends[0]);
    FileDescriptor write_end(ends[1]);
    const pid_t pid = start(command, read_end.get());
    read_end.reset();
    if (pid < 0) return Paged::NotStarted;
    feed(write_end.get(), text);
    write_end.reset();
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) return Paged::Interrupted;
    const bool ran =
        WEXITSTATUS(status) < shell_cannot_run || WEXITSTATUS(status) > shell_not_found;
    return ran ? Paged::Shown : Paged::NotStarted;
}

}  // namespace exapulse::client
