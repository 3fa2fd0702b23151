// SPDX-License-Identifier: BSD-3-Clause
#include "client/run/run_progress.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <unistd.h>

#include <fmt/format.h>

#include "client/view/terminal.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_drawings{200};

bool can_draw() {
    const char* term = std::getenv("TERM");
    return isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace

std::string progress_text(std::size_t done, std::size_t failed, milliseconds elapsed,
                          std::optional<double> fraction) {
    const double seconds = std::max(static_cast<double>(elapsed.count()) / 1000, 0.001);
    std::string text = fmt::format("{} done, {} failed, {:.0f}/s", done, failed,
                                   static_cast<double>(done + failed) / seconds);
    if (fraction && *fraction > 0) {
        const double left = seconds * (1 - std::min(*fraction, 1.0)) / *fraction;
        text += fmt::format(
            ", {} left", describe_duration(milliseconds(static_cast<std::int64_t>(left) * 1000)));
    }
    return text;
}

RunProgress::RunProgress(bool wanted, std::optional<std::uint64_t> size)
    : wanted_(wanted && can_draw()), size_(size) {}

bool RunProgress::due() const {
    return wanted_ && Clock::now() - drawn_ >= between_drawings;
}

void RunProgress::show(std::size_t done, std::size_t failed, std::uint64_t bytes) {
    drawn_ = Clock::now();
    shown_ = true;
    const bool sized = size_ && *size_ > 0;
    const auto fraction =
        sized ? std::optional(static_cast<double>(bytes) / static_cast<double>(*size_))
              : std::nullopt;
    write_error(fmt::format("\r{}\033[K", progress_text(done, failed, elapsed(), fraction)));
}

void RunProgress::clear() {
    if (!shown_) return;
    shown_ = false;
    write_error("\r\033[K");
}

milliseconds RunProgress::elapsed() const {
    return std::chrono::duration_cast<milliseconds>(Clock::now() - started_);
}

}  // namespace exapulse::client
