// SPDX-License-Identifier: BSD-3-Clause
// IdentityStore: the small file that records which ExaBGP was last seen.
#pragma once

#include <optional>
#include <string>

#include "daemon/identity/known_instance.hpp"

namespace exapulse {

/// Written atomically: a reader gets the old content or the new, never a mixture. Whatever is wrong
/// with the file, or in its place, neither stops nor delays the service; problem() says what it is.
class IdentityStore {
  public:
    /// `directory` must exist for save() to succeed.
    explicit IdentityStore(std::string directory);

    /// What the last run saved. A damaged file, a symbolic link, or anything that is not a small
    /// regular file is renamed to identity.json.damaged. Throws std::runtime_error where no
    /// descriptor or memory is free to read it: without it a restart would be missed.
    [[nodiscard]] std::optional<KnownInstance> load();
    /// False if it could not be written; the old file is then intact, and retry_in() says when to
    /// call retry().
    bool save(const KnownInstance& known);

    /// Saves what the last save() could not. True if nothing is left to save.
    bool retry();
    /// The pause before the next retry(), longer each time; nullopt if nothing is unsaved.
    [[nodiscard]] std::optional<Milliseconds> retry_in() const {
        return unsaved_ ? std::optional(pause_) : std::nullopt;
    }

    /// What went wrong in the last call, in words; empty if nothing did.
    [[nodiscard]] const std::string& problem() const { return problem_; }

  private:
    std::string path_;
    std::string problem_;
    std::optional<KnownInstance> unsaved_;
    Milliseconds pause_{0};
};

}  // namespace exapulse
