// SPDX-License-Identifier: BSD-3-Clause
// SessionVerbs: ExaBGP's verbs for the state of a connection (acks, sync, groups, reset), which
// ExaBGP keeps once for all users of its channel, kept for each client.
#pragma once

#include <memory>

#include "daemon/clients/client_commands.hpp"
#include "daemon/clients/client_session.hpp"
#include "daemon/clients/line_reply.hpp"
#include "daemon/config/config.hpp"
#include "daemon/exabgp/request.hpp"
#include "daemon/upstream/upstream.hpp"

namespace exapulse {

/// Answers them as an ExaBGP without other clients would. They never change ExaBGP's own state, so
/// no client is affected by the settings of another.
class SessionVerbs {
  public:
    /// All of them outlive it.
    SessionVerbs(const Upstream& upstream, ClientCommands& commands, const Config& config)
        : upstream_(upstream), commands_(commands), config_(config) {}

    /// A line whose treatment is Session.
    [[nodiscard]] LineReply handle(ClientSession& session, const Request& request) const;

    /// Handles a line for ExaBGP from a client with settings of its own: adds it to the client's
    /// group, or sends it, with `sync` if that is on.
    [[nodiscard]] LineReply forward(ClientSession& session,
                                    const std::shared_ptr<const Request>& request) const;

    struct Row {
        std::string_view verb;  ///< as in command_rules
        LineReply (SessionVerbs::*handler)(ClientSession& session) const;
    };
    /// nullptr: no such verb.
    [[nodiscard]] static const Row* find(std::string_view verb);

    /// How routes that the client announces now are to be announced; nullptr: in no special way.
    [[nodiscard]] std::shared_ptr<const RouteWish> wish_of(const ClientSession& session) const;

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
    /// Why the connected ExaBGP does not support `what`; nullopt: it does.
    [[nodiscard]] std::optional<LineReply> obstacle(std::string_view what) const;

    const Upstream& upstream_;
    ClientCommands& commands_;
    const Config& config_;
};

}  // namespace exapulse
