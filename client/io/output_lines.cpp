// SPDX-License-Identifier: BSD-3-Clause
#include "client/io/output_lines.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/view/terminal.hpp"
#include "common/printable.hpp"

namespace exapulse::client {

namespace {

// A pipe that poll(2) calls writable takes as much at once; a file takes all.
std::size_t most_at_once() {
    struct stat status {};
    const bool file = fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode);
    return file ? SSIZE_MAX : PIPE_BUF;
}

bool reader_takes_some(int timeout) {
    pollfd output{STDOUT_FILENO, POLLOUT, 0};
    return poll(&output, 1, timeout) > 0;
}

}  // namespace

OutputLines::OutputLines() : terminal_(isatty(STDOUT_FILENO) == 1), most_(most_at_once()) {}

void OutputLines::add(std::string_view line) {
    waiting_ += terminal_ ? printable(line, "\t") : std::string(line);
    waiting_ += '\n';
}

void OutputLines::write_some() {
    while (!empty() && reader_takes_some(0)) {
        const std::string_view rest = std::string_view(waiting_).substr(written_);
        const ssize_t count = write(STDOUT_FILENO, rest.data(), std::min(rest.size(), most_));
        if (count < 0 && errno == EAGAIN) return;
        if (count < 0 && errno != EINTR) throw_output_error();
        if (count > 0) written_ += static_cast<std::size_t>(count);
    }
    forget_written();
}

void OutputLines::write_all() {
    while (!empty())
        if (reader_takes_some(-1)) write_some();
}

void OutputLines::forget_written() {
    if (empty()) {
        waiting_.clear();
        written_ = 0;
    } else if (written_ >= enough) {
        waiting_.erase(0, written_);
        written_ = 0;
    }
}

}  // namespace exapulse::client
