// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/verdicts.hpp"

#include <fmt/format.h>

#include "daemon/exabgp/command_guard.hpp"

namespace exapulse {

namespace {

class Nobody final : public AnswerSink {
    void on_answer_line(const Command&, std::string_view) override {}
    void on_verdict(const Command&, const Verdict&) override {}
};

Nobody nobody;

}  // namespace

void Verdicts::give(const Command& command, bool done) const {
    if (done) listener_.on_done(command);
    command.sink->on_verdict(command, Verdict::of_exabgp(done));
}

void Verdicts::lose(const Command& command, ErrorCode code, std::string_view why) const {
    if (code != ErrorCode::NotSent && code != ErrorCode::Denied)
        listener_.on_answer_lost(command, code, why);
    command.sink->on_verdict(command, Verdict::of_exapulsed(code, why));
}

void Verdicts::lose(const InFlight::Entry& entry, ErrorCode code, std::string_view why) const {
    const bool doubtful =  // which of several terminators is its own?
        entry.joined || (entry.more_came && entry.command.shape == AnswerShape::Terminated);
    if (entry.ended && !doubtful)
        give(entry.command, *entry.ended);
    else if (code == ErrorCode::OutcomeUnknown)
        lose(entry.command, code, fmt::format("{}; {}", why, advice_for(entry.command)));
    else
        lose(entry.command, code, why);
}

void Verdicts::drop_rest(InFlight::Entry& entry, std::string_view why) const {
    const bool reads = only_reads(wire_.rules(), *entry.command.request);
    const Command command = entry.command;
    entry.command.sink = &nobody;
    lose(command, reads ? ErrorCode::Incomplete : ErrorCode::OutcomeUnknown,
         fmt::format("{}; {}", why, advice_for(command)));
}

bool Verdicts::is_dropped(const Command& command) {
    return command.sink == &nobody;
}

void Verdicts::lose_all(ErrorCode code, std::string_view why) const {
    for (const InFlight::Entry& entry : wire_.in_flight().take_commands())
        if (!entry.judged) lose(entry, code, why);
}

void Verdicts::lose_contended(const Command& command) const {
    lose(
        command, ErrorCode::OutcomeUnknown,
        fmt::format("{} writes into ExaBGP's pipe at the same time, and whose answer came can't be "
                    "told; {}; let it use exapulse run instead",
                    wire_.contention().writer(), advice_for(command)));
}

void Verdicts::fail(const InFlight::Entry& entry) const {
    if (is_contended(entry)) {
        lose_contended(entry.command);
    } else if (listener_.shares_answers()) {
        lose(entry.command, ErrorCode::OutcomeUnknown,
             "ExaBGP is done with it, but another program may have taken its answer; "
             "check ExaBGP's state before you repeat it");
    } else {
        lose(entry.command, ErrorCode::ExabgpFailed,
             fmt::format("ExaBGP {} failed while it parsed or executed this line and {}; check its "
                         "values, ExaBGP's log has the reason",
                         wire_.version(),
                         entry.begun ? "did not finish its answer" : "sent no answer"));
    }
}

bool Verdicts::is_contended(const InFlight::Entry& entry) const {
    return entry.crossed || (wire_.contended() && !listener_.sees_visits());
}

std::string_view Verdicts::advice_for(const Command& command) const {
    return only_reads(wire_.rules(), *command.request)
               ? "it changes nothing, so it is safe to repeat"
               : "check ExaBGP's state before you repeat it";
}

}  // namespace exapulse
