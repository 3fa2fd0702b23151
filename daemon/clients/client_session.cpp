// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/client_session.hpp"

#include <poll.h>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/units.hpp"

namespace exapulse {

namespace {

/// Refusals beyond limits.client_pending that may wait behind earlier answers before the client is
/// no longer read from. It is served again as soon as answers have gone out.
constexpr std::size_t refusals_kept = 1'024;

/// True when the peer has closed its socket, not only the sending half of it.
bool peer_has_left(int fd) {
    pollfd state{fd, 0, 0};
    return poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR)) != 0;
}

}  // namespace

ClientSession::ClientSession(SessionId id, std::unique_ptr<uv::Pipe> pipe, const Limits& limits,
                             Listener& listener, WallTime since)
    : id_(id),
      pipe_(std::move(pipe)),
      limits_(limits),
      listener_(listener),
      peer_(PeerCredentials::of(pipe_->fd())),
      since_(since),
      framer_(limits.line_length) {}

void ClientSession::start() {
    pace_reading();
}

std::string ClientSession::describe() const {
    return fmt::format("session {} (uid {}, pid {}{}{})", id_, peer_.uid, peer_.pid,
                       peer_.process.empty() ? "" : " ", peer_.process);
}

void ClientSession::read(std::string_view bytes, std::error_code error) {
    if (error) {
        end_of_input();
        return;
    }
    if (state_ != State::Open) return;  // a subscriber's words are thrown away
    framer_.set_limit(limits_.line_length);
    framer_.feed(bytes, [this](const LineFramer::Line& line) {
        ++commands_;
        listener_.on_request(*this, line);
        return state_ == State::Open;
    });
    pace_reading();
}

void ClientSession::end_of_input() {
    pipe_->stop_reading();
    reading_ = false;
    if (peer_has_left(pipe_->fd())) {
        depart();
        return;
    }
    if (state_ != State::Open) return;
    if (framer_.partial() > 0)
        answer(format_error(ErrorCode::BadInput,
                            "the last line has no newline at its end and was not carried out") +
               "\nerror\n");
    state_ = State::Draining;
    end_if_answered();
}

void ClientSession::answer(std::string text) {
    answers_.add(std::move(text));
    send_answers(answers_.take_ready());
}

void ClientSession::expect(CommandId command, std::size_t bytes) {
    answers_.expect(command, bytes);
}

void ClientSession::answer_line(CommandId command, std::string_view line) {
    send_answers(answers_.append(command, fmt::format("{}\n", line)));
}

void ClientSession::finish_answer(CommandId command, std::string_view last_lines) {
    send_answers(answers_.finish(command, last_lines));
}

bool ClientSession::may_expect(std::size_t bytes, std::string& why) const {
    if (answers_.size() >= static_cast<std::size_t>(limits_.client_pending)) {
        why = fmt::format(
            "{} of your commands wait already, limits.client_pending ({}); read "
            "answers before you send more",
            answers_.size(), limits_.client_pending);
        return false;
    }
    // A single line always fits, or a small limit would shut out long lines for ever.
    if (!answers_.empty() && answers_.bytes() + bytes > limits_.client_backlog) {
        why = fmt::format(
            "your waiting commands and answers have {} bytes, limits.client_backlog "
            "({}); read answers before you send more",
            answers_.bytes(), format_size(limits_.client_backlog));
        return false;
    }
    return true;
}

void ClientSession::send_answers(std::string_view ready) {
    if (state_ != State::Departed) send(ready);
    end_if_answered();
    pace_reading();
}

void ClientSession::end_if_answered() {
    if (!answers_.empty()) return;
    if (state_ == State::Departed) finish("left");
    if (state_ == State::Draining && backlog() == 0) finish("all answered");
    if (state_ == State::Draining) listener_.on_session_changed(*this);
}

/// A client that sends without reading would fill this process with refusals: it is not read from
/// until its pending answers are back within the limit.
void ClientSession::pace_reading() {
    if (state_ != State::Open && state_ != State::Subscribed) return;
    const auto limit = static_cast<std::size_t>(limits_.client_pending);
    if (reading_ && answers_.size() >= limit + refusals_kept) {
        pipe_->stop_reading();
        reading_ = false;
    } else if (!reading_ && answers_.size() <= limit) {
        pipe_->start_reading([this](std::string_view bytes, std::error_code e) { read(bytes, e); });
        reading_ = true;
    }
}

void ClientSession::send(std::string_view text) {
    if (finished() || text.empty()) return;
    out_ += text;
    if (out_.size() >= 65'536) flush();
    listener_.on_session_changed(*this);
}

void ClientSession::flush() {
    if (finished()) return;
    if (!out_.empty()) pipe_->write(std::exchange(out_, {}));
    if (pipe_->failed()) {
        depart();
    } else if (pipe_->unsent() > limits_.client_backlog) {
        spdlog::warn(
            "{}: cut, it reads too slowly or not at all: {} bytes are over limits.client_backlog "
            "({})",
            describe(), pipe_->unsent(), format_size(limits_.client_backlog));
        finish("cut");
    } else {
        end_if_answered();
    }
}

void ClientSession::subscribe(const EventTypes& types, const std::string& snapshot) {
    types_ = types;
    state_ = State::Subscribed;
    answer(snapshot + "\n");
}

void ClientSession::offer(const Event& event, const EventPlace& place, const std::string& line) {
    if (state_ != State::Subscribed || !types_.test(static_cast<std::size_t>(event.type))) return;
    if (lagging() || backlog() + line.size() >= limits_.client_backlog) {
        if (!lagging())
            spdlog::warn(
                "{}: does not read its events; dropping them, its backlog is at "
                "limits.client_backlog ({})",
                describe(), format_size(limits_.client_backlog));
        ++lag_.count;
        ++dropped_total_;
        lag_.last_seq = place.seq;
        return;
    }
    answer(line + "\n");
}

void ClientSession::catch_up(const Event& lagged, std::string_view boot) {
    if (!lagging() || finished() || backlog() > limits_.client_backlog / 2) return;
    Event told = lagged;
    told.dropped = lag_.count;
    answer(format_event(told, {lag_.last_seq, boot}) + "\n");
    lag_ = {};
}

void ClientSession::check_peer() {
    if (finished() || reading_ || state_ == State::Departed) return;
    if (peer_has_left(pipe_->fd())) depart();
}

void ClientSession::depart() {
    if (state_ == State::Subscribed || answers_.empty()) {
        finish("left");
        return;
    }
    if (state_ == State::Departed) return;
    state_ = State::Departed;
    pipe_->stop_reading();
    reading_ = false;
    out_.clear();
    spdlog::info(
        "{}: left with {} commands pending; they go to ExaBGP all the same, their answers are "
        "thrown away",
        describe(), answers_.size());
}

void ClientSession::cut(std::string_view why) {
    if (state_ == State::Open && answers_.empty()) {
        answer(format_error(ErrorCode::Denied, why) + "\nerror\n");
        flush();
    }
    finish(why);
}

void ClientSession::finish(std::string_view reason) {
    if (finished()) return;
    state_ = State::Finished;
    pipe_->stop_reading();
    spdlog::debug("{}: closed, {}", describe(), reason);
    listener_.on_session_changed(*this);
}

}  // namespace exapulse
