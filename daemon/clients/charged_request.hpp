// SPDX-License-Identifier: BSD-3-Clause
// ChargedRequest: a client's line, who sent it, and what its user is charged for its memory. Pure.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "daemon/clients/peer_credentials.hpp"
#include "daemon/clients/user_account.hpp"
#include "daemon/commands/command.hpp"
#include "daemon/exabgp/request.hpp"
#include "daemon/routes/route_wish.hpp"

namespace exapulse {

/// One allocation for the request and the charge, which last equally long: until the command that
/// it may become has its verdict.
class ChargedRequest final : public Request {
  public:
    ChargedRequest(std::string_view text, AccountRef account, SessionId session,
                   const PeerCredentials& peer, std::shared_ptr<const RouteWish> wish)
        : Request(text),
          charge_(std::move(account), sizeof(Command) + sizeof *this + memory()),
          session_(session),
          peer_(peer),
          wish_(std::move(wish)) {}

    [[nodiscard]] SessionId session() const { return session_; }
    [[nodiscard]] const PeerCredentials& peer() const { return peer_; }
    /// How the routes that it announces are to be announced; nullptr: in no special way.
    [[nodiscard]] const std::shared_ptr<const RouteWish>& wish() const { return wish_; }

  private:
    Charge charge_;
    SessionId session_;
    PeerCredentials peer_;
    std::shared_ptr<const RouteWish> wish_;
};

}  // namespace exapulse
