// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/socket_simulator/simulated_relay.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "common/socket_path.hpp"

namespace exapulse::test {

namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// What the relay tells the reactor when its client has left.
constexpr std::string_view bye = "bye";

/// Commands between two mistakes: a terminator too many and one too few between the same two echoes
/// would make up for each other, and nobody could notice.
constexpr std::size_t mistake_distance = 64;

}  // namespace

SimulatedRelay::SimulatedRelay(std::string path, Dialect dialect)
    : path_(std::move(path)), commands_(dialect) {
    if (const auto problem = socket_path_problem(path_)) throw std::runtime_error(*problem);
}

SimulatedRelay::~SimulatedRelay() {
    close(File::Removed);
}

void SimulatedRelay::open() {
    open_at_.reset();
    unlink(path_.c_str());
    listener_.reset(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const sockaddr_un address = socket_address(path_);
    if (bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        fail("bind " + path_);
    chmod(path_.c_str(), S_IRUSR | S_IWUSR | S_IRGRP);
    if (listen(listener_.get(), 1) != 0) fail("listen " + path_);
}

void SimulatedRelay::close(File file) {
    if (listener_.is_open() && file == File::Removed) unlink(path_.c_str());
    open_at_.reset();
    listener_.reset();
    client_.reset();
    in_.clear();
    lines_.clear();
    reaction_.reset();
    out_.clear();
    sent_ = 0;
    want_write_ = want_drain_ = false;
    sent_whole_line_ = true;
}

void SimulatedRelay::open_after(Milliseconds away) {
    if (away == Milliseconds::zero())
        open();
    else
        open_at_ = Clock::now() + away;
}

void SimulatedRelay::bounce(Milliseconds away) {
    close(File::Removed);
    commands_.become_new_relay();
    open_after(away);
}

void SimulatedRelay::turn(int wake) {
    // poll() skips negative descriptors.
    const bool silent = behaviour_.silent;
    const bool accepting = !silent && !client_.is_open();
    const short client_events = static_cast<short>(POLLIN | (want_write_ ? POLLOUT : 0));
    std::array<pollfd, 3> polled{{{wake, POLLIN, 0},
                                  {accepting ? listener_.get() : -1, POLLIN, 0},
                                  {silent ? -1 : client_.get(), client_events, 0}}};
    if (poll(polled.data(), polled.size(), timeout()) < 0 && errno != EINTR) fail("poll");

    if (open_at_ && Clock::now() >= *open_at_) open();
    if (silent) return;
    if (polled[1].revents != 0) accept_client();
    if (polled[2].revents != 0) read_client();
    answer_lines();
}

int SimulatedRelay::timeout() const {
    std::optional<Clock::time_point> due = open_at_;
    if (!behaviour_.silent) {
        if (reaction_ && step_ < reaction_->steps.size())
            due = due ? std::min(*due, step_due_) : step_due_;
        if (want_drain_) return 1;
    }
    if (!due) return -1;
    const auto left = std::chrono::ceil<Milliseconds>(*due - Clock::now());
    return static_cast<int>(std::max<Milliseconds::rep>(left.count(), 0));
}

void SimulatedRelay::accept_client() {
    client_.reset(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client_.is_open()) return;  // it left again
    ++accepted_;
    if (behaviour_.refusing) {
        client_.reset();
    } else if (behaviour_.stale_window != Milliseconds::max() &&
               Clock::now() - left_at_ > behaviour_.stale_window) {
        out_.clear();
        sent_ = 0;
    }
}

void SimulatedRelay::read_client() {
    constexpr int reads_a_turn = 64;  // answers must get their turn, however much comes in
    std::array<char, 65536> chunk;
    for (int i = 0; i < reads_a_turn; ++i) {
        const ssize_t got = recv(client_.get(), chunk.data(), chunk.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) return client_left();
        if (take({chunk.data(), static_cast<std::size_t>(got)})) continue;
        ++killed_;
        return bounce(behaviour_.respawn);
    }
}

bool SimulatedRelay::take(std::string_view bytes) {
    const auto above_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    const bool killer = std::any_of(bytes.begin(), bytes.end(), above_ascii);
    for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
        in_.append(bytes.substr(0, end));
        bytes.remove_prefix(end + 1);
        if (in_.size() > longest_line) return false;
        history_.push_back({Clock::now(), in_});
        if (!behaviour_.deaf) lines_.push_back(in_);
        asked_ = true;
        in_.clear();
    }
    in_.append(bytes);
    return !killer && in_.size() <= longest_line;
}

void SimulatedRelay::client_left() {
    client_.reset();
    left_at_ = Clock::now();
    in_.clear();
    want_write_ = want_drain_ = false;
    out_.erase(0, sent_);
    sent_ = 0;
    // Of a line partly sent the rest is lost.
    if (!sent_whole_line_) out_.erase(0, std::min(out_.find('\n'), out_.size()) + 1);
    sent_whole_line_ = true;
    if (!behaviour_.deaf) lines_.emplace_back(bye);
}

void SimulatedRelay::answer_lines() {
    for (;;) {
        if (!reaction_) {
            if (lines_.empty()) break;
            reaction_ = react(lines_.front());
            lines_.pop_front();
            step_ = 0;
            if (!reaction_->steps.empty()) step_due_ = Clock::now() + reaction_->steps[0].delay;
        }
        const auto& steps = reaction_->steps;
        if (step_ < steps.size()) {
            if (Clock::now() < step_due_) break;
            emit(steps[step_].bytes);
            if (++step_ < steps.size())
                step_due_ = Clock::now() + steps[step_].delay;
            else if (behaviour_.keep_answered && !reaction_->answers.empty())
                answered_.push_back({Clock::now(), reaction_->answers});
            continue;
        }
        const auto then = reaction_->then;
        if (then != Reaction::Then::Stay) {
            flush();
            if (client_.is_open() && !all_sent()) return;
            if (then == Reaction::Then::Bounce) return bounce(behaviour_.respawn);
            return close(File::Removed);
        }
        reaction_.reset();
    }
    flush();
}

Reaction SimulatedRelay::react(const std::string& line) {
    Reaction reaction = commands_.answer(line);
    reaction.answers = line;
    for (const auto& [start, bytes] : behaviour_.answers)
        if (line.starts_with(start)) reaction = Reaction{}.raw(bytes);
    if (!reaction.steps.empty()) reaction.steps.front().delay += behaviour_.answer_delay;
    if (std::bernoulli_distribution(behaviour_.fault_probability)(random_))
        reaction.add_fault(random_);
    const bool may_err = ++since_mistake_ > mistake_distance;
    if (std::bernoulli_distribution(behaviour_.mistake_probability)(random_)) {
        if (line.starts_with("peer ") && may_err) {
            reaction.add_mistake(random_);
            since_mistake_ = 0;
        } else if (line.starts_with("system api version ") && !reaction.steps.empty())
            reaction.steps.front().delay += behaviour_.late_echo;
    }
    return reaction;
}

void SimulatedRelay::emit(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        const std::size_t size = end == bytes.npos ? bytes.size() : end + 1;
        const std::size_t kept = behaviour_.cut_lines ? std::min(size, cut_at) : size;
        const std::string_view line = bytes.substr(0, kept);
        if (asked_ || !behaviour_.multi_client) out_.append(line);
        if (line == "done\n" || line == "error\n") asked_ = false;
        bytes.remove_prefix(size);
    }
}

void SimulatedRelay::flush() {
    want_write_ = want_drain_ = false;
    while (client_.is_open() && !all_sent()) {
        std::size_t size = out_.size() - sent_;
        if (behaviour_.chunk != 0) {
            // The next piece only once the last one was read: so the reader really sees pieces.
            int unread = 0;
            ioctl(client_.get(), SIOCOUTQ, &unread);
            want_drain_ = unread > 0;
            if (want_drain_) return;
            size = std::min(size, behaviour_.chunk);
        }
        const ssize_t sent = send(client_.get(), out_.data() + sent_, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) {
            // When the client is gone, reading will tell.
            want_write_ = errno == EAGAIN;
            return;
        }
        sent_ += static_cast<std::size_t>(sent);
        sent_whole_line_ = out_[sent_ - 1] == '\n';
    }
    if (all_sent()) {
        out_.clear();
        sent_ = 0;
    }
}

}  // namespace exapulse::test
