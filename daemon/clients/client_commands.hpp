// SPDX-License-Identifier: BSD-3-Clause
// ClientCommands: the commands of clients, from the accepted line to the verdict.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/access/users.hpp"
#include "daemon/clients/audit.hpp"
#include "daemon/clients/line_reply.hpp"
#include "daemon/clients/session_registry.hpp"
#include "daemon/commands/command.hpp"
#include "daemon/config/config.hpp"
#include "daemon/kept/kept_routes.hpp"
#include "daemon/upstream/upstream.hpp"

namespace exapulse {

/// The sink of every client's command. The owner of a command is looked up for each call: an
/// answer for a session that has ended is discarded.
class ClientCommands final : public AnswerSink {
  public:
    /// All of them outlive it, and it outlives the commands it has submitted.
    ClientCommands(Upstream& upstream, SessionRegistry& sessions, const Config& config,
                   Audit& audit, KeptRoutes& routes, Users& users)
        : upstream_(upstream),
          sessions_(sessions),
          config_(config),
          audit_(audit),
          routes_(routes),
          users_(users) {}

    /// `request`: a ChargedRequest, so that the client's user pays for it until the verdict.
    [[nodiscard]] LineReply forward(ClientSession& session, std::shared_ptr<const Request> request);
    /// `bytes`: of the client's line.
    [[nodiscard]] LineReply ask_for_peers(ClientSession& session, std::size_t bytes);
    struct Expected {
        std::optional<CommandId> id;  ///< nullopt: `refusal` says why not
        LineReply refusal{};
    };
    /// A place for an answer that exapulsed itself gives later. `bytes`: of the client's line.
    [[nodiscard]] Expected expect(ClientSession& session, std::size_t bytes);
    /// What gives the answer of expect(): `done`, or that ExaBGP has done it and the disk has not.
    [[nodiscard]] KeptRoutes::OnSaved answer_once_saved(SessionId asker, CommandId id);
    /// The same for routes that are announced again or withdrawn: how many, and what was refused.
    [[nodiscard]] KeptRoutes::OnOrderEnd answer_once_settled(SessionId asker, CommandId id);
    void answer_not_sent(ClientSession& asker, CommandId id);
    /// Every command of the session gets its verdict now, so the client knows which of them ExaBGP
    /// never saw.
    void cancel(ClientSession& session);
    /// The commands of the session that ExaBGP has not seen get their verdict; the others are not
    /// affected.
    void withdraw(ClientSession& session);
    /// Decides what happens to the commands that an ended session still has waiting.
    void on_closed(const ClientSession& session);
    /// From now on every command is refused as not-sent.
    void stop() { stopping_ = true; }

    void on_answer_line(const Command& command, std::string_view line) override;
    void on_verdict(const Command& command, const Verdict& verdict) override;

  private:
    /// Why one more command of the client, a line of `bytes`, may not be sent to ExaBGP.
    [[nodiscard]] std::optional<LineReply> obstacle(const ClientSession& session,
                                                    std::size_t bytes) const;
    void note(const Command& command, const Verdict& verdict);
    /// Enters into the ledger what ExaBGP has done. True: the client gets its verdict once that is
    /// on disk.
    [[nodiscard]] bool enter(const Command& command);
    /// Enters into the ledger what ExaBGP may have done. False: there is nothing to enter.
    [[nodiscard]] bool enter_uncertain(const Command& command);
    struct Announcer {
        RouteOwner owner;
        RouteWish wish;
    };
    /// Whose routes these are; nullopt: the command changes none.
    [[nodiscard]] std::optional<Announcer> announcer_of(const Command& command) const;
    /// A new command of the client, without its line.
    [[nodiscard]] Command command_of(const ClientSession& session);

    Upstream& upstream_;
    SessionRegistry& sessions_;
    const Config& config_;
    Audit& audit_;
    KeptRoutes& routes_;
    Users& users_;
    CommandId last_command_ = 0;
    CommandId last_answered_ = 0;  // the command that the last line of an answer was for
    bool stopping_ = false;
};

}  // namespace exapulse
