// SPDX-License-Identifier: BSD-3-Clause
// IdentityStore: the small file that remembers which ExaBGP was last seen.
#pragma once

#include <optional>
#include <string>

#include "daemon/identity/known_instance.hpp"

namespace exapulse {

/// Written atomically: a reader finds the old content or the new, never a mixture. No fault of
/// the file, or of what stands in its place, stops or delays the service; what went wrong is in
/// problem().
class IdentityStore {
  public:
    /// `folder` must exist for save() to succeed.
    explicit IdentityStore(std::string folder);

    /// What the last run saved. A damaged file, a symbolic link and whatever else is no small
    /// regular file is set aside as identity.json.damaged.
    [[nodiscard]] std::optional<KnownInstance> load();
    /// False when it could not be written; the old file is then whole, and retry_in() says when
    /// to call retry().
    bool save(const KnownInstance& known);

    /// Saves what the last save() could not. True when nothing is left to be saved.
    bool retry();
    /// Set while something is unsaved: the pause before the next retry(), longer each time.
    [[nodiscard]] std::optional<Milliseconds> retry_in() const {
        return unsaved_ ? std::optional(pause_) : std::nullopt;
    }

    /// What went wrong in the last call, in words; empty when nothing did.
    [[nodiscard]] const std::string& problem() const { return problem_; }

  private:
    std::string path_;
    std::string problem_;
    std::optional<KnownInstance> unsaved_;
    Milliseconds pause_{0};
};

}  // namespace exapulse
