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

/// Bytes read ahead of the lines that are being handled.
constexpr std::size_t input_kept = 65'536;

/// What a client costs that sends and gets nothing.
constexpr std::uint64_t base_cost = 8'192;

/// What a client may always have, whatever its user's other clients hold: the start of a line, a
/// few refusals, the rest of an answer.
constexpr std::size_t spare_line = 4'096;
constexpr std::size_t spare_answers = 64;
constexpr std::size_t spare_backlog = 65'536;

/// True when the peer has closed its socket, not only the sending half of it.
bool peer_has_left(int fd) {
    pollfd state{fd, 0, 0};
    return poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR)) != 0;
}

}  // namespace

ClientSession::ClientSession(SessionId id, std::unique_ptr<uv::Pipe> pipe, PeerCredentials peer,
                             std::shared_ptr<UserAccount> account, const Limits& limits,
                             Listener& listener, WallTime since)
    : id_(id),
      pipe_(std::move(pipe)),
      limits_(limits),
      listener_(listener),
      peer_(std::move(peer)),
      since_(since),
      framer_(limits.line_length),
      memory_(std::move(account), base_cost) {}

void ClientSession::start() {
    pipe_->on_sent([this] { listener_.on_session_changed(*this); });
    pace_reading();
}

std::string ClientSession::describe(std::string_view user) const {
    return fmt::format("session {} ({})", id_, peer_.describe(user));
}

void ClientSession::read(std::string_view bytes, std::error_code error) {
    input_ended_ = static_cast<bool>(error);
    if (state_ == State::Open) {  // a subscriber's words are thrown away
        input_.erase(0, std::exchange(taken_, 0));
        input_ += bytes;
    }
    settle_account();
    pace_reading();
    ask_for_work();
}

void ClientSession::settle_account() {
    memory_.set(base_cost + input_.size() + framer_.kept() + answers_.memory() + out_.size() +
                pipe_->unsent());
}

bool ClientSession::short_of_memory() const {
    if (account()->room() > 0) return false;
    // An admin must always be able to find out who holds it.
    return !account()->admin() || memory_.bytes() > spare_backlog;
}

void ClientSession::ask_for_work() {
    if (!std::exchange(due_, true)) listener_.on_session_input(*this);
}

bool ClientSession::work(TimePoint until) {
    if (state_ == State::Open && has_input() && !blocked()) {
        framer_.set_limit(std::min<std::uint64_t>(
            limits_.line_length,
            std::max<std::uint64_t>(spare_line, framer_.kept() + account()->room())));
        const std::string_view bytes = std::string_view(input_).substr(taken_);
        taken_ += framer_.feed(bytes, [&](const LineFramer::Line& line) {
            handle(line);
            return state_ == State::Open && !blocked() && std::chrono::steady_clock::now() < until;
        });
    }
    if (state_ != State::Open || !has_input()) drop_input();
    if (input_ended_ && !has_input()) end_of_input();
    pace_reading();
    settle_account();
    due_ = has_input() && !blocked();
    return due_;
}

bool ClientSession::may_log() const {
    return account()->log().take(std::chrono::steady_clock::now());
}

void ClientSession::handle(const LineFramer::Line& line) {
    ++commands_;
    settle_account();
    const bool cut_short = line.too_long && line.text.size() < limits_.line_length;
    if (cut_short || short_of_memory())
        answer(format_error(ErrorCode::Busy, account()->shortage()) + "\nerror\n");
    else
        listener_.on_request(*this, line);
}

void ClientSession::drop_input() {
    input_ = {};
    taken_ = 0;
}

void ClientSession::end_of_input() {
    if (finished()) return;
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

void ClientSession::finish_answers(std::string_view last_lines) {
    send_answers(answers_.finish_all(last_lines));
}

bool ClientSession::may_expect(std::size_t bytes, std::string& why) const {
    if (answers_.size() >= static_cast<std::size_t>(limits_.client_pending)) {
        why = fmt::format(
            "{} of your commands wait already, limits.client_pending ({}); nothing reached ExaBGP, "
            "read answers before you send more",
            answers_.size(), limits_.client_pending);
        return false;
    }
    // A single line always fits, or a small limit would shut out long lines for ever.
    if (!answers_.empty() && answers_.bytes() + bytes > limits_.client_backlog) {
        why = fmt::format(
            "your waiting commands and answers have {} bytes, limits.client_backlog ({}); nothing "
            "reached ExaBGP, read answers before you send more",
            answers_.bytes(), format_size(limits_.client_backlog));
        return false;
    }
    if (bytes > spare_line && bytes > account()->room()) {
        why = account()->shortage();
        return false;
    }
    return true;
}

void ClientSession::send_answers(std::string_view ready) {
    send(ready);
    end_if_answered();
    settle_account();
    pace_reading();
}

void ClientSession::end_if_answered() {
    if (!answers_.empty()) return;
    if (state_ == State::Draining && backlog() == 0) finish("all answered");
    if (state_ == State::Draining) listener_.on_session_changed(*this);
}

bool ClientSession::blocked() const {
    return answers_.size() >= static_cast<std::size_t>(limits_.client_pending) + refusals_kept ||
           answers_.bytes() >= limits_.client_backlog ||
           out_.size() + pipe_->unsent() >= limits_.client_backlog / 2 ||
           (answers_.size() >= spare_answers && short_of_memory());
}

/// A client that sends without reading would fill this process with its lines and their answers.
void ClientSession::pace_reading() {
    if (state_ == State::Open && has_input() && !blocked()) ask_for_work();
    const bool wanted =
        !input_ended_ && (state_ == State::Subscribed || (state_ == State::Open && !blocked() &&
                                                          input_.size() - taken_ < input_kept));
    if (wanted == reading_) return;
    reading_ = wanted;
    if (wanted)
        pipe_->start_reading([this](std::string_view bytes, std::error_code e) { read(bytes, e); });
    else
        pipe_->stop_reading();
}

void ClientSession::send(std::string_view text) {
    if (finished() || deaf_ || text.empty()) return;
    out_ += text;
    if (out_.size() >= 65'536) flush();
    listener_.on_session_changed(*this);
}

void ClientSession::flush() {
    if (finished()) return;
    if (!out_.empty()) pipe_->write(std::exchange(out_, {}));
    settle_account();
    if (pipe_->failed()) {
        // What it has sent before it left is still to be read.
        deaf_ = true;
        if (state_ != State::Open) depart();
    } else if (pipe_->unsent() > limits_.client_backlog) {
        if (may_log())
            spdlog::warn(
                "{}: cut, it reads too slowly or not at all: {} bytes are over "
                "limits.client_backlog ({})",
                describe(), pipe_->unsent(), format_size(limits_.client_backlog));
        finish("cut");
    } else if (pipe_->unsent() > spare_backlog && short_of_memory()) {
        if (may_log())
            spdlog::warn("{}: disconnected with {} bytes unread: {}", describe(), pipe_->unsent(),
                         account()->shortage());
        finish("cut");
    } else {
        end_if_answered();
        pace_reading();
    }
}

void ClientSession::subscribe(const EventTypes& types, const std::string& snapshot) {
    types_ = types;
    state_ = State::Subscribed;
    answer(snapshot + "\n");
}

void ClientSession::offer(const Event& event, const EventPlace& place, const std::string& line) {
    if (state_ != State::Subscribed || !types_.test(static_cast<std::size_t>(event.type))) return;
    const bool full = backlog() + line.size() >= limits_.client_backlog;
    if (lagging() || full || (backlog() > spare_backlog && short_of_memory())) {
        if (!lagging() && may_log())
            spdlog::warn("{}: does not read its events; dropping them, {}", describe(),
                         full ? fmt::format("its backlog is at limits.client_backlog ({})",
                                            format_size(limits_.client_backlog))
                              : account()->shortage());
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
    if (finished() || reading_) return;
    pace_reading();  // other clients may have given memory back
    if (state_ == State::Open && !blocked()) return;
    if (peer_has_left(pipe_->fd())) depart();
}

void ClientSession::depart() {
    if (finished()) return;
    left_ = true;
    finish("left");
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
    pace_reading();
    spdlog::debug("{}: closed, {}", describe(), reason);
    listener_.on_session_changed(*this);
}

}  // namespace exapulse
