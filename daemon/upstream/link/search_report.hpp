// SPDX-License-Identifier: BSD-3-Clause
// SearchReport: why a search for ExaBGP led to nothing, in words for the operator.
#pragma once

#include <optional>
#include <string>

#include "common/time.hpp"
#include "daemon/upstream/link/upstream_link.hpp"
#include "daemon/upstream/link/visible_exabgp.hpp"

namespace exapulse {

/// Where was searched, and which inaccessible directory, half pair of pipes, unreadable file or
/// running ExaBGP explains that nothing was found. Processes are scanned only now and then, as
/// attempts may follow each other closely.
class SearchReport {
  public:
    /// For an attempt that found nothing to try.
    [[nodiscard]] UpstreamLink::Failure nothing_found(const UpstreamDiscovery& discovery,
                                                      TimePoint now);
    /// Adds to what was tried and failed where an ExaBGP runs that was not searched for.
    [[nodiscard]] UpstreamLink::Failure failed(const UpstreamDiscovery& discovery,
                                               UpstreamLink::Failure failure, TimePoint now);

  private:
    void look_at_processes(const UpstreamDiscovery& discovery, TimePoint now);

    VisibleExabgp visible_;
    std::optional<TimePoint> looked_at_;
};

}  // namespace exapulse
