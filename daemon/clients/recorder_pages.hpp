// SPDX-License-Identifier: BSD-3-Clause
// The answer to `sidecar recorder`, a page at a time.
#pragma once

#include "daemon/clients/paged_answers.hpp"
#include "daemon/recorder/flight_recorder.hpp"

namespace exapulse {

/// The records that `recorder` has now; it outlives the answer. Those overwritten before they could
/// be sent are counted in a line of their own.
[[nodiscard]] PagedAnswers::Fetch recorder_pages(const FlightRecorder& recorder);

}  // namespace exapulse
