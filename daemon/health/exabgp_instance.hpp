// SPDX-License-Identifier: BSD-3-Clause
// ExabgpInstance: which ExaBGP it is that answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>

#include "daemon/health/health_monitor.hpp"
#include "daemon/health/identity_method.hpp"
#include "daemon/health/process_table.hpp"

namespace exapulse {

/// A name-based UUID (RFC 4122, version 5): the same name gives the same UUID.
[[nodiscard]] std::string uuid_of_name(std::string_view name);

struct ExabgpInstance {
    std::string uuid;
    IdentityMethod method = IdentityMethod::Counted;
};

/// Finds out who answers on the pipes of 4.2 and 5.0, which say nothing about it themselves.
class InstanceFinder {
  public:
    /// `pidfile` is upstream.pidfile, empty for none; `known` what an earlier run knew.
    InstanceFinder(std::string pidfile, const std::optional<HealthMonitor::Known>& known);

    void set_pidfile(std::string pidfile) { pidfile_ = std::move(pidfile); }

    /// Call right after an answer: the helper that reads the command pipe `file` is then a child of
    /// the ExaBGP that answered.
    [[nodiscard]] ExabgpInstance find(const struct stat& file);

    /// The same, at far less cost, for one that was found and may have been replaced unseen, while
    /// exapulsed itself stood still.
    [[nodiscard]] ExabgpInstance find_again(const struct stat& file);

    /// Whoever answered is gone: its helper, at least, and perhaps all of it.
    void on_death() { died_ = true; }

    /// What was wrong in the last find(), in words; empty when nothing was.
    [[nodiscard]] const std::string& problem() const { return problem_; }

  private:
    [[nodiscard]] std::optional<std::string> from_process(const struct stat& file);
    [[nodiscard]] std::optional<std::string> from_pidfile();
    [[nodiscard]] std::string counted();

    std::string pidfile_;
    std::string problem_;
    ExabgpInstance last_;                // its UUID is empty when none is known
    std::optional<ProcessStart> relay_;  // the helper that last_ was found by
    bool died_ = false;                  // since last_ was found
};

}  // namespace exapulse
