// SPDX-License-Identifier: BSD-3-Clause
// DialogueStage: an UpstreamDialogue whose ExaBGP, clients and clock are the test.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "daemon/upstream/dialogue/upstream_dialogue.hpp"
#include "tests/support/harness/manual_clock.hpp"

namespace exapulse::test {

using Lines = std::vector<std::string>;

/// All that 4.2 and 5.0 answer to a summary of no peers.
inline const std::string summary =
    "Peer            AS        up/down state       |     #sent     #recvd";

/// A dialogue whose far end is the test: `heard` is what ExaBGP reads, `told` what clients and the
/// health monitor are told.
class DialogueStage : UpstreamDialogue::Listener, AnswerSink {
  public:
    explicit DialogueStage(std::size_t in_flight = 1, bool confirm = false)
        : dialogue(
              queue, *this, contention,
              {std::chrono::seconds(5), std::chrono::seconds(30), in_flight, {}, confirm},
              "client-uuid 1700000000", [this] { return fmt::format("T{}", ++tokens); },
              clock.steady()) {}

    /// Connected to ExaBGP 6, resynchronised and settled.
    void get_ready() {
        dialogue.on_connected(clock.steady());
        say({echo(), "error", "done", "done", R"({"error": "not in group block"})", "error",
             R"({"version": "6.0.0"})", "done"});
        // Where it matters, two fences in one write come next.
        if (!dialogue.ready()) say({echo(1), "error", echo(), "error"});
        REQUIRE(dialogue.ready());
        heard.clear();
        told.clear();
        recorded.clear();
    }
    /// The same with ExaBGP 4.2 or 5.0, from the first probe over the quiet to the second.
    void get_ready_on_pipes(const std::string& version = "4.2.21") {
        dialogue.on_connected(clock.steady());
        say({"exabgp " + version, "done"});
        pass(QuietProtocol::quiet_when_fresh);
        say({"exabgp " + version, "done"});
        REQUIRE(dialogue.ready());
        heard.clear();
        told.clear();
        recorded.clear();
    }
    /// The echo of the last fence written, or of an earlier one.
    [[nodiscard]] std::string echo(int before_it = 0) const {
        return fmt::format(R"({{"error": "Invalid version: T{}"}})", tokens - before_it);
    }
    [[nodiscard]] std::string fence(int before_it = 0) const {
        return fmt::format("system api version T{}", tokens - before_it);
    }
    void pump() { dialogue.pump(clock.steady()); }
    void say(const Lines& lines) {
        for (const std::string& line : lines) dialogue.on_line(line, clock.steady());
        dialogue.pump(clock.steady());
    }
    void ask(SessionId owner, CommandId id, const std::string& line,
             AnswerShape shape = AnswerShape::Terminated, AnswerSink* sink = nullptr) {
        Command command = command_of(owner, id);
        if (sink != nullptr) command.sink = sink;
        command.request = std::make_shared<const Request>(line);
        command.shape = shape;
        queue.push(std::move(command));
        dialogue.pump(clock.steady());
    }
    /// A command of another user's that waits for its turn.
    void push(SessionId owner, CommandId id, const std::string& line, UserId user) {
        Command command = command_of(owner, id);
        command.request = std::make_shared<const Request>(line);
        command.user = user;
        queue.push(std::move(command));
    }
    /// The first question for a snapshot of the peers that a client asks for.
    Command question_of(SessionId owner, CommandId id) {
        Command question = PeerWatch::question_of(command_of(owner, id), clock.steady());
        question.sink = this;
        return question;
    }
    void ask_for_peers(SessionId owner, CommandId id) {
        queue.push(question_of(owner, id));
        dialogue.pump(clock.steady());
    }
    /// Puts exapulsed's own question about the peers, which is due, into the queue.
    void ask_when_due() {
        Command question = peers.due(clock.steady()).value();
        question.sink = this;
        queue.push(std::move(question));
    }
    /// Lets time pass, with a tick at each deadline on the way, as the shell does.
    void pass(Milliseconds time) {
        const TimePoint end = clock.steady() + time;
        for (;;) {
            auto next = dialogue.next_deadline();
            if (const auto over = contention.next_tick(); over && (!next || *over < *next))
                next = over;
            if (!next || *next > end) break;
            if (*next > clock.steady())
                clock.advance(std::chrono::ceil<Milliseconds>(*next - clock.steady()));
            contention.on_tick(clock.steady());
            dialogue.on_tick(clock.steady());
        }
        clock.advance(std::chrono::ceil<Milliseconds>(end - clock.steady()));
    }
    void visit(bool wrote = true) {
        dialogue.on_visit(wrote);
        if (wrote) contention.on_write("bash (pid 12)", clock.now());
    }
    void ping() { dialogue.ping(clock.steady()); }
    void close(std::uint64_t unsent = 0) {
        dialogue.on_closed("closed by ExaBGP", unsent, clock.steady());
        peers.on_closed();
    }
    /// What was told since the last call.
    Lines news() { return std::exchange(told, {}); }
    Lines writes() { return std::exchange(heard, {}); }

    /// How many of the last bytes written have not left, and can still be taken back.
    std::uint64_t stuck = 0;

    /// Another program reads the answers.
    bool thief = false;

    /// Whether visits of other programs are seen.
    bool sees = true;

    test::ManualClock clock;
    CommandQueue queue;
    int tokens = 0;
    int writings = 0;  // calls of on_write(), of one or more lines each
    Lines heard, told, remarks;
    Lines recorded;  // what a flight recorder is told
    PeerWatch peers{std::chrono::seconds(5)};
    std::vector<std::string> unguarded;
    std::string reason;  // of the last verdict of exapulsed's own
    Dialect dialect = Dialect::V6;
    Contention contention;
    UpstreamDialogue dialogue;

  private:
    Command command_of(SessionId owner, CommandId id) {
        Command command;
        command.id = id;
        command.owner = owner;
        command.queued_at = clock.steady();
        command.sink = this;
        return command;
    }
    void on_write(std::string_view bytes) override {
        REQUIRE(bytes.ends_with('\n'));
        ++writings;
        if (!rules_of(dialect).in_order) {  // lines that belong together, as one
            heard.emplace_back(bytes.substr(0, bytes.size() - 1));
            return;
        }
        for (std::string_view rest = bytes; !rest.empty();) {
            const auto end = rest.find('\n');
            heard.emplace_back(rest.substr(0, end));
            rest.remove_prefix(end + 1);
        }
    }
    void on_line_written(std::string_view line, const Command* command, TimePoint) override {
        recorded.push_back(
            fmt::format("> {}{}", command == nullptr ? "" : owner_of(*command), line));
    }
    void on_line_matched(const Command& command) override {
        recorded.push_back(fmt::format("< {}", owner_of(command)));
    }
    void on_answer_lost(const Command& command, ErrorCode code, std::string_view) override {
        recorded.push_back(fmt::format("* {}{}", owner_of(command), name_of(code)));
    }
    static std::string owner_of(const Command& command) {
        return fmt::format("{}/{} ", command.owner, command.id);
    }
    PeerWatch::Admission on_admit(Command& command, const DialectRules& rules,
                                  TimePoint now) override {
        auto admission = peers.admit(command, rules, unguarded, now);
        if (admission.question) admission.question->sink = this;
        return admission;
    }
    // Questions about peers are answered as Upstream does it.
    void on_peers_answer(const Command& question, bool ok) {
        auto outcome = peers.on_answer(question, rules_of(dialect), ok, clock.now());
        for (const Event& event : outcome.events)
            told.push_back(fmt::format("{}{}", name_of(event.type),
                                       event.peer ? " " + event.peer->address : ""));
        if (outcome.next) queue.put_back(*outcome.next);
        if (!outcome.ok) told.emplace_back("peers unknown");
    }
    void on_answer_line(const Command& command, std::string_view line) override {
        if (command.peers) {
            peers.on_line(command, line);
            return;
        }
        told.push_back(fmt::format("{}: {}", command.id, line));
    }
    void on_done(const Command& command) override {
        if (!command.peers) peers.on_done(*command.request);
    }
    void on_verdict(const Command& command, const Verdict& verdict) override {
        if (verdict.lost)
            on_lost(command, *verdict.lost, verdict.why);
        else if (command.peers)
            on_peers_answer(command, verdict.done);
        else
            told.push_back(fmt::format("{}: {}", command.id, verdict.done ? "DONE" : "ERROR"));
    }
    void on_lost(const Command& command, ErrorCode code, std::string_view why) {
        REQUIRE_FALSE(why.empty());
        reason = why;
        // Clients add nothing: the text itself says what to do next.
        const bool advises = reason.find("safe to repeat") != std::string::npos;
        if (code == ErrorCode::NotSent) CHECK_MESSAGE(advises, reason);
        if (code == ErrorCode::OutcomeUnknown)
            CHECK_MESSAGE((advises || reason.find("before you repeat it") != std::string::npos),
                          reason);
        if (command.peers) peers.on_answer_lost(command);
        told.push_back(fmt::format("{}: {}", command.id, name_of(code)));
    }
    void on_pong(const reply::Pong& pong,
                 std::optional<std::chrono::microseconds> latency) override {
        told.push_back(fmt::format("pong {}{}", pong.uuid, latency ? "" : " late"));
    }
    void on_ready(Dialect spoken, const std::string& version) override {
        dialect = spoken;
        told.push_back(fmt::format("ready {} {}", name_of(spoken), version));
    }
    bool on_take_back(std::uint64_t bytes) override {
        if (bytes > stuck) return false;
        stuck -= bytes;
        heard.pop_back();
        return true;
    }
    [[nodiscard]] std::uint64_t unsent() const override { return stuck; }
    void on_answer_missing(const Command& command) override {
        told.push_back(fmt::format("{}: missing", command.id));
    }
    [[nodiscard]] bool shares_answers() override { return thief; }
    [[nodiscard]] bool sees_visits() const override { return sees; }
    void on_stray_answer() override {
        told.emplace_back("stray");
        contention.on_write("", clock.now());
    }
    void on_shutdown(const std::string& pid) override {
        told.push_back(fmt::format("shutdown {}", pid));
    }
    void on_unusable(std::string_view why) override {
        REQUIRE_FALSE(why.empty());
        told.emplace_back("unusable");
    }
    void on_remark(std::string_view text) override { remarks.emplace_back(text); }
};

}  // namespace exapulse::test
