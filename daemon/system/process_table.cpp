// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/system/process_table.hpp"

#include <cerrno>
#include <charconv>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include <fmt/format.h>

#include "common/directory_entries.hpp"
#include "common/printable.hpp"

namespace exapulse {

namespace {

namespace fs = std::filesystem;

std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

/// It could not be read for want of something, and tells nothing: what is not there, or hidden
/// from this user, has other reasons.
bool is_want(int error) {
    return error == EMFILE || error == ENFILE || error == ENOMEM;
}

/// How a process has a descriptor open: O_RDONLY, O_WRONLY or O_RDWR; -1 if unknown.
int access_mode(pid_t pid, const std::string& fd, bool& whole) {
    errno = 0;
    std::ifstream info(fmt::format("/proc/{}/fdinfo/{}", pid, fd));
    if (!info.is_open() && is_want(errno)) whole = false;
    std::string word;
    while (info >> word) {
        if (word != "flags:") continue;
        int flags = 0;
        return info >> std::oct >> flags ? flags & O_ACCMODE : -1;
    }
    return -1;
}

PipeUser use_of_pipe(pid_t pid, const struct stat& file, bool& forbidden, bool& whole) {
    PipeUser user{pid};
    std::error_code error;
    const auto files = directory_entries(fmt::format("/proc/{}/fd", pid), error);
    forbidden = error == std::errc::permission_denied;
    if (is_want(error.value())) whole = false;
    for (const fs::path& entry : files) {
        struct stat open_file {};
        if (stat(entry.c_str(), &open_file) != 0) {
            // Its user may list the directory, but reading its entries requires ptrace permission.
            forbidden |= errno == EACCES;
            continue;
        }
        if (open_file.st_dev != file.st_dev || open_file.st_ino != file.st_ino) continue;
        const int mode = access_mode(pid, entry.filename(), whole);
        user.reads |= mode == O_RDONLY || mode == O_RDWR;
        user.writes |= mode == O_WRONLY || mode == O_RDWR;
    }
    return user;
}

std::vector<pid_t> all_pids(bool& whole) {
    std::vector<pid_t> pids;
    std::error_code error;
    const auto entries = directory_entries("/proc", error);
    if (is_want(error.value())) whole = false;
    for (const fs::path& entry : entries) {
        const std::string name = entry.filename();
        pid_t pid = 0;
        const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (bad == std::errc{} && end == name.data() + name.size()) pids.push_back(pid);
    }
    return pids;
}

std::vector<std::string> arguments_of(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/cmdline", pid));
    std::vector<std::string> arguments;
    for (std::string argument; std::getline(file, argument, '\0');) arguments.push_back(argument);
    return arguments;
}

std::optional<ProcessStart> read_start(pid_t pid, bool& whole) {
    errno = 0;
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    if (!file.is_open() && is_want(errno)) whole = false;
    std::string line;
    std::getline(file, line);
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
    bool whole = true;
    return read_start(pid, whole);
}

Life life_of(const ProcessStart& process) {
    bool whole = true;
    const auto now = read_start(process.pid, whole);
    if (!whole) return Life::Unknown;
    return now == process ? Life::Running : Life::Ended;
}

std::vector<ProcessInfo> all_processes(bool& whole) {
    std::vector<ProcessInfo> processes;
    for (const pid_t pid : all_pids(whole)) {
        const auto start = read_start(pid, whole);
        if (!start) continue;
        processes.push_back(
            {*start, first_line(fmt::format("/proc/{}/comm", pid)), arguments_of(pid)});
    }
    return processes;
}

std::vector<ProcessInfo> all_processes() {
    bool whole = true;
    return all_processes(whole);
}

bool sees_whole_host() {
    // The kernel's PROC_PID_INIT_INO, the same on every host.
    std::error_code error;
    const fs::path space = fs::read_symlink("/proc/self/ns/pid", error);
    return space == "pid:[4026531836]" && process_start(1);
}

pid_t own_pid_of(pid_t pid) {
    std::ifstream status(fmt::format("/proc/{}/status", pid));
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
    for (const pid_t pid : all_pids(found.whole)) {
        if (pid == getpid()) continue;
        bool forbidden = false;
        const PipeUser user = use_of_pipe(pid, file, forbidden, found.whole);
        if (user.reads || user.writes) found.users.push_back(user);
        if (forbidden) found.forbidden.push_back(pid);
    }
    return found;
}

bool reads_removed(pid_t pid, const std::string& path) {
    std::error_code error;
    for (const fs::path& entry : directory_entries(fmt::format("/proc/{}/fd", pid), error))
        if (fs::read_symlink(entry, error) == path + " (deleted)") return true;
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
    const std::string name = printable(first_line(fmt::format("/proc/{}/comm", pid)));
    return name.empty() ? fmt::format("pid {}", pid) : fmt::format("{} (pid {})", name, pid);
}

std::string boot_id() {
    return first_line("/proc/sys/kernel/random/boot_id");
}

}  // namespace exapulse
