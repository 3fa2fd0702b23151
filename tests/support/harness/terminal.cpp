// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/terminal.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/ioctl.h>
#include <utility>

#include <fmt/format.h>

#include "common/file_descriptor.hpp"
#include "tests/support/harness/child_process.hpp"

namespace exapulse::test {

namespace {

constexpr std::string_view tmux_configuration =
    "set -g status off\n"
    "set -g remain-on-exit on\n"
    "set -g remain-on-exit-format ''\n"
    "set -g history-limit 20000\n";

/// Leaves the program's status in the file $0; tmux, when it is busy, forgets to ask for it. Ctrl-C
/// is for the program.
constexpr std::string_view run_and_tell =
    "trap : INT; \"$@\"; echo $? >\"$0.new\"; mv \"$0.new\" \"$0\"";

std::string quoted(const std::string& word) {
    std::string text = "'";
    for (const char c : word) c == '\'' ? text += "'\\''" : text += c;
    return text + "'";
}

std::string without_last_rows(std::string text) {
    text.erase(text.find_last_not_of(" \n") + 1);
    return text;
}

}  // namespace

Terminal::Terminal(std::vector<std::string> argv, const Options& options)
    : recorded_(options.recorded) {
    const char* path = std::getenv("PATH");
    std::vector<std::string> command{"env", "-i",
                                     fmt::format("PATH={}", path == nullptr ? "/usr/bin" : path)};
    for (const auto& [name, value] : options.environment) command.push_back(name + "=" + value);
    if (recorded_) {
        std::string line = "exec";
        for (const std::string& word : argv) line += " " + quoted(word);
        argv = {"script", "-qefc", line, dir_ / "written"};
    }
    command.insert(command.end(), {"sh", "-c", std::string(run_and_tell), dir_ / "status"});
    command.insert(command.end(), argv.begin(), argv.end());
    dir_.write("tmux.conf", tmux_configuration);
    std::vector<std::string> start{"-f",          dir_ / "tmux.conf",
                                   "new-session", "-d",
                                   "-x",          std::to_string(options.columns),
                                   "-y",          std::to_string(options.rows)};
    start.insert(start.end(), command.begin(), command.end());
    tmux(std::move(start));
}

Terminal::~Terminal() {
    ChildProcess kill({"tmux", "-S", dir_ / "tmux", "kill-server"});
    (void)kill.wait_exit();
}

std::string Terminal::tmux(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"tmux", "-u", "-S", dir_ / "tmux"});
    ChildProcess process(arguments);
    if (process.wait_exit() != 0)
        throw std::runtime_error(fmt::format("tmux: {}", process.stderr_text()));
    return process.stdout_text();
}

void Terminal::type(std::string_view text) {
    tmux({"send-keys", "-l", "--", std::string(text)});
}

void Terminal::press(const std::string& key) {
    tmux({"send-keys", key});
}

void Terminal::paste(const std::string& bytes) {
    tmux({"load-buffer", dir_.write("paste", bytes)});
    tmux({"paste-buffer", "-r"});
}

void Terminal::paste_in_brackets(const std::string& bytes) {
    tmux({"load-buffer", dir_.write("paste", bytes)});
    tmux({"paste-buffer", "-r", "-p"});
}

void Terminal::resize(int columns, int rows) {
    tmux({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
    // tmux folds its own rows at once; the program is told up to a quarter of a second later.
    const std::string device = tmux({"display-message", "-p", "#{pane_tty}"});
    const FileDescriptor tty(
        open(device.substr(0, device.find('\n')).c_str(), O_RDONLY | O_NOCTTY));
    winsize size{};
    const auto told = eventually([&] {
        return ioctl(tty.get(), TIOCGWINSZ, &size) == 0 && size.ws_col == columns &&
               size.ws_row == rows;
    });
    if (!told) throw std::runtime_error("the program was not told the terminal's new size");
}

std::string Terminal::screen() const {
    return without_last_rows(tmux({"capture-pane", "-p"}));
}

std::string Terminal::coloured() const {
    return tmux({"capture-pane", "-p", "-e", "-J", "-S", "-"});
}

std::string Terminal::text() const {
    return tmux({"capture-pane", "-p", "-J", "-S", "-"});
}

std::string Terminal::written() const {
    return read_file(dir_ / "written");
}

Outcome Terminal::shows(std::string_view wanted) const {
    return eventually([&] { return text().find(wanted) != std::string::npos; });
}

Outcome Terminal::ends_with(std::string_view last) const {
    return eventually([&] { return screen().ends_with(last); });
}

std::optional<int> Terminal::wait_exit(std::chrono::milliseconds timeout) const {
    const std::string file = dir_ / "status";
    const auto ended = eventually([&] { return std::filesystem::exists(file); }, timeout);
    return ended ? std::optional(std::stoi(read_file(file))) : std::nullopt;
}

int Terminal::pid() const {
    const std::string shell = tmux({"display-message", "-p", "#{pane_pid}"});
    const int parent = std::stoi(shell);
    return std::stoi(read_file(fmt::format("/proc/{0}/task/{0}/children", parent)));
}

}  // namespace exapulse::test
