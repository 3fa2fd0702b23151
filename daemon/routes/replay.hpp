// SPDX-License-Identifier: BSD-3-Clause
// Replay: announces to a new ExaBGP what the ledger keeps, and withdraws what has no lease any
// more. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/routes/ledger.hpp"

namespace exapulse {

/// In the order of announcement, a limited number of routes at a time, each read from the ledger
/// when it is sent: what a client has withdrawn by then is not announced. Routes that follow each
/// other and have equal attributes travel in one command; if ExaBGP refuses that, each goes alone.
/// Clients' commands go on meanwhile. Where one of them about a route has ended between the sending
/// of that route and its answer, it is not certain which of the two ExaBGP carried out last: then
/// the route is withdrawn, and what the ledger says of it by then is sent after that.
class Replay {
  public:
    /// `ledger` outlives it.
    explicit Replay(const Ledger& ledger) : ledger_(ledger) {}
    /// Commands that follow the last kept route of each replay, such as an end-of-RIB.
    void set_closing(std::vector<std::string> lines) { closing_ = std::move(lines); }
    /// At most so many routes in one command, 1 or more.
    void set_batch(std::size_t routes) { batch_ = routes; }

    /// ExaBGP has nothing of what is kept: from the first route on. What is on its way is not
    /// waited for any longer.
    void begin(const Moment& now);
    /// Ends it as it is. What the ledger is ending is withdrawn from the beginning, since it may be
    /// the same ExaBGP after all.
    void stop();
    /// ExaBGP is to withdraw this route, which the ledger is ending.
    void withdraw(RouteNumber number);
    /// ExaBGP is to get this entry, which stands, once more.
    void send_again(RouteNumber number) { numbers_.push_back(number); }

    struct Step {
        std::uint64_t id = 0;  ///< never used again
        std::string line{};
    };
    /// The next command to send; nullopt: none now, because nothing is left, or `most` routes or
    /// more are on their way. ExaBGP gets them in this order.
    [[nodiscard]] std::optional<Step> next(std::size_t most);

    enum class Answer {
        Done,
        Refused,
        NotSent,
        Unknown,  ///< written, and not answered; after `most_tries` of them it counts as refused
    };
    /// What is certain of an entry of the ledger.
    struct Settled {
        enum class How {
            Announced,
            Refused,
            Withdrawn,  ///< it is to be removed from the ledger
        };
        RouteNumber number;
        How how;
    };
    /// Of each step once. Does nothing for those before the last begin().
    [[nodiscard]] std::vector<Settled> on_answer(std::uint64_t id, Answer answer,
                                                 const std::string& why);
    /// Something about this route is on its way, or follows from what was.
    [[nodiscard]] bool is_busy_with(const std::string& nlri) const;
    /// Nothing is to be sent or answered, except what is kept.
    [[nodiscard]] bool idle() const { return sent_.empty() && again_.empty() && numbers_.empty(); }
    static constexpr int most_tries = 3;

    [[nodiscard]] bool active() const { return began_.has_value(); }
    /// All was sent and answered, withdrawals as well: take_result() ends it.
    [[nodiscard]] bool complete() const;

    struct Result {
        std::size_t routes = 0;              ///< that ExaBGP has taken
        std::size_t refused = 0;             ///< that it has not
        std::vector<std::string> reasons{};  ///< of the first of those, each with its command
        Milliseconds took{};
    };
    static constexpr std::size_t most_reasons = 100;
    [[nodiscard]] Result take_result(const Moment& now);
    /// How many routes were kept when it began, and how many of them ExaBGP has answered.
    [[nodiscard]] std::size_t total() const { return total_; }
    [[nodiscard]] std::size_t answered() const { return result_.routes + result_.refused; }

  private:
    /// One route of a command, as if it were the only one; without an NLRI one of closing_.
    struct Sent {
        std::string nlri, line;
        RouteNumber entry = 0;                  // of the ledger, whose line it is; 0: of none
        bool correction = false;                // a withdrawal of what may have come too late
        RouteNumber ends = 0;                   // as the withdrawal of this route; 0: of none
        std::vector<RouteNumber> at_sending{};  // of the NLRI
    };
    /// A route that is to be sent once more as the ledger then has it, `withdrawal` before that.
    struct Again {
        std::string nlri, withdrawal;
        RouteNumber ends = 0;
    };
    [[nodiscard]] std::optional<Step> next_again();
    using Routes = std::vector<Sent>;  // of one command
    [[nodiscard]] Step send(RouteNumber number);
    [[nodiscard]] Step send(Sent sent);
    [[nodiscard]] Step send(std::string line, Routes routes);
    /// The kept route after last_, with those after it that fit into one command.
    [[nodiscard]] Step send_batch(const LedgerEntry& first);
    [[nodiscard]] Sent sent_of(RouteNumber number) const;
    [[nodiscard]] std::optional<Settled> settle(const Sent& sent, Answer answer,
                                                const std::string& why);
    void send_again(const Sent& sent, bool overtaken);
    void count(RouteNumber number, const std::string& line, Answer answer, const std::string& why);
    [[nodiscard]] Ledger::Entries::const_iterator next_kept() const;
    [[nodiscard]] std::optional<Step> next_closing();

    const Ledger& ledger_;
    std::optional<TimePoint> began_;
    RouteNumber last_ = 0;                  // sent, in the order of the ledger
    std::uint64_t last_id_ = 0;             // of all that were ever sent
    std::map<std::uint64_t, Routes> sent_;  // and not answered
    std::size_t on_their_way_ = 0;          // routes of sent_
    std::size_t batch_ = 1;
    std::vector<std::string> closing_;
    std::size_t closed_ = 0;  // so many of closing_ were sent
    std::deque<Again> again_;
    std::deque<RouteNumber> numbers_;        // to be sent once more, before all others
    std::map<std::string, int> unanswered_;  // how often, by line
    std::set<RouteNumber> counted_;
    std::size_t total_ = 0;
    Result result_;
};

}  // namespace exapulse
