// SPDX-License-Identifier: BSD-3-Clause
// RequestDispatcher: takes each client's line where it belongs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/clients/client_answers.hpp"
#include "daemon/clients/event_broadcaster.hpp"
#include "daemon/clients/session_registry.hpp"
#include "daemon/clients/status_report.hpp"
#include "daemon/clients/users.hpp"
#include "daemon/exabgp/request.hpp"
#include "daemon/upstream/upstream.hpp"

namespace exapulse {

/// The only place where permission is checked and where a line becomes a command.
class RequestDispatcher final : public ClientSession::Listener {
  public:
    /// What it needs to see of the daemon as a whole.
    using MakeReport = std::function<StatusReport()>;

    /// All but the last outlive the dispatcher, which outlives the commands it has submitted.
    RequestDispatcher(Upstream& upstream, SessionRegistry& sessions,
                      const EventBroadcaster& broadcaster, const Config& config,
                      MakeReport make_report);

    void on_request(ClientSession& session, const LineFramer::Line& line) override;
    void on_session_input(ClientSession& session) override { sessions_.has_input(session); }
    void on_session_changed(ClientSession& session) override { sessions_.changed(session); }

    /// Decides on what the client of a session that has ended still has waiting.
    void on_closed(const ClientSession& session);
    [[nodiscard]] bool is_admin(uid_t uid) const { return users_.is_admin(uid); }

    /// The configuration has changed.
    void apply();

    /// From now on every command is refused as not-sent.
    void stop() { stopping_ = true; }

  private:
    void treat(ClientSession& session, const std::shared_ptr<const Request>& request);
    void forward(ClientSession& session, std::shared_ptr<const Request> request, AnswerShape shape);
    void cancel(ClientSession& session);
    void peers(ClientSession& session, const Request& line);
    /// A new command of the client, without its line.
    [[nodiscard]] Command command_of(const ClientSession& session);
    /// Whether one more command of the client may go upstream; tells it when not.
    [[nodiscard]] bool may_go(ClientSession& session, const Request& line);
    void pong(ClientSession& session, const Request& line);
    void subscribe(ClientSession& session, const Request& line);
    void history(ClientSession& session, const Request& line);
    void kill(ClientSession& session, const Request& line);
    [[nodiscard]] std::string clients();

    Upstream& upstream_;
    SessionRegistry& sessions_;
    const EventBroadcaster& broadcaster_;
    const Config& config_;
    MakeReport make_report_;
    ClientAnswers answers_;
    Users users_;
    CommandId last_command_ = 0;
    bool stopping_ = false;
};

}  // namespace exapulse
