// SPDX-License-Identifier: BSD-3-Clause
// CommandExchange: commands in, bytes for exapulsed out; its bytes in, data and verdicts out. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "client/exchange/answer.hpp"
#include "client/exchange/speller.hpp"
#include "common/line_framer.hpp"

namespace exapulse::client {

struct Command {
    std::string text;      // as given, without its LF
    std::size_t line = 0;  // where in the input it stood, 1 is the first; 0: not from a file
    std::string sent{};    // what was sent for it, where the speller wanted that otherwise
};

/// Keeps commands and answers in step. At most `window` commands are with exapulsed at a time, so
/// that some always wait while exapulsed has as many as it may have in ExaBGP's hands; and a single
/// one until the first answer came: a connection that is refused takes down one command whose fate
/// must be told, not all of them. After a command that exapulsed could not send, nothing follows
/// until those with exapulsed have ended, for they wait for ExaBGP just as long; then, as before
/// ExaBGP has taken the first, at most `refused_window`; see window_refused(). Every command gets
/// one verdict, in order, unless give_up() found it still unsent. The speller's question is asked
/// in between, and what comes after it waits for the answer.
class CommandExchange {
  public:
    static constexpr std::size_t window = 256;
    static constexpr std::size_t refused_window = 64;
    static constexpr std::size_t longest_answer_line = 64U << 20;

    using OnVerdict = std::function<void(const Command&, const Verdict&)>;

    /// `on_verdict` gets an empty Command when exapulsed refuses the connection itself.
    CommandExchange(AnswerReader::Data on_data, OnVerdict on_verdict, Speller speller = {},
                    std::size_t most = window);
    CommandExchange(const CommandExchange&) = delete;
    CommandExchange& operator=(const CommandExchange&) = delete;

    void add(Command command);

    /// One that is not to be sent, because of `why`; its verdict keeps its place among the others.
    void add_refused(Command command, Verdict why);

    /// Sends nothing more; what is with exapulsed still gets its verdict.
    void stop() { stopped_ = true; }
    [[nodiscard]] bool stopped() const { return stopped_; }

    /// True when every command added is with exapulsed already, and another could follow.
    [[nodiscard]] bool wants_more() const;

    /// True while a verdict is due.
    [[nodiscard]] bool waiting() const { return !sent_.empty(); }

    /// What is to be written next; valid until the next call of a non-const member.
    [[nodiscard]] std::string_view outgoing() const;
    void wrote(std::size_t bytes);

    /// Takes what exapulsed sent. Throws std::length_error on a line beyond longest_answer_line.
    void feed(std::string_view bytes);

    /// No more answers come: commands that left whole get `verdict`. One of which exapulsed can't
    /// have the end, and all behind it, did not reach ExaBGP; first_unsent() names it.
    void give_up(const Verdict& verdict);

    /// Waits no longer, because of `why`, and takes back what ExaBGP has not seen yet: exapulsed is
    /// told to. Verdicts still come, `in_doubt` for what ExaBGP has already. False where a line is
    /// half written: nothing can be said then, and give_up() is left.
    [[nodiscard]] bool withdraw(std::string_view why, const Verdict& in_doubt);

    /// ExaBGP took none of the last `refused_window` commands that exapulsed had: it is
    /// unreachable.
    [[nodiscard]] bool window_refused() const { return unsent_in_a_row_ >= refused_window; }

    /// The line of the first command that is not with exapulsed.
    [[nodiscard]] std::optional<std::size_t> first_unsent() const;

  private:
    struct Pending {
        Command command;
        std::optional<Verdict> refused{};
    };
    struct Sent {
        std::optional<Pending> what;  // nullopt: the speller's question, or that of withdraw()
        std::uint64_t end;            // its LF, counted in bytes of the connection
    };

    void fill();
    [[nodiscard]] bool has_room() const;
    void send(std::string_view text, std::optional<Pending> what);
    void tell_refused();
    void on_data(std::string_view line);
    void on_line(std::string_view line);
    void on_question_ended(const Verdict& verdict);
    void count_unsent(const Verdict& verdict);
    void tell(const Command& command, const Verdict& verdict);
    [[nodiscard]] Verdict final_verdict(const Verdict& verdict) const;
    [[nodiscard]] bool question_is_next() const { return !sent_.empty() && !sent_.front().what; }

    AnswerReader::Data on_data_;
    OnVerdict on_verdict_;
    Speller speller_;
    std::size_t most_;
    bool stopped_ = false;
    struct Withdrawal {
        std::string why;
        Verdict in_doubt;
    };
    std::optional<Withdrawal> withdrawal_;
    std::string question_answer_;
    bool asking_ = false;
    LineFramer framer_{longest_answer_line};
    AnswerReader answer_;
    std::deque<Pending> pending_;
    std::deque<Sent> sent_;
    std::string out_;
    std::size_t out_written_ = 0;
    std::uint64_t queued_ = 0;   // bytes ever put into out_
    std::uint64_t written_ = 0;  // of them, those the kernel has
    bool answered_ = false;
    std::size_t unsent_in_a_row_ = 0;
    bool reachable_ = false;  // ExaBGP took the last command that has ended
};

}  // namespace exapulse::client
