// SPDX-License-Identifier: BSD-3-Clause
// IdentityStore: the small file that remembers which ExaBGP was last seen.
#pragma once

#include <optional>
#include <string>

#include "daemon/health/health_monitor.hpp"

namespace exapulse {

/// Written atomically: a reader finds the old content or the new, never a mixture. No fault of
/// the file ever stops the service; what went wrong is in problem().
class IdentityStore {
  public:
    /// `folder` must exist for save() to succeed.
    explicit IdentityStore(std::string folder);

    /// What the last run saved. A damaged file is set aside as identity.json.damaged.
    [[nodiscard]] std::optional<HealthMonitor::Known> load();
    /// False when it could not be written; the old file is then whole.
    bool save(const HealthMonitor::Known& known);

    /// What went wrong in the last call, in words; empty when nothing did.
    [[nodiscard]] const std::string& problem() const { return problem_; }

  private:
    std::string path_;
    std::string problem_;
};

}  // namespace exapulse
