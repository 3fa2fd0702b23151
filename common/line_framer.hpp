// SPDX-License-Identifier: BSD-3-Clause
// LineFramer: splits a byte stream into lines. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace exapulse {

/// Splits a byte stream into lines at LF. A CR before the LF is dropped, as ExaBGP does.
/// No byte is scanned twice, and at most one line of at most `limit` bytes is kept.
class LineFramer {
  public:
    /// `line` is valid only during the call. If `too_long` is set it has only the line's first
    /// bytes; the rest, up to its LF, is discarded.
    struct Line {
        std::string_view text;
        bool too_long = false;
    };
    /// Returns false to stop after this line.
    using Sink = std::function<bool(const Line&)>;

    /// `limit`: maximum length of a line in bytes, without its LF.
    explicit LineFramer(std::size_t limit) : limit_(limit) {}

    /// Passes every line that `bytes` completes to `sink`, in order. A line that exceeds the limit
    /// is reported once, as soon as it does. Returns the number of bytes consumed: all, unless
    /// `sink` stopped it.
    std::size_t feed(std::string_view bytes, const Sink& sink);

    /// Length of the line whose LF has not arrived yet.
    [[nodiscard]] std::size_t partial() const { return skipping_ ? limit_ : kept_.size(); }

    /// Bytes of it that are kept.
    [[nodiscard]] std::size_t kept() const { return kept_.size(); }

    /// Discards a partial line, for a new connection.
    void reset();

    void set_limit(std::size_t limit) { limit_ = limit; }

  private:
    std::size_t limit_;
    std::string kept_;       // a line whose LF has not arrived
    bool skipping_ = false;  // within a line already reported as too long
};

}  // namespace exapulse
