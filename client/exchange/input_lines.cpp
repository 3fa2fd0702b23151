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

// The first bytes show how the file is encoded.
bool InputLines::begins_well(std::string_view& bytes) {
    constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
    if (begun_) return true;
    start_ += bytes;
    if (start_.size() < utf8_mark.size() && utf8_mark.starts_with(start_)) return false;
    if (start_.size() < 2 && (start_[0] == '\xff' || start_[0] == '\xfe')) return false;
    begun_ = true;
    bytes = start_;
    if (bytes.starts_with(utf8_mark)) bytes.remove_prefix(utf8_mark.size());
    const std::string_view start = bytes.substr(0, 2);
    const bool wide =
        start == "\xff\xfe" || start == "\xfe\xff" || start.find('\0') != std::string_view::npos;
    if (!wide) return true;
    ended_ = true;
    on_refused_({}, {ExitCode::Usage,
                     "line 1: the input is UTF-16; save it as plain ASCII (iconv -f UTF-16 -t "
                     "ASCII); nothing was sent"});
    return false;
}

void InputLines::feed(std::string_view bytes) {
    const std::size_t size = bytes.size();
    const bool well = begins_well(bytes);
    bytes_ += size;
    if (!well) return;
    framer_.feed(bytes, [this](const LineFramer::Line& line) {
        on_line(line);
        return !ended_;
    });
}

void InputLines::finish() {
    if (!begun_ && !start_.empty()) {
        begun_ = true;
        feed(std::exchange(start_, {}));
    }
    if (framer_.partial() > 0 && !ended_) feed("\n");
    ended_ = true;
}

void InputLines::on_line(const LineFramer::Line& line) {
    if (++lines_ < first_) return;
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
