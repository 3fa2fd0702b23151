// SPDX-License-Identifier: BSD-3-Clause
// SessionAnswers: keeps one client's answers in the order of its lines. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/commands/command.hpp"

namespace exapulse {

/// A client may send many lines; some are answered later, by ExaBGP, and some at once, by
/// exapulsed. Answers are matched by order, so one that is ready early waits here for those before
/// it. A call takes at most time logarithmic in the number of answers kept.
class SessionAnswers {
  public:
    /// A place for the answer of a command that went to the queue.
    /// `bytes` is the length of its line; `id` is higher than all before. Without `acks` the client
    /// gets its data only: no terminator, and no line that begins with `error: `.
    void expect(CommandId id, std::size_t bytes, bool acks = true);
    /// A whole answer, its terminator included, of exapulsed's own.
    void add(std::string text);

    /// Adds text to the answer to `id`. Returns what may be sent to the client now.
    [[nodiscard]] std::string append(CommandId id, std::string_view text);
    /// The same, and completes the answer.
    [[nodiscard]] std::string finish(CommandId id, std::string_view text);
    /// The same for every incomplete answer.
    [[nodiscard]] std::string finish_all(std::string_view text);
    /// What may be sent after add().
    [[nodiscard]] std::string take_ready();

    /// The number of answers that are incomplete or may not be sent yet.
    [[nodiscard]] std::size_t size() const { return slots_.size() - head_; }
    /// Bytes of the lines whose answers are incomplete, and of the answers that wait here.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] bool empty() const { return head_ == slots_.size(); }
    /// The memory used here; the lines themselves are kept elsewhere.
    [[nodiscard]] std::size_t memory() const { return text_ + slots_.capacity() * sizeof(Slot); }

  private:
    struct Slot {
        CommandId id;
        std::size_t bytes;  // of the line
        std::string text;
        bool complete;
        bool acks;
    };
    void keep(Slot slot);
    Slot* find(CommandId id);

    // From head_ on. An answer by exapulsed has the id of the command before it, so that the ids
    // never decrease.
    std::vector<Slot> slots_;
    std::size_t head_ = 0;
    CommandId last_id_ = 0;
    std::size_t bytes_ = 0;
    std::size_t text_ = 0;  // bytes of answers among them
};

}  // namespace exapulse
