// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/system/process_table.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <sstream>
#include <unistd.h>

#include <fmt/format.h>

#include "common/directory_entries.hpp"
#include "common/file_descriptor.hpp"
#include "common/printable.hpp"

namespace exapulse {

namespace {

namespace fs = std::filesystem;

/// A file that does not exist, or is hidden from this user, is simply not seen. Without descriptors
/// or memory nothing is known about it.
void throw_if_lacking(int error, const std::string& path) {
    if (lacks_resources(error))
        throw ProcUnreadable(fmt::format("{}: {}", path, std::strerror(error)));
}

/// Sets `error` to an errno, or 0.
std::string text_of(const std::string& path, int& error) {
    error = 0;
    std::string text;
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 4'096> buffer;
    ssize_t got = file.is_open() ? 1 : -1;
    while (got > 0) {
        got = read(file.get(), buffer.data(), buffer.size());
        if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    if (got < 0) error = errno;
    return text;
}

/// Empty if it does not exist or may not be read.
std::string text_of(const std::string& path) {
    int error = 0;
    std::string text = text_of(path, error);
    throw_if_lacking(error, path);
    return text;
}

std::string first_line_of(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::vector<fs::path> entries_of(const std::string& directory, std::error_code& error) {
    auto entries = directory_entries(directory, error);
    throw_if_lacking(error.value(), directory);
    return entries;
}

std::string target_of(const std::string& link) {
    std::error_code error;
    const fs::path target = fs::read_symlink(link, error);
    throw_if_lacking(error.value(), link);
    return target;
}

/// How a process has a descriptor open: O_RDONLY, O_WRONLY or O_RDWR; -1 if unknown.
int access_mode(pid_t pid, const std::string& fd) {
    std::istringstream info(text_of(fmt::format("/proc/{}/fdinfo/{}", pid, fd)));
    std::string word;
    while (info >> word) {
        if (word != "flags:") continue;
        int flags = 0;
        return info >> std::oct >> flags ? flags & O_ACCMODE : -1;
    }
    return -1;
}

PipeUser use_of_pipe(pid_t pid, const struct stat& file, bool& forbidden) {
    PipeUser user{pid};
    std::error_code error;
    const auto files = entries_of(fmt::format("/proc/{}/fd", pid), error);
    forbidden = error == std::errc::permission_denied;
    for (const fs::path& entry : files) {
        struct stat open_file {};
        if (stat(entry.c_str(), &open_file) != 0) {
            throw_if_lacking(errno, entry);
            // Its user may list the directory, but reading its entries requires ptrace permission.
            forbidden |= errno == EACCES;
            continue;
        }
        if (open_file.st_dev != file.st_dev || open_file.st_ino != file.st_ino) continue;
        const int mode = access_mode(pid, entry.filename());
        user.reads |= mode == O_RDONLY || mode == O_RDWR;
        user.writes |= mode == O_WRONLY || mode == O_RDWR;
    }
    return user;
}

std::vector<pid_t> all_pids() {
    std::vector<pid_t> pids;
    std::error_code error;
    for (const fs::path& entry : entries_of("/proc", error)) {
        const std::string name = entry.filename();
        pid_t pid = 0;
        const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (bad == std::errc{} && end == name.data() + name.size()) pids.push_back(pid);
    }
    return pids;
}

std::vector<std::string> arguments_of(pid_t pid) {
    std::istringstream file(text_of(fmt::format("/proc/{}/cmdline", pid)));
    std::vector<std::string> arguments;
    for (std::string argument; std::getline(file, argument, '\0');) arguments.push_back(argument);
    return arguments;
}

/// Empty if there is no such process, or it is hidden.
std::string stat_line(pid_t pid) {
    return text_of(fmt::format("/proc/{}/stat", pid));
}

/// nullopt for a zombie.
std::optional<ProcessStart> start_in(const std::string& line, pid_t pid) {
    // The name, in parentheses, may contain anything, so fields are counted from its end.
    const auto name_end = line.rfind(')');
    if (name_end == line.npos) return std::nullopt;
    std::istringstream fields(line.substr(name_end + 1));
    ProcessStart start{pid};
    std::string state, skipped;
    fields >> state >> start.parent;
    if (state == "Z" || state == "X") return std::nullopt;
    constexpr int fields_before_start = 17;
    for (int i = 0; i < fields_before_start; ++i) fields >> skipped;
    if (!(fields >> start.ticks)) return std::nullopt;
    return start;
}

}  // namespace

std::optional<ProcessStart> process_start(pid_t pid) {
    return start_in(stat_line(pid), pid);
}

Life life_of(const ProcessStart& process) {
    const std::string line = stat_line(process.pid);
    // kill() knows hidden processes, too.
    if (line.empty())
        return kill(process.pid, 0) != 0 && errno == ESRCH ? Life::Ended : Life::Hidden;
    return start_in(line, process.pid) == process ? Life::Alive : Life::Ended;
}

std::vector<ProcessInfo> all_processes() {
    std::vector<ProcessInfo> processes;
    for (const pid_t pid : all_pids()) {
        const auto start = process_start(pid);
        if (!start) continue;
        processes.push_back(
            {*start, first_line_of(text_of(fmt::format("/proc/{}/comm", pid))), arguments_of(pid)});
    }
    return processes;
}

bool sees_whole_host() {
    // The kernel's PROC_PID_INIT_INO, the same on every host.
    return target_of("/proc/self/ns/pid") == "pid:[4026531836]" && process_start(1);
}

pid_t own_pid_of(pid_t pid) {
    std::istringstream status(text_of(fmt::format("/proc/{}/status", pid)));
    for (std::string line; std::getline(status, line);) {
        if (!line.starts_with("NSpid:")) continue;
        std::istringstream pids(line.substr(line.find(':') + 1));
        pid_t innermost = 0;
        while (pids >> innermost) {
        }
        return innermost;
    }
    return 0;
}

PipeUsers pipe_users(const struct stat& file) {
    PipeUsers found;
    for (const pid_t pid : all_pids()) {
        if (pid == getpid()) continue;
        bool forbidden = false;
        const PipeUser user = use_of_pipe(pid, file, forbidden);
        if (user.reads || user.writes) found.users.push_back(user);
        if (forbidden) found.forbidden.push_back(pid);
    }
    return found;
}

bool reads_removed(pid_t pid, const std::string& path) {
    std::error_code error;
    for (const fs::path& entry : entries_of(fmt::format("/proc/{}/fd", pid), error))
        if (target_of(entry) == path + " (deleted)") return true;
    return false;
}

WallTime host_started() {
    timespec up{};
    clock_gettime(CLOCK_BOOTTIME, &up);
    return std::chrono::system_clock::now() - std::chrono::seconds(up.tv_sec) -
           std::chrono::nanoseconds(up.tv_nsec);
}

WallTime started_at(const ProcessStart& process) {
    const auto per_second = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    return host_started() + std::chrono::milliseconds(process.ticks * 1000 / per_second);
}

std::string describe_process(pid_t pid) {
    int ignored = 0;
    const std::string name =
        printable(first_line_of(text_of(fmt::format("/proc/{}/comm", pid), ignored)));
    return name.empty() ? fmt::format("pid {}", pid) : fmt::format("{} (pid {})", name, pid);
}

std::string boot_id() {
    return first_line_of(text_of("/proc/sys/kernel/random/boot_id"));
}

}  // namespace exapulse
