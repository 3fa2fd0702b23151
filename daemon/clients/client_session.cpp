// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/client_session.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/clients/work_slice.hpp"

namespace exapulse {

namespace {

/// Output is written when it has this size, or at the end of the turn.
constexpr std::size_t output_piece = 65'536;

/// Bytes read ahead of the lines that are being handled.
constexpr std::size_t input_kept = 65'536;

/// The memory charged for an idle client.
constexpr std::uint64_t base_cost = 8'192;

}  // namespace

ClientSession::ClientSession(SessionId id, uv::Pipe pipe, PeerCredentials peer,
                             std::shared_ptr<const Grant> grant, AccountRef account,
                             Listener& listener, WallTime since)
    : id_(id),
      pipe_(std::move(pipe)),
      listener_(listener),
      peer_(peer),
      grant_(std::move(grant)),
      since_(since),
      memory_(std::move(account), base_cost) {
    assert(grant_ != nullptr);
    pipe_.set_owner(*this);
}

Caller ClientSession::caller() const {
    return {peer_.uid, peer_.gid, PeerCredentials::groups_of(pipe_.fd())};
}

void ClientSession::start() {
    pace_reading();
}

std::string ClientSession::describe(std::string_view user) const {
    return fmt::format("session {} ({})", id_, peer_.describe(user));
}

void ClientSession::rest() {
    if (!traffic_.exists() || !traffic_->empty()) return;
    traffic_.reset();
    settle_account();
}

SessionRoom ClientSession::room() const {
    return {memory_, traffic_->answers, unread()};
}

std::uint64_t ClientSession::unread() const {
    return traffic_->out.size() + pipe_.unsent();
}

std::uint64_t ClientSession::backlog() const {
    return traffic_->answers.bytes() + unread();
}

void ClientSession::on_sent() {
    note_full();
    listener_.on_session_changed(*this);
}

void ClientSession::on_read(std::string_view bytes, std::error_code error) {
    assert(reading_);
    input_ended_ = static_cast<bool>(error);
    if (state_ == State::Open && !bytes.empty())  // a subscriber's input is discarded
        traffic_.change().input.add(bytes);
    settle_account();
    pace_reading();
    ask_for_work();
}

void ClientSession::settle_account() {
    std::uint64_t kept = base_cost + pipe_.unsent() + traffic_->memory();
    if (rare_.exists()) kept += sizeof(Rare);
    if (const SessionState* state = own_state()) kept += state->memory();
    memory_.set(kept);
}

void ClientSession::ask_for_work() {
    if (due_) return;
    due_ = true;
    listener_.on_session_input(*this);
}

bool ClientSession::work(TimePoint& now, std::chrono::microseconds slice) {
    assert(due_);
    if (state_ == State::Open && has_input() && !blocked()) {
        SessionInput& input = traffic_.change().input;  // rest() is not called meanwhile
        WorkSlice turn(now, slice);
        input.handle(room().longest_line(input.kept()), [&](const LineFramer::Line& line) {
            own_answer_ = false;
            handle(line);
            turn.spend(line.text.size(), own_answer_);
            return state_ == State::Open && !blocked() && !turn.is_over();
        });
        assert(&traffic_->input == &input);
    }
    if (traffic_.exists() && (state_ != State::Open || !has_input()))
        traffic_.change().input.drop();
    if (input_ended_ && !has_input()) end_of_input();
    pace_reading();
    settle_account();
    due_ = has_input() && !blocked();
    if (!due_) listener_.on_session_changed(*this);  // for rest()
    return due_;
}

bool ClientSession::may_log() const {
    return account()->log().take(std::chrono::steady_clock::now());
}

void ClientSession::handle(const LineFramer::Line& line) {
    assert(state_ == State::Open);
    ++commands_;
    settle_account();
    const bool cut_short = line.too_long && line.text.size() < limits().line_length;
    if (cut_short || room().short_of_memory())
        refuse(ErrorCode::Busy, account()->shortage());
    else
        listener_.on_request(*this, line);
}

void ClientSession::end_of_input() {
    if (finished()) return;
    if (pipe_.other_end_closed()) {
        depart();
        return;
    }
    if (state_ != State::Open) return;
    if (traffic_->input.has_partial_line())
        refuse(ErrorCode::BadInput, "the last line has no newline at its end and was not executed");
    state_ = State::Draining;
    end_if_answered();
}

void ClientSession::answer(std::string lines, bool done) {
    assert(lines.empty() || lines.ends_with('\n'));
    own_answer_ = true;
    if (acks()) lines += done ? "done\n" : "error\n";
    if (!lines.empty()) add_lines(std::move(lines));
}

void ClientSession::refuse(ErrorCode code, std::string_view why) {
    if (acks()) answer(format_error(code, why) + "\n", false);
}

SessionState& ClientSession::change_state() {
    auto& state = rare_.change().state;
    if (!state) state.emplace();
    return *state;
}

void ClientSession::settle_state() {
    if (own_state() != nullptr && own_state()->is_default()) rare_.change().state.reset();
    if (rare_.exists() && !rare_->state && rare_->lag.in_all() == 0) rare_.reset();
    settle_account();
}

void ClientSession::add_lines(std::string text) {
    SessionAnswers& answers = traffic_.change().answers;
    if (answers.empty()) {
        send_answers(text);
        return;
    }
    answers.add(std::move(text));
    send_answers(answers.take_ready());
}

void ClientSession::expect(CommandId command, std::size_t bytes) {
    assert(state_ == State::Open);
    traffic_.change().answers.expect(command, bytes, acks());
}

void ClientSession::answer_line(CommandId command, std::string_view line) {
    send_answers(traffic_.change().answers.append(command, fmt::format("{}\n", line)));
}

void ClientSession::finish_answer(CommandId command, std::string_view last_lines) {
    send_answers(traffic_.change().answers.finish(command, last_lines));
}

void ClientSession::finish_answers(std::string_view last_lines) {
    send_answers(traffic_.change().answers.finish_all(last_lines));
}

void ClientSession::send_answers(std::string_view ready) {
    send(ready);
    end_if_answered();
    settle_account();
    pace_reading();
}

void ClientSession::end_if_answered() {
    if (pending() > 0) return;
    if (state_ == State::Draining && backlog() == 0) finish("all answered");
    if (state_ == State::Draining) listener_.on_session_changed(*this);
}

void ClientSession::release_input() {
    assert(held_);
    held_ = false;
    pace_reading();
}

bool ClientSession::blocked() const {
    return held_ || (traffic_.exists() && room().must_read());
}

void ClientSession::note_full() {
    // A client whose connection has failed will not read what is left.
    const bool full = !finished() && !write_failed_ && room().full();
    if (full == full_) return;
    full_ = full;
    listener_.on_reader_changed(*this);
}

/// Otherwise a client that sends and does not read would fill the memory with lines and answers.
void ClientSession::pace_reading() {
    note_full();
    if (state_ == State::Open && has_input() && !blocked()) ask_for_work();
    const bool wanted =
        !input_ended_ && (state_ == State::Subscribed || (state_ == State::Open && !blocked() &&
                                                          traffic_->input.left() < input_kept));
    if (wanted == reading_) return;
    reading_ = wanted;
    if (wanted) {
        pipe_.start_reading();
    } else {
        pipe_.stop_reading();
        listener_.on_session_changed(*this);  // for needs_checks()
    }
}

void ClientSession::send(std::string_view text) {
    if (finished() || write_failed_ || text.empty()) return;
    std::string& out = traffic_.change().out;
    out += text;
    if (out.size() >= output_piece) flush();
    listener_.on_session_changed(*this);
}

void ClientSession::flush() {
    if (finished()) return;
    if (!traffic_->out.empty()) {
        // In pieces: on_sent() is called for each.
        for (std::string_view out = traffic_->out; !out.empty();) {
            const std::size_t piece = std::min(out.size(), output_piece);
            pipe_.write(out.substr(0, piece));
            out.remove_prefix(piece);
        }
        traffic_.change().out.clear();
    }
    settle_account();
    if (pipe_.failed()) {
        // What it sent before it disconnected must still be read.
        write_failed_ = true;
        if (state_ != State::Open) depart();
    } else {
        end_if_answered();
        pace_reading();
    }
}

void ClientSession::subscribe(const EventTypes& types, const std::string& snapshot) {
    assert(state_ == State::Open || state_ == State::Draining);
    static_assert(EventTypes().size() <= 32);
    types_ = static_cast<std::uint32_t>(types.to_ulong());
    state_ = State::Subscribed;
    add_lines(snapshot + "\n");
}

bool ClientSession::offer(std::string_view lines) {
    if (finished() || write_failed_) return true;
    if (lagging() || !room().has_room_for_events(lines.size())) return false;
    if (pending() > 0) {  // after the answers to what it sent before it subscribed
        add_lines(std::string(lines));
        return true;
    }
    if (!traffic_->out.empty()) {
        send(lines);
        return true;
    }
    pipe_.write(lines);  // without a copy: all subscribers get the same bytes
    if (pipe_.unsent() > 0 || pipe_.failed()) listener_.on_session_changed(*this);
    return true;
}

void ClientSession::offer_or_drop(std::string_view line, std::uint64_t seq) {
    if (offer(line)) return;
    if (!lagging() && may_log())
        spdlog::warn("{}: does not read its events; dropping them, {}", describe(),
                     room().shortage_for_events(line.size()));
    rare_.change().lag.add(seq);
    listener_.on_session_changed(*this);  // for needs_checks()
}

void ClientSession::catch_up(const Event& lagged, std::string_view boot) {
    if (!lagging() || finished() || backlog() > limits().client_backlog / 2) return;
    add_lines(rare_.change().lag.report(lagged, boot) + "\n");
}

void ClientSession::check_peer() {
    if (finished() || reading_) return;
    pace_reading();  // other clients may have freed memory
    if (state_ == State::Open && !blocked()) return;
    if (pipe_.other_end_closed()) depart();
}

void ClientSession::depart() {
    if (finished()) return;
    left_ = true;
    finish("left");
}

void ClientSession::cut(std::string_view why) {
    if (state_ == State::Open && pending() == 0) {
        refuse(ErrorCode::Denied, why);
        flush();
    }
    finish(why);
}

void ClientSession::finish(std::string_view reason) {
    if (finished()) return;
    state_ = State::Finished;
    pace_reading();
    if (spdlog::should_log(spdlog::level::debug))
        spdlog::debug("{}: closed, {}", describe(), reason);
    listener_.on_session_changed(*this);
}

}  // namespace exapulse
