// SPDX-License-Identifier: BSD-3-Clause
// Opening, locking, appending and shortening the file of history.
#include "client/shell/history_file.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "common/words.hpp"

namespace exapulse::client {

namespace {

constexpr mode_t owner_only = 0600;

[[noreturn]] void fail(const std::string& path, std::string_view what) {
    throw std::runtime_error(fmt::format(
        "not keeping a history, {}: {}; fix it, or set EXAPULSE_HISTFILE to another file", path,
        what));
}

// Held until the descriptor's next lock(LOCK_UN), or its end.
class Lock {
  public:
    explicit Lock(int fd) : fd_(fd) {
        while (flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~Lock() { flock(fd_, LOCK_UN); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    int fd_;
};

void make_folder(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    if (folder.empty() || std::filesystem::exists(folder, error)) return;
    if (std::filesystem::create_directories(folder, error))
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
}

FileDescriptor open_file(const std::string& path) {
    FileDescriptor file(
        open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, owner_only));
    if (!file.is_open()) fail(path, std::strerror(errno));
    struct stat status {};
    if (fstat(file.get(), &status) != 0) fail(path, std::strerror(errno));
    if (S_ISCHR(status.st_mode)) return FileDescriptor();  // /dev/null: a wish for none
    if (!S_ISREG(status.st_mode)) fail(path, "it is not a file");
    if ((status.st_mode & 07777U) != owner_only && fchmod(file.get(), owner_only) != 0)
        fail(path, fmt::format("others can read it, and its mode can't be changed ({})",
                               std::strerror(errno)));
    return file;
}

std::string read_all(int fd, const std::string& path) {
    std::string text;
    std::array<char, 64U << 10> bytes;
    for (off_t at = 0;;) {
        const ssize_t count = pread(fd, bytes.data(), bytes.size(), at);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path, std::strerror(errno));
        if (count == 0) return text;
        text.append(bytes.data(), static_cast<std::size_t>(count));
        at += count;
    }
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (end > 0) lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

bool write_whole(int fd, std::string_view bytes) {
    return write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
}

// Under the lock. Whoever dies between the two calls leaves some lines twice, and loses none.
void shorten(int fd, const std::vector<std::string>& lines) {
    const std::string text = fmt::format("{}\n", fmt::join(lines, "\n"));
    const int flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, flags & ~O_APPEND);  // with it pwrite(2) would append
    const ssize_t written = pwrite(fd, text.data(), text.size(), 0);
    if (written == static_cast<ssize_t>(text.size()))
        static_cast<void>(ftruncate(fd, static_cast<off_t>(text.size())));
    fcntl(fd, F_SETFL, flags);
}

bool is_set(const char* variable) {
    return variable != nullptr && *variable != '\0';
}

}  // namespace

HistoryEnvironment HistoryEnvironment::of_process() {
    return {std::getenv("EXAPULSE_HISTFILE"), std::getenv("XDG_STATE_HOME"), std::getenv("HOME")};
}

std::string history_path(const HistoryEnvironment& environment) {
    if (environment.histfile != nullptr) return environment.histfile;
    if (is_set(environment.state_home))
        return std::string(environment.state_home) + "/exapulse/history";
    if (is_set(environment.home))
        return std::string(environment.home) + "/.local/state/exapulse/history";
    return {};
}

HistoryFile::HistoryFile(const std::string& path) {
    if (path.empty()) return;
    make_folder(path);
    file_ = open_file(path);
    if (!file_.is_open()) return;
    const Lock lock(file_.get());
    lines_ = lines_of(read_all(file_.get(), path));
    if (lines_.size() > most_lines) {
        const bool far_beyond = lines_.size() > most_lines + most_lines / 4;
        lines_.erase(lines_.begin(), lines_.end() - static_cast<std::ptrdiff_t>(most_lines));
        if (far_beyond) shorten(file_.get(), lines_);
    }
    if (!lines_.empty()) last_ = lines_.back();
}

bool HistoryFile::wants(std::string_view line) const {
    return !words(line).empty() && line.front() != ' ' && line.front() != '\t' && line != last_ &&
           line.size() <= longest_kept && line.find('\n') == std::string_view::npos;
}

bool HistoryFile::add(std::string_view line) {
    if (!wants(line)) return false;
    last_ = line;
    if (!file_.is_open()) return true;
    const Lock lock(file_.get());
    static_cast<void>(write_whole(file_.get(), last_ + '\n'));
    return true;
}

}  // namespace exapulse::client
