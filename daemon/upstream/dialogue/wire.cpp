// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/wire.hpp"

#include <algorithm>
#include <cassert>
#include <variant>

#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

/// ExaBGP writes the echo and its terminator in one turn of its loop, so this long is plenty.
constexpr Milliseconds echo_grace{250};

}  // namespace

Wire::Wire(DialogueListener& listener, const Contention& contention,
           std::function<std::string()> new_token, TimePoint now)
    : listener_(listener),
      contention_(contention),
      new_token_(std::move(new_token)),
      progress_(now),
      last_byte_(now),
      last_written_(now),
      step_lost_at_(now),
      sign_of_life_at_(now) {}

void Wire::begin_anew(TimePoint now) {
    in_flight_.begin_anew();
    last_byte_ = now;
    step_lost_at_ = now;
}

void Wire::write(Entry entry, std::string_view line) {
    last_written_ = entry.written_at;
    const bool own = entry.kind != Kind::Command;
    entry.command.written_at = entry.written_at;
    listener_.on_line_written(line, own ? nullptr : &entry.command, last_written_);
    in_flight_.push(std::move(entry), line.size() + 1);
    outbox_.append(line) += '\n';
}

void Wire::write_apart(std::string_view line, TimePoint now) {
    last_written_ = now;
    listener_.on_line_written(line, nullptr, now);
    in_flight_.skip(line.size() + 1);
    outbox_.append(line) += '\n';
}

void Wire::write_fence(TimePoint now) {
    std::string token = new_token_();
    const std::string line = probe_command(token);
    Entry fence{.kind = Kind::Fence, .written_at = now, .token = std::move(token)};
    write(std::move(fence), line);
}

void Wire::flush() {
    if (outbox_.empty()) return;
    listener_.on_write(outbox_);
    outbox_.clear();
}

TimePoint Wire::deadline_of(const Entry& entry, Milliseconds deadline) const {
    // Another program's answers are no progress.
    const TimePoint progress = entry.bracket ? entry.stepped_at : progress_.last();
    return std::max(progress, entry.written_at) + deadline;
}

bool Wire::fence_passed(std::string_view line, const UpstreamReply& reply, TimePoint now) {
    assert(!in_flight_.empty());
    Entry& head = in_flight_.front();
    assert(head.kind == Kind::Fence);
    if (head.echoed_at) return is_terminator(reply);
    if (const auto dialect = dialect_of_probe(line, head.token)) {
        head.echoed_at = now;
        note_sign_of_life(now);
        dialect_ = *dialect;
        learn_version(line);
        return false;
    }
    head.came_before = std::holds_alternative<reply::Error>(reply) ? InFlight::BeforeEcho::Error
                                                                   : InFlight::BeforeEcho::Other;
    return false;
}

std::optional<TimePoint> Wire::acks_due() const {
    const Entry* oldest = fence();
    if (oldest == nullptr || !oldest->echoed_at) return std::nullopt;
    return *oldest->echoed_at + echo_grace;
}

bool Wire::read_pong(std::string_view line, const UpstreamReply& reply, TimePoint now) {
    assert(!in_flight_.empty());
    Entry& head = in_flight_.front();
    assert(head.kind == Kind::Ping);
    if (const auto pong = pong_in(line, reply); pong && !head.ponged) {
        head.ponged = true;
        listener_.on_pong(
            *pong, std::chrono::duration_cast<std::chrono::microseconds>(now - head.written_at));
    } else if (std::holds_alternative<reply::BadPong>(reply) && !head.ponged) {
        head.ponged = true;
        listener_.on_unusable(
            "its pong names no UUID (1 to 64 letters, digits and hyphens), so a restart could not "
            "be told; is this ExaBGP?");
    } else if (head.ponged && std::holds_alternative<reply::Done>(reply)) {
        in_flight_.pop_front();
    } else {
        return false;
    }
    return true;
}

std::optional<reply::Pong> Wire::pong_in(std::string_view line, const UpstreamReply& reply) const {
    if (const auto* pong = std::get_if<reply::Pong>(&reply)) return *pong;
    if (rules().sign == InstanceSign::Uuid || version_in(line).empty()) return std::nullopt;
    return reply::Pong{};
}

void Wire::learn_version(std::string_view line) {
    if (std::string version = version_in(line); !version.empty()) version_ = std::move(version);
}

void Wire::note_progress(std::size_t bytes, TimePoint now) {
    if (progress_.add(bytes, now)) note_sign_of_life(now);
}

void Wire::note_step(TimePoint now) {
    progress_.step(now);
    note_sign_of_life(now);
}

void Wire::note_reading_again(TimePoint now) {
    last_byte_ = now;
    progress_.step(now);
    if (Entry* oldest = fence(); oldest != nullptr && oldest->echoed_at) oldest->echoed_at = now;
}

void Wire::note_sign_of_life(TimePoint now) {
    sign_of_life_ = true;
    sign_of_life_at_ = now;
}

void Wire::on_visit(bool wrote) {
    in_flight_.cross();
    if (wrote) swept_ = false;
}

}  // namespace exapulse
