// SPDX-License-Identifier: BSD-3-Clause
// AnswerReader: the lines of one answer in, its data and its verdict out. Pure.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "client/exchange/exit_code.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

/// How a command ended.
struct Verdict {
    /// Who says so.
    enum class Source { Exabgp, Exapulsed, Client };

    ExitCode code = ExitCode::Done;
    std::string text{};  // what happened and what to do next, for stderr; empty when done
    Source source = Source::Client;
    std::optional<ErrorCode> error{};  // exapulsed's code, where it is the source
    std::string why{};                 // where the outcome is unknown: what happened, and no advice
};

/// A question to exapulsed: one of its own verbs, of those that change nothing.
[[nodiscard]] bool is_query(std::string_view command);
/// What `verdict` on a command means for a query, which has no outcome to be in doubt about.
[[nodiscard]] Verdict verdict_on_query(const Verdict& verdict);

// Of commands whose answer does not come, as far as the client knows.

[[nodiscard]] Verdict timed_out(std::chrono::milliseconds timeout);
[[nodiscard]] Verdict connection_lost();
/// `why` it is no longer waited for: "interrupted".
[[nodiscard]] Verdict given_up(std::string_view why);
/// It was taken back before ExaBGP saw it, because of `why`.
[[nodiscard]] Verdict withdrawn(std::string_view why);
/// It never left, because of `why`.
[[nodiscard]] Verdict not_sent(std::string_view why);

/// Reads answer after answer. A line that may be the detail of an error is held back until the
/// next one shows whether it is; so stdout gets data, and stderr the reason of a failure.
class AnswerReader {
  public:
    using Data = std::function<void(std::string_view line)>;

    /// Takes one line without its LF. Data lines go to `data`; the terminator gives the verdict,
    /// and the next line then belongs to the next answer.
    [[nodiscard]] std::optional<Verdict> feed(std::string_view line, const Data& data);

  private:
    std::optional<std::string> held_;
};

}  // namespace exapulse::client
