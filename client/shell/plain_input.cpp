// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/plain_input.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "client/view/terminal.hpp"

namespace exapulse::client {

PlainInput::PlainInput(std::function<std::string()> prompt, Await await)
    : prompt_(std::move(prompt)), await_(std::move(await)) {}

void PlainInput::show_prompt() const {
    fmt::print("{}", prompt_());
    flush_output();
}

// What the kernel has of a line already is not shown again, but not lost either: a prompt with
// nothing behind it would hide that.
void PlainInput::show(std::string_view text) {
    if (reading_) print_line("");
    print_line(text);
    flush_output();
}

LineInput::Result PlainInput::take_line(std::size_t end) {
    Result result{end > longest_line ? End::TooLong : End::Line, typed_.substr(0, end)};
    typed_.erase(0, end + 1);
    return result;
}

LineInput::Result PlainInput::read_line() {
    show_prompt();
    reading_ = true;
    const auto ended = [this](Result result) {
        reading_ = false;
        return result;
    };
    for (;;) {
        if (const auto end = typed_.find('\n'); end != std::string::npos)
            return ended(take_line(end));
        switch (await_()) {
            case Wakeup::Key: {
                std::array<char, 8192> bytes;
                const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
                if (count > 0)
                    typed_.append(bytes.data(), static_cast<std::size_t>(count));
                else if (count == 0 || (errno != EINTR && errno != EAGAIN))
                    return ended({End::EndOfInput, {}});
                break;
            }
            case Wakeup::Interrupt:
                return ended({End::Interrupted, {}});
            case Wakeup::Continued:
                show_prompt();
                break;
            case Wakeup::Finish:
                return ended({End::Finished, {}});
            case Wakeup::Resized:
                break;
        }
    }
}

}  // namespace exapulse::client
