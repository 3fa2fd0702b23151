// SPDX-License-Identifier: BSD-3-Clause
// RouteVerbs: the sidecar verbs about announced routes.
#pragma once

#include <functional>

#include "daemon/clients/client_commands.hpp"
#include "daemon/clients/line_reply.hpp"
#include "daemon/clients/paged_answers.hpp"
#include "daemon/clients/sidecar_question.hpp"
#include "daemon/kept/kept_routes.hpp"

namespace exapulse {

/// They name routes by their numbers in the ledger, and only those that the asker may announce.
/// What changes routes is answered once it is on disk, or once ExaBGP has answered.
class RouteVerbs {
  public:
    /// `on_disk`: whether anything can be kept. All outlive it.
    RouteVerbs(KeptRoutes& routes, ClientCommands& commands, PagedAnswers& paged, bool on_disk)
        : routes_(routes), commands_(commands), paged_(paged), on_disk_(on_disk) {}

    using Question = SidecarQuestion;
    /// `on`, `off`, or the numbers of routes.
    [[nodiscard]] LineReply keep(const Question& question);
    [[nodiscard]] LineReply forget(const Question& question);
    [[nodiscard]] LineReply replay(const Question& question);
    [[nodiscard]] LineReply withdraw(const Question& question);
    /// `done` or `not-done`, and the numbers of uncertain routes; others are passed over.
    [[nodiscard]] LineReply settle(const Question& question);
    [[nodiscard]] LineReply owner(const Question& question);
    [[nodiscard]] LineReply lease(const Question& question);
    [[nodiscard]] LineReply renew(const Question& question);
    [[nodiscard]] LineReply list(const Question& question);

  private:
    /// Changes what the connection's next routes are announced with.
    static void wish(ClientSession& session, const std::function<void(RouteWish&)>& change);
    using Act = void (KeptRoutes::*)(std::span<const RouteNumber>, const KeptRoutes::OnSaved&);
    /// `act` on the routes that are numbered.
    [[nodiscard]] LineReply change(const Question& question, Act act);
    using Order = bool (KeptRoutes::*)(std::span<const RouteNumber>, KeptRoutes::OnOrderEnd);
    [[nodiscard]] LineReply order(const Question& question, Order how);
    /// Calls `act` with the routes that are numbered; it sees to the answer to the command `id`.
    using Answer = std::function<void(std::span<const RouteNumber> numbers, CommandId id)>;
    [[nodiscard]] LineReply on_routes(const Question& question, const Answer& act);
    /// The routes that are numbered, which the client may announce. Empty: `refused` says why.
    [[nodiscard]] std::vector<RouteNumber> routes_in(const Question& question,
                                                     LineReply& refused) const;
    /// Why the asker may not announce this route; empty: it may.
    [[nodiscard]] static std::string denial_of(const LedgerEntry& entry, const Grant& grant);
    [[nodiscard]] std::optional<LineReply> obstacle(std::string_view what) const;

    KeptRoutes& routes_;
    ClientCommands& commands_;
    PagedAnswers& paged_;
    bool on_disk_;
};

}  // namespace exapulse
