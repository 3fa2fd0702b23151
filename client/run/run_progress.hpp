// SPDX-License-Identifier: BSD-3-Clause
// RunProgress: how far a batch is, as one line that is drawn over and over.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace exapulse::client {

/// "1200 done, 3 failed, 560/s, 12s left". `fraction`: of the input that is read; nullopt when its
/// size is not known. Pure.
[[nodiscard]] std::string progress_text(std::size_t done, std::size_t failed,
                                        std::chrono::milliseconds elapsed,
                                        std::optional<double> fraction);

/// Owns the last line of stderr's terminal while it shows something there.
class RunProgress {
  public:
    using Clock = std::chrono::steady_clock;

    /// With `wanted` false, and where stderr is no terminal or a dumb one, it shows nothing.
    /// `size`: of the input in bytes.
    RunProgress(bool wanted, std::optional<std::uint64_t> size);
    ~RunProgress() { clear(); }
    RunProgress(const RunProgress&) = delete;
    RunProgress& operator=(const RunProgress&) = delete;

    /// It should be drawn again: a few times a second.
    [[nodiscard]] bool due() const;
    void show(std::size_t done, std::size_t failed, std::uint64_t bytes);
    /// To be called before anything else is written to the terminal.
    void clear();

    [[nodiscard]] std::chrono::milliseconds elapsed() const;

  private:
    bool wanted_;
    bool shown_ = false;
    std::optional<std::uint64_t> size_;
    Clock::time_point started_ = Clock::now();
    Clock::time_point drawn_ = started_;
};

}  // namespace exapulse::client
