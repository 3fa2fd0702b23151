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
struct LineOutcome {
    SessionId session = 0;
    PeerCredentials peer{};
    std::string_view line{};
    Role needed = Role::Operate;
    bool done = false;                ///< `done`, else `error`
    std::optional<ErrorCode> code{};  ///< exapulsed's own verdict instead
    std::string_view why{};           ///< of that
    /// Since it was submitted; nullopt: exapulsed answered by itself, at once.
    std::optional<std::chrono::microseconds> took{};
    /// Of that, until it was written to ExaBGP; nullopt: it was not.
    std::optional<std::chrono::microseconds> waited{};
};

/// The only place that logs what clients did. Denials, lost commands and what only admins may do
/// are always logged; log.audit decides about the rest. What clients can cause at no cost
/// (refusals, denials, losses) uses no more of the log than the budget of the client's user.
class Audit {
  public:
    /// All of them outlive it.
    Audit(const Config& config, SessionRegistry& sessions, Users& users)
        : config_(config), sessions_(sessions), users_(users) {}

    /// `consumer` gets every record; it must outlive this.
    void add(AuditConsumer& consumer) { consumers_.push_back(&consumer); }

    /// To be called when the configuration has changed.
    void apply();
    /// Whether commands that need this role are recorded however they end.
    [[nodiscard]] bool wants(Role needed) const { return least_ && needed >= *least_; }

    void note(const LineOutcome& outcome);
    /// Whether note() would do anything; depends only on the line and the verdict.
    [[nodiscard]] bool may_note(const LineOutcome& outcome) const;
    /// How many commands were slower than log.slow.
    [[nodiscard]] std::uint64_t slow() const { return slow_; }

  private:
    [[nodiscard]] bool is_slow(const LineOutcome& outcome) const;
    void note_slow(const LineOutcome& outcome);
    /// Valid until the next call.
    [[nodiscard]] const std::string& who(const LineOutcome& outcome);
    void write(const LineOutcome& outcome, int priority);

    const Config& config_;
    SessionRegistry& sessions_;
    Users& users_;
    std::vector<AuditConsumer*> consumers_;
    std::optional<Role> least_;  // the least role that wants() accepts
    std::uint64_t slow_ = 0;
    // Clients that were described last, by session modulo the number of places.
    struct Described {
        SessionId session = 0;
        std::string text;
    };
    std::array<Described, 64> described_;
};

}  // namespace exapulse
