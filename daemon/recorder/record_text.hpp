// SPDX-License-Identifier: BSD-3-Clause
// Records of the flight recorder as programs and as people read them, without secrets. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "common/time.hpp"
#include "daemon/recorder/flight_recorder.hpp"

namespace exapulse {

/// `now` turns the times of records into times of day.

/// One line of JSON, without LF.
[[nodiscard]] std::string format_record(const FlightRecorder::Record& record, const Moment& now);

/// The JSON line for records that were overwritten while an answer was being sent, without LF.
[[nodiscard]] std::string format_lost_records(std::uint64_t count, const Moment& now);

/// All of them as the text of a file that begins with `heading`, which is one line.
[[nodiscard]] std::string describe_records(const FlightRecorder& recorder, std::string_view heading,
                                           const Moment& now);

}  // namespace exapulse
