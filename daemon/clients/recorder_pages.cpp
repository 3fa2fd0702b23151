// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/recorder_pages.hpp"

#include <algorithm>

#include "daemon/recorder/record_text.hpp"
#include "daemon/system/clock.hpp"

namespace exapulse {

PagedAnswers::Fetch recorder_pages(const FlightRecorder& recorder) {
    return [&recorder, next = recorder.begin(), end = recorder.end()](
               std::size_t bytes, const PagedAnswers::Take& take) mutable {
        const Moment at = now();
        PagedAnswers::Page page;
        const std::uint64_t kept = std::min(std::max(next, recorder.begin()), end);
        if (kept > next) page.lines.append(format_lost_records(kept - next, at)).append("\n");
        for (next = kept; next < end && page.lines.size() < bytes; ++next)
            page.lines.append(format_record(recorder.at(next), at)).append("\n");
        page.last = next == end;
        take(std::move(page));
    };
}

}  // namespace exapulse
