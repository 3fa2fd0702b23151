// SPDX-License-Identifier: BSD-3-Clause
// ChargedRequest: a client's line, for whose memory its user is charged. Pure.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "daemon/clients/user_account.hpp"
#include "daemon/commands/command.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// One allocation for the request and the charge, which last equally long: until the command that
/// it may become has its verdict.
class ChargedRequest final : public Request {
  public:
    ChargedRequest(std::string_view text, std::shared_ptr<UserAccount> account)
        : Request(text), charge_(std::move(account), sizeof(Command) + sizeof *this + memory()) {}

  private:
    Charge charge_;
};

}  // namespace exapulse
