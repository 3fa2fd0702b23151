// SPDX-License-Identifier: BSD-3-Clause
// SidecarVerbs: exapulsed's own verbs, `sidecar ...`, one row each with its handler.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string_view>

#include "daemon/access/users.hpp"
#include "daemon/clients/client_commands.hpp"
#include "daemon/clients/line_reply.hpp"
#include "daemon/clients/paged_answers.hpp"
#include "daemon/clients/past_events.hpp"
#include "daemon/clients/route_verbs.hpp"
#include "daemon/clients/session_registry.hpp"
#include "daemon/clients/sidecar_question.hpp"
#include "daemon/clients/status_report.hpp"
#include "daemon/events/event_log.hpp"
#include "daemon/exabgp/request.hpp"
#include "daemon/kept/kept_routes.hpp"
#include "daemon/recorder/flight_recorder.hpp"

namespace exapulse {

/// A handler decides and acts; whoever called handle() gives the reply.
class SidecarVerbs {
  public:
    /// What they need to see of the daemon as a whole.
    using MakeReport = std::function<StatusReport()>;

    /// All but the last outlive it.
    SidecarVerbs(Upstream& upstream, ClientCommands& commands, PagedAnswers& paged,
                 StoreThread* store, SessionRegistry& sessions, const EventLog& events,
                 const FlightRecorder& recorder, KeptRoutes& routes, Users& users,
                 const Config& config, MakeReport make_report)
        : upstream_(upstream),
          commands_(commands),
          paged_(paged),
          store_(store),
          sessions_(sessions),
          events_(events),
          past_(store, events, config),
          recorder_(recorder),
          routes_(routes, commands, paged, store != nullptr),
          users_(users),
          config_(config),
          make_report_(std::move(make_report)) {}

    using Question = SidecarQuestion;
    struct Row {
        std::string_view verb;    ///< the word after `sidecar`
        Role role;                ///< the least that may use it
        std::size_t least, most;  ///< arguments
        LineReply (SidecarVerbs::*handler)(const Question& question);
        std::string_view help;
    };
    /// Arguments that a verb has no use for are ignored.
    static constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

    /// Sorted by verb.
    [[nodiscard]] static std::span<const Row> rows();
    /// The row of a line that begins with `sidecar`; nullptr: unknown() says what there is.
    [[nodiscard]] static const Row* find(Words line);
    [[nodiscard]] static LineReply unknown(Words line);

    [[nodiscard]] LineReply handle(const Row& row, ClientSession& asker, const Request& request);

    /// The session is sent a snapshot, and from then on the events of `types`.
    void go_live(ClientSession& session, const EventTypes& types);

  private:
    /// Answers a page at a time.
    LineReply answer(const Question& question, PagedAnswers::Fetch fetch,
                     PagedAnswers::GoLive go_live = {});

    template <LineReply (RouteVerbs::*handler)(const Question&)>
    LineReply of_routes(const Question& question) {
        return (routes_.*handler)(question);
    }

    LineReply access(const Question& question);
    LineReply cancel(const Question& question);
    LineReply clients(const Question& question);
    LineReply commands(const Question& question);
    LineReply help(const Question& question);
    LineReply history(const Question& question);
    LineReply kill(const Question& question);
    LineReply peers(const Question& question);
    LineReply recorder(const Question& question);
    LineReply status(const Question& question);
    LineReply subscribe(const Question& question);
    LineReply uptime(const Question& question);
    LineReply version(const Question& question);

    Upstream& upstream_;
    ClientCommands& commands_;
    PagedAnswers& paged_;
    StoreThread* store_;  // nullptr: without history.store
    SessionRegistry& sessions_;
    const EventLog& events_;
    PastEvents past_;
    const FlightRecorder& recorder_;
    RouteVerbs routes_;
    Users& users_;
    const Config& config_;
    MakeReport make_report_;
};

}  // namespace exapulse
