// SPDX-License-Identifier: BSD-3-Clause
// LineFramer: bytes in, whole lines out. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace exapulse {

/// Cuts a byte stream into lines at LF. A CR before the LF is dropped, as ExaBGP does.
/// No byte is scanned twice, and never more than one line of at most `limit` bytes is kept.
class LineFramer {
  public:
    /// What became of one line. `line` is valid only during the call; when `too_long` is set it
    /// is the line's first bytes, the rest is thrown away up to its LF.
    struct Line {
        std::string_view text;
        bool too_long = false;
    };
    /// Returns false to stop behind this line.
    using Sink = std::function<bool(const Line&)>;

    /// `limit`: the longest line, in bytes without its LF.
    explicit LineFramer(std::size_t limit) : limit_(limit) {}

    /// Hands every line that `bytes` completes to `sink`, in order. A line beyond the limit is
    /// reported once, as soon as it is beyond. Returns how many of the bytes it has taken: all,
    /// unless `sink` stopped it.
    std::size_t feed(std::string_view bytes, const Sink& sink);

    /// Bytes of a line whose LF has not come yet.
    [[nodiscard]] std::size_t partial() const { return skipping_ ? limit_ : kept_.size(); }

    /// Bytes kept of it.
    [[nodiscard]] std::size_t kept() const { return kept_.size(); }

    /// Forgets a partial line: what comes next belongs to another connection.
    void reset();

    void set_limit(std::size_t limit) { limit_ = limit; }

  private:
    std::size_t limit_;
    std::string kept_;       // a line without its LF yet
    bool skipping_ = false;  // inside a line already reported as too long
};

}  // namespace exapulse
