// SPDX-License-Identifier: BSD-3-Clause
// RequestDispatcher: checks each client's line and passes it to what handles it.
#pragma once

#include <memory>

#include "daemon/access/access_lists.hpp"
#include "daemon/access/policy.hpp"
#include "daemon/access/users.hpp"
#include "daemon/clients/audit.hpp"
#include "daemon/clients/client_commands.hpp"
#include "daemon/clients/paged_answers.hpp"
#include "daemon/clients/session_registry.hpp"
#include "daemon/clients/session_verbs.hpp"
#include "daemon/clients/sidecar_verbs.hpp"
#include "daemon/events/event_log.hpp"
#include "daemon/exabgp/request.hpp"
#include "daemon/kept/kept_routes.hpp"
#include "daemon/upstream/upstream.hpp"

namespace exapulse {

/// The only place where permission is checked, and where exapulsed's own replies are given.
class RequestDispatcher final : public ClientSession::Listener {
  public:
    /// All but the last outlive the dispatcher, which outlives the commands it has submitted.
    /// `store`: nullptr where events are kept in memory only.
    /// Nobody may do anything before apply().
    RequestDispatcher(uv::Loop& loop, Upstream& upstream, SessionRegistry& sessions,
                      const EventLog& events, StoreThread* store, const FlightRecorder& recorder,
                      KeptRoutes& routes, const Config& config,
                      SidecarVerbs::MakeReport make_report);

    void on_request(ClientSession& session, const LineFramer::Line& line) override;
    void on_session_input(ClientSession& session) override { sessions_.has_input(session); }
    void on_reader_changed(ClientSession& session) override {
        upstream_.set_reader_full(session.id(), session.full());
    }
    void on_session_changed(ClientSession& session) override {
        sessions_.changed(session);
        paged_.on_changed(session);
    }

    /// Decides what happens to the commands that an ended session still has waiting.
    void on_closed(const ClientSession& session) {
        commands_.on_closed(session);
        paged_.on_closed(session);
    }
    /// What a caller may do; callers with the same rights share it.
    [[nodiscard]] std::shared_ptr<const Grant> grant_of(const Caller& caller);

    /// Where every command is recorded.
    [[nodiscard]] Audit& audit() { return audit_; }
    [[nodiscard]] const Audit& audit() const { return audit_; }

    /// From now on this decides who may do what, for those who are connected, too.
    void apply(AccessPolicy policy);

    /// From now on every command is refused as not-sent.
    void stop() { commands_.stop(); }

  private:
    [[nodiscard]] LineReply reply_to(ClientSession& session, Role needed,
                                     const std::shared_ptr<const Request>& request);
    [[nodiscard]] LineReply execute(ClientSession& session,
                                    const std::shared_ptr<const Request>& request);
    [[nodiscard]] LineReply pong(const Request& request) const;
    /// The one place where exapulsed answers by itself.
    void give(ClientSession& session, const LineReply& reply);
    /// Records what exapulsed answers by itself.
    void note(const ClientSession& session, std::string_view line, Role needed,
              const LineReply& reply);

    Upstream& upstream_;
    SessionRegistry& sessions_;
    const Config& config_;
    Users users_;
    Audit audit_;
    AccessPolicy policy_;
    std::vector<std::shared_ptr<const Grant>> grants_;  // that grant_of() has given
    ClientCommands commands_;
    SessionVerbs session_verbs_;
    PagedAnswers paged_;
    SidecarVerbs sidecar_;
};

}  // namespace exapulse
