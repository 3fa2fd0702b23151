// SPDX-License-Identifier: BSD-3-Clause
// Lines of standard input become commands.
#include "client/exchange/input_lines.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "common/words.hpp"

namespace exapulse::client {

namespace {

bool is_comment_or_blank(std::string_view line) {
    const auto parts = words(line);
    return parts.empty() || parts.front().starts_with('#');
}

}  // namespace

InputLines::InputLines(OnCommand on_command, OnRefused on_refused)
    : on_command_(std::move(on_command)), on_refused_(std::move(on_refused)) {}

void InputLines::feed(std::string_view bytes) {
    bytes_ += bytes.size();
    framer_.feed(bytes, [this](const LineFramer::Line& line) {
        on_line(line);
        return !ended_;
    });
}

void InputLines::finish() {
    if (framer_.partial() > 0 && !ended_) feed("\n");
    ended_ = true;
}

void InputLines::on_line(const LineFramer::Line& line) {
    ++lines_;
    Command command{std::string(line.text), lines_};
    if (line.too_long) {
        on_refused_(command, {ExitCode::Limit, too_long_problem()});
        return;
    }
    if (is_comment_or_blank(line.text)) return;
    if (const auto problem = command_problem(line.text))
        on_refused_(command, {ExitCode::Usage, *problem});
    else
        on_command_(std::move(command));
}

void InputLines::read_some() {
    std::array<char, 64U << 10> bytes;
    const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count > 0) {
        feed({bytes.data(), static_cast<std::size_t>(count)});
    } else if (count == 0) {
        finish();
    } else if (errno != EINTR && errno != EAGAIN) {
        const int error = errno;
        finish();
        on_refused_({}, {ExitCode::Usage,
                         fmt::format("can't read standard input: {}", std::strerror(error))});
    }
}

}  // namespace exapulse::client
