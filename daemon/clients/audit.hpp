// SPDX-License-Identifier: BSD-3-Clause
// Audit: records who sent which command and how it ended, in the journal or the log.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/access/audit_record.hpp"
#include "daemon/access/users.hpp"
#include "daemon/clients/peer_credentials.hpp"
#include "daemon/clients/session_registry.hpp"
#include "daemon/config/config.hpp"

namespace exapulse {

/// One line of a client, and its verdict.
struct Deed {
    SessionId session = 0;
    PeerCredentials peer{};
    std::string_view line{};
    Role needed = Role::Operate;
    bool done = false;                ///< `done`, else `error`
    std::optional<ErrorCode> code{};  ///< exapulsed's own verdict instead
    std::string_view why{};           ///< of that
    /// Since it was submitted; nullopt: exapulsed has answered by itself, at once.
    std::optional<std::chrono::microseconds> took{};
    /// Of that, until it was written to ExaBGP; nullopt: it was not.
    std::optional<std::chrono::microseconds> waited{};
};

/// The only place where what clients did is logged. Denials and lost commands always are, and what
/// only admins may do; log.audit decides on the rest. What clients can bring about at no cost
/// (refusals, denials, losses) takes no more of the log than the budget of its user.
class Audit {
  public:
    /// All of them outlive it.
    Audit(const Config& config, SessionRegistry& sessions, Users& users)
        : config_(config), sessions_(sessions), users_(users) {}

    /// Gets every record; it outlives this.
    void add(AuditConsumer& consumer) { consumers_.push_back(&consumer); }

    /// To be called when the configuration has changed.
    void apply();
    /// Whether commands that need this role are recorded however they end.
    [[nodiscard]] bool wants(Role needed) const { return least_ && needed >= *least_; }

    void note(const Deed& deed);
    /// Whether note() would do anything; of the deed only the line and the verdict count.
    [[nodiscard]] bool may_note(const Deed& deed) const;
    /// How many commands were slower than log.slow.
    [[nodiscard]] std::uint64_t slow() const { return slow_; }

  private:
    [[nodiscard]] bool is_slow(const Deed& deed) const;
    void note_slow(const Deed& deed);
    /// Valid until the next call.
    [[nodiscard]] const std::string& who(const Deed& deed);
    void write(const Deed& deed, int priority);

    const Config& config_;
    SessionRegistry& sessions_;
    Users& users_;
    std::vector<AuditConsumer*> consumers_;
    std::optional<Role> least_;  // that wants() wants
    std::uint64_t slow_ = 0;
    // Clients that were described last, by session modulo the number of places.
    struct Described {
        SessionId session = 0;
        std::string text;
    };
    std::array<Described, 64> described_;
};

}  // namespace exapulse
