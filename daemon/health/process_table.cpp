// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/health/process_table.hpp"

#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include <fmt/format.h>

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

/// How a process has a descriptor open: O_RDONLY, O_WRONLY or O_RDWR; -1 when it can't be told.
int access_mode(pid_t pid, const std::string& fd) {
    std::ifstream info(fmt::format("/proc/{}/fdinfo/{}", pid, fd));
    std::string word;
    while (info >> word) {
        if (word != "flags:") continue;
        int flags = 0;
        return info >> std::oct >> flags ? flags & O_ACCMODE : -1;
    }
    return -1;
}

PipeUser use_of_pipe(pid_t pid, const struct stat& file) {
    PipeUser user{pid};
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator(fmt::format("/proc/{}/fd", pid), gone)) {
        struct stat open_file {};
        if (stat(entry.path().c_str(), &open_file) != 0) continue;
        if (open_file.st_dev != file.st_dev || open_file.st_ino != file.st_ino) continue;
        const int mode = access_mode(pid, entry.path().filename());
        user.reads |= mode == O_RDONLY || mode == O_RDWR;
        user.writes |= mode == O_WRONLY || mode == O_RDWR;
    }
    return user;
}

}  // namespace

std::vector<PipeUser> pipe_users(const struct stat& file) {
    std::vector<PipeUser> users;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
        const std::string name = entry.path().filename();
        pid_t pid = 0;
        const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (bad != std::errc{} || end != name.data() + name.size() || pid == getpid()) continue;
        const PipeUser user = use_of_pipe(pid, file);
        if (user.reads || user.writes) users.push_back(user);
    }
    return users;
}

std::optional<ProcessStart> process_start(pid_t pid) {
    const std::string line = first_line(fmt::format("/proc/{}/stat", pid));
    // The name, in parentheses, may hold anything: the fields are counted from its end.
    const auto name_end = line.rfind(')');
    if (name_end == line.npos) return std::nullopt;
    std::istringstream fields(line.substr(name_end + 1));
    ProcessStart start{pid};
    std::string skipped;
    fields >> skipped >> start.parent;
    constexpr int fields_before_start = 17;
    for (int i = 0; i < fields_before_start; ++i) fields >> skipped;
    if (!(fields >> start.ticks)) return std::nullopt;
    return start;
}

std::string describe_process(pid_t pid) {
    const std::string name = printable(first_line(fmt::format("/proc/{}/comm", pid)));
    return name.empty() ? fmt::format("pid {}", pid) : fmt::format("{} (pid {})", name, pid);
}

std::string boot_id() {
    return first_line("/proc/sys/kernel/random/boot_id");
}

}  // namespace exapulse
