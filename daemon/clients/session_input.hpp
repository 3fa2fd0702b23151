// SPDX-License-Identifier: BSD-3-Clause
// SessionInput: what one client has sent and what has not been handled yet. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/line_framer.hpp"

namespace exapulse {

class SessionInput {
  public:
    /// Bytes that were read from the client.
    void add(std::string_view bytes);
    /// Passes line after line to `sink`, or the beginning of one that is longer than
    /// `most` bytes without its LF, until it returns false or no line is left. Not to be
    /// destroyed meanwhile.
    void handle(std::size_t most, const LineFramer::Sink& sink);
    /// Discards what handle() has not processed.
    void drop();

    /// Bytes that handle() has not processed.
    [[nodiscard]] std::size_t left() const { return bytes_.size() - taken_; }
    /// Whether handle() has processed a part of a line without its LF.
    [[nodiscard]] bool has_partial_line() const { return framer_.partial() > 0; }
    /// Bytes kept of such a line.
    [[nodiscard]] std::size_t kept() const { return framer_.kept(); }
    [[nodiscard]] bool empty() const { return left() == 0 && !has_partial_line(); }
    /// The memory used here.
    [[nodiscard]] std::size_t memory() const { return bytes_.size() + framer_.kept(); }

  private:
    LineFramer framer_{0};  // handle() sets the limit
    std::string bytes_;     // from taken_ on not given to the framer yet
    std::size_t taken_ = 0;
};

}  // namespace exapulse
