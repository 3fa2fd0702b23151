// SPDX-License-Identifier: BSD-3-Clause
// HoldState: what `exapulse hold` sends to exapulsed, and when. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "client/exchange/answer.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/hold/held_line.hpp"

namespace exapulse::client {

struct HoldPlan {
    std::vector<std::string>
        settings;  // commands to exapulsed before all others; the last: a lease
    std::chrono::milliseconds ttl{15'000};
    std::vector<std::string> up;         // announced while all is well
    std::vector<std::string> down;       // announced while it is not, instead of what it replaces
    std::uint32_t uid = 0;               // who does so
    std::optional<std::string> owner{};  // the name beside the user's
};

/// What is to be announced.
enum class HoldGoal {
    Undecided,  ///< nothing yet, and nothing is withdrawn
    Up,
    Down,
    Ended  ///< nothing; what is announced is withdrawn, once
};

struct HoldNotice {
    enum class Kind {
        Reached,  ///< ExaBGP has what is to be announced, and no more
        Trouble   ///< something is in the way; `text` says what, and what happens next
    };
    Kind kind = Kind::Trouble;
    std::string text{};
    HoldGoal goal = HoldGoal::Undecided;  // that was reached
    std::size_t routes = 0;               // that are announced
    std::size_t before = 0;               // that were, when a goal was reached before
    bool again = false;                   // as it was before the trouble
};

/// Knows what ExaBGP may have of the routes, over every connection to exapulsed that is lost. What
/// a hold before this one has left, whose lease is not over yet, is withdrawn as its own is.
/// Whoever owns it writes the lines of next() and passes on the answers, in order.
class HoldState {
  public:
    using Time = std::chrono::steady_clock::time_point;

    /// Commands that wait for an answer, at most; renewals wait for none.
    static constexpr std::size_t window = 256;
    /// Until what ExaBGP could not be sent is tried again; the first pause, and the longest.
    static constexpr std::chrono::milliseconds first_pause{100};
    static constexpr std::chrono::milliseconds longest_pause{1'000};
    /// A renewal may fail twice, and the third one still comes in time.
    static constexpr int renewals_in_ttl = 3;

    explicit HoldState(HoldPlan plan);

    void set_goal(HoldGoal goal);
    [[nodiscard]] HoldGoal goal() const { return goal_; }

    void attached() { attached_ = true; }
    /// There is no connection, because of `why`; may be called again while there is none.
    void lost(const std::string& why);

    /// What is to be sent now; nullopt: nothing. Only while attached.
    [[nodiscard]] std::optional<std::string> next(Time now);
    /// A line of the answer that comes next.
    void data(std::string_view line);
    /// The end of that answer.
    void answered(const Verdict& verdict, Time now);
    /// When next() may have something although nothing happened.
    [[nodiscard]] std::optional<Time> due(Time now) const;

    /// What has happened since the last call.
    [[nodiscard]] std::vector<HoldNotice> take_notices();

    /// It has ended: nothing is sent or awaited any more.
    [[nodiscard]] bool finished() const;
    /// What to exit with then.
    [[nodiscard]] ExitCode exit_code() const { return exit_code_; }
    /// Something may still be announced, which exapulsed withdraws.
    [[nodiscard]] bool leaves_routes() const { return leaves_routes_; }

  private:
    enum class Kind { Setting, Renew, Status, Search, Announce, Withdraw };
    struct Step {
        Kind kind;
        std::size_t route = 0;   // of Announce and Withdraw
        bool was_there = false;  // of Announce
        Time sent{};
    };
    struct Route {
        std::string line;
        std::string withdrawal;
        HoldGoal when;                   // Up or Down
        std::size_t count;               // of routes in the line
        std::vector<std::size_t> twins;  // of the other goal, which replace it and are replaced
        bool there = false;              // ExaBGP may have it from this line
        bool inherited = true;           // or from a hold before this one
        bool fresh = false;              // it has it, under the lease of this connection
        bool refused = false;            // the last time
        bool busy = false;               // its step is under way
        std::optional<Time> not_before{};
    };
    enum class Outcome { Done, Again, Later, Refused };

    void add(const std::vector<std::string>& lines, HoldGoal when);
    void link_twins();
    [[nodiscard]] static Outcome outcome_of(const Verdict& verdict);

    [[nodiscard]] bool wanted(const Route& route) const { return route.when == goal_; }
    [[nodiscard]] Route* first_to_withdraw();
    [[nodiscard]] bool withdrawing() const;
    [[nodiscard]] bool replaced(const Route& route) const;
    [[nodiscard]] bool to_search(const Route& route) const;
    [[nodiscard]] bool has_to_search() const;
    [[nodiscard]] bool to_withdraw(const Route& route) const;
    [[nodiscard]] bool to_announce(const Route& route, Time now) const;
    [[nodiscard]] std::string send(Step step, std::string line);
    [[nodiscard]] std::optional<std::string> next_setting(Time now);
    [[nodiscard]] std::optional<std::string> next_of_routes(Time now);
    [[nodiscard]] std::optional<std::string> ask_status();
    [[nodiscard]] std::optional<std::string> search();
    void find(std::string_view line);
    [[nodiscard]] std::string send_of(Route& route, Kind kind);
    [[nodiscard]] bool paused(Time now) const;

    void on_setting(const Step& step, const Verdict& verdict, Time now);
    void on_renewed(const Step& step, const Verdict& verdict, Time now);
    void on_status(const Verdict& verdict, Time now);
    void on_searched(const Verdict& verdict, Time now);
    void on_announced(const Step& step, const Verdict& verdict, Time now);
    void on_refused(Route& route, const Verdict& verdict, Time now);
    void on_withdrawn(const Step& step, const Verdict& verdict, Time now);
    void on_progress();
    void announce_anew(const std::string& why);
    /// `why` may be empty: it is not worth a report.
    void pause(const std::string& why, Time now);
    void report_away(const std::string& why);
    void give_up(const Verdict& verdict);
    void abandon(ExitCode code);
    void leave(ExitCode code);
    void report(std::string trouble);
    void report_reached();

    HoldPlan plan_;
    std::vector<Route> routes_;
    HoldGoal goal_ = HoldGoal::Undecided;
    std::deque<Step> steps_;  // sent, oldest first
    bool attached_ = false;
    std::size_t settings_sent_ = 0;
    std::size_t settings_done_ = 0;
    std::optional<Time> renewed_at_;  // the last renewal that was granted was sent; or the lease
    std::optional<Time> renew_at_;    // nullopt: there is no lease
    std::optional<std::string> dialect_;  // of the ExaBGP that is up
    std::string status_;                  // the answer to the question for it
    /// A search for what a hold before this one has left.
    struct Search {
        HoldGoal goal;
        std::map<HeldRoute, std::size_t> unwanted{};
        std::set<HeldRoute> wanted{};       // announcing them takes them over
        std::set<HeldRoute> left{};         // by a hold before this one
        std::set<std::string> of_others{};  // NLRIs
    };
    [[nodiscard]] static std::set<std::size_t> found_in(const Search& search);
    std::optional<Search> search_;
    /// Nothing is to be withdrawn, and no route before this one to be announced; nullopt: unknown.
    std::optional<std::size_t> scanned_;
    std::size_t busy_ = 0;            // routes
    std::optional<Time> not_before_;  // ExaBGP could not be sent anything
    std::chrono::milliseconds pause_ = first_pause;
    bool away_reported_ = false;     // that there is no lease, since exapulsed is away or busy
    bool trouble_reported_ = false;  // that ExaBGP takes nothing
    bool reached_once_ = false;
    struct Reached {
        HoldGoal goal;
        std::size_t routes;
    };
    std::optional<Reached> reached_;  // as reported
    bool again_ = false;              // it is to be reported although it is the same
    bool leaves_routes_ = false;
    ExitCode exit_code_ = ExitCode::Done;
    std::vector<HoldNotice> notices_;
};

}  // namespace exapulse::client
