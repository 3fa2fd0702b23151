// SPDX-License-Identifier: BSD-3-Clause
// SessionVerbs: ExaBGP's verbs for one's own connection (acks, sync, groups, reset), which for
// ExaBGP are those of everybody on its channel.
#pragma once

#include <memory>

#include "daemon/clients/client_commands.hpp"
#include "daemon/clients/client_session.hpp"
#include "daemon/clients/line_reply.hpp"
#include "daemon/config/config.hpp"
#include "daemon/exabgp/request.hpp"
#include "daemon/upstream/upstream.hpp"

namespace exapulse {

/// Answers them as an ExaBGP does that has no other client. Nothing of it changes ExaBGP's own
/// state, so that no client sees what another has set.
class SessionVerbs {
  public:
    /// All of them outlive it.
    SessionVerbs(const Upstream& upstream, ClientCommands& commands, const Config& config)
        : upstream_(upstream), commands_(commands), config_(config) {}

    /// A line whose treatment is Session.
    [[nodiscard]] LineReply handle(ClientSession& session, const Request& request) const;

    /// A line for ExaBGP from a client that has set something for itself: gathered for its group,
    /// or sent as `sync` wants it.
    [[nodiscard]] LineReply forward(ClientSession& session,
                                    const std::shared_ptr<const Request>& request) const;

    struct Row {
        std::string_view verb;  ///< as in command_rules
        LineReply (SessionVerbs::*handler)(ClientSession& session) const;
    };
    /// nullptr: no such verb.
    [[nodiscard]] static const Row* find(std::string_view verb);

  private:
    LineReply acks_on(ClientSession& session) const;
    LineReply acks_off(ClientSession& session) const;
    LineReply silence(ClientSession& session) const;
    LineReply sync_on(ClientSession& session) const;
    LineReply sync_off(ClientSession& session) const;
    LineReply start_group(ClientSession& session) const;
    LineReply end_group(ClientSession& session) const;
    LineReply reset(ClientSession& session) const;

    [[nodiscard]] LineReply gather(ClientSession& session, const Request& request) const;
    /// Why the ExaBGP at hand can't do `what`; nullopt: it can.
    [[nodiscard]] std::optional<LineReply> obstacle(std::string_view what) const;

    const Upstream& upstream_;
    ClientCommands& commands_;
    const Config& config_;
};

}  // namespace exapulse
