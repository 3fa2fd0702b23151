// SPDX-License-Identifier: BSD-3-Clause
// FlightRecorder: the last lines to and from ExaBGP, and what happened between them. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "common/time.hpp"

namespace exapulse {

enum class RecordKind : std::uint8_t {
    Sent,      ///< a line given to the connection to ExaBGP
    Received,  ///< a line read from it
    State,     ///< what happened to the connection, or to a command that had been sent
};

inline constexpr std::array<std::string_view, 3> record_kind_names{"sent", "received", "state"};

[[nodiscard]] constexpr std::string_view name_of(RecordKind kind) {
    return record_kind_names[static_cast<std::size_t>(kind)];
}

/// A ring: note() overwrites the oldest record and allocates nothing. Text is kept as it came, with
/// its secrets: whoever shows it masks them (see record_text.hpp).
class FlightRecorder {
  public:
    struct Limits {
        std::size_t lines = 0;        ///< records kept; 0: none is
        std::size_t line_length = 0;  ///< bytes kept of each
    };
    /// What a record belongs to; 0: to nobody, or it is not known to whom.
    struct Owner {
        std::uint64_t session = 0;
        std::uint64_t command = 0;
    };
    struct Record {
        std::uint64_t number = 0;  ///< from 0 on, also of those overwritten
        TimePoint at{};
        RecordKind kind = RecordKind::State;
        Owner owner{};
        std::string_view text{};  ///< its first `line_length` bytes; valid until the next note()
        std::size_t length = 0;   ///< of the whole text
    };

    explicit FlightRecorder(const Limits& limits) { set_limits(limits); }

    /// Keeps the newest records that fit.
    void set_limits(const Limits& limits);

    void note(RecordKind kind, TimePoint at, std::string_view text) { note(kind, at, text, {}); }
    void note(RecordKind kind, TimePoint at, std::string_view text, Owner owner);
    /// The line noted last as received belongs to `owner`.
    void attribute(Owner owner);

    /// The oldest record kept, and the one after the newest: equal while there is none.
    [[nodiscard]] std::uint64_t begin() const { return end_ - count_; }
    [[nodiscard]] std::uint64_t end() const { return end_; }
    /// `number` is one from begin() up to end().
    [[nodiscard]] Record at(std::uint64_t number) const;

    /// Lines sent and received so far.
    [[nodiscard]] std::uint64_t lines() const { return lines_; }

  private:
    struct Head {
        TimePoint at{};
        Owner owner{};
        std::size_t length = 0;  // of the text
        std::size_t kept = 0;    // of that
        RecordKind kind{};
    };
    [[nodiscard]] std::size_t place_of(std::uint64_t number) const;

    std::vector<Head> heads_;
    std::unique_ptr<char[]> text_;  // line_length_ bytes for each of heads_
    std::size_t line_length_ = 0;
    std::size_t next_ = 0;  // the place that is written next
    std::uint64_t end_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t lines_ = 0;
    std::uint64_t received_ = 0;  // the number after that of the last line received
};

}  // namespace exapulse
