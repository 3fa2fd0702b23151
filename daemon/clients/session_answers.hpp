// SPDX-License-Identifier: BSD-3-Clause
// SessionAnswers: keeps one client's answers in the order of its lines. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "daemon/commands/command.hpp"

namespace exapulse {

/// A client may send line after line; some are answered by ExaBGP, later, and some by exapulsed,
/// at once. Answers count by position, so one that is ready early waits here for those before it.
/// What a call costs does not grow with the number of answers kept.
class SessionAnswers {
  public:
    /// A place for the answer of a command that went to the queue.
    /// `bytes` is the length of its line.
    void expect(CommandId id, std::size_t bytes);
    /// A whole answer, its terminator included, of exapulsed's own.
    void add(std::string text);

    /// More text of the answer to `id`. Returns what may be sent to the client now.
    [[nodiscard]] std::string append(CommandId id, std::string_view text);
    /// The same, and the answer is complete with it.
    [[nodiscard]] std::string finish(CommandId id, std::string_view text);
    /// The same for every answer that is not complete.
    [[nodiscard]] std::string finish_all(std::string_view text);
    /// What may be sent after add().
    [[nodiscard]] std::string take_ready();

    /// Answers not complete, or complete but not to be sent yet.
    [[nodiscard]] std::size_t size() const { return slots_.size(); }
    /// Bytes of the lines whose answers are not complete, and of answers that wait here.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] bool empty() const { return slots_.empty(); }
    /// What is kept here takes so much memory; the lines themselves are kept elsewhere.
    [[nodiscard]] std::size_t memory() const { return text_ + slots_.size() * sizeof(Slot); }

  private:
    struct Slot {
        CommandId id;       // 0: exapulsed's own
        std::size_t bytes;  // of the line
        std::string text;
        bool complete;
    };
    Slot* find(CommandId id);

    std::deque<Slot> slots_;
    std::uint64_t gone_ = 0;                               // slots taken out at the front so far
    std::unordered_map<CommandId, std::uint64_t> places_;  // of the incomplete ones, from gone_ on
    std::size_t bytes_ = 0;
    std::size_t text_ = 0;  // bytes of answers among them
};

}  // namespace exapulse
