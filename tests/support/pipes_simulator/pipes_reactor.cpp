// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/pipes_simulator/pipes_reactor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace exapulse::test {

PipesReactor::PipesReactor(PipesRelay::Setup relay, Dialect dialect, const std::string& journal)
    : relay_setup_(std::move(relay)), commands_(dialect), journal_(journal) {
    start_relay(Milliseconds{0});
}

void PipesReactor::start_relay(Milliseconds away) {
    in_.clear();
    relay_.reset();
    relay_.emplace(relay_setup_, away);
    commands_.become_new_relay();
}

void PipesReactor::reload(Milliseconds away) {
    at_once_.finish_silently();
    queued_.finish_silently();
    deaths_.clear();  // the new relay has another name
    relay_->finish();
    start_relay(away);
}

void PipesReactor::shut_down() {
    constexpr Milliseconds farewell{100};
    relay_->answer(fmt::format("shutdown {} {}\n\n", getpid(), getppid()));
    std::this_thread::sleep_for(farewell);
    relay_.reset();
    ended_ = 0;
}

bool PipesReactor::dies_too_often() {
    constexpr std::int64_t span_s = 64;
    constexpr int most_starts = 5;
    // The first start counts as well.
    return ++deaths_[std::time(nullptr) / span_s] + 1 > most_starts;
}

void PipesReactor::relay_died() {
    if (relay_->status() > 0) journal_.killed("the relay");
    if (dies_too_often()) return shut_down();
    start_relay(behaviour_.respawn);
}

void PipesReactor::turn(std::span<pollfd> others) {
    // poll() skips negative descriptors.
    std::vector<pollfd> polled{{behaviour_.silent ? -1 : relay_->commands(), POLLIN, 0}};
    polled.insert(polled.end(), others.begin(), others.end());
    if (poll(polled.data(), polled.size(), timeout()) < 0 && errno != EINTR)
        throw std::system_error(errno, std::generic_category(), "poll");
    std::copy(polled.begin() + 1, polled.end(), others.begin());
    if (behaviour_.silent) return;
    if (polled[0].revents != 0) read_commands();
    if (!ended_) work();
}

int PipesReactor::timeout() const {
    const auto due = std::min(at_once_.due(), queued_.due());
    if (behaviour_.silent || due == Clock::time_point::max()) return -1;
    const auto now = Clock::now();
    return due <= now ? 0 : static_cast<int>(std::chrono::ceil<Milliseconds>(due - now).count());
}

void PipesReactor::read_commands() {
    std::array<char, 16384> chunk;
    const ssize_t got = read(relay_->commands(), chunk.data(), chunk.size());
    if (got < 0) return;
    if (got == 0) return relay_died();
    const std::string_view bytes(chunk.data(), static_cast<std::size_t>(got));
    const auto above_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    if (std::any_of(bytes.begin(), bytes.end(), above_ascii)) {
        // Reading it failed: all of it is lost.
        journal_.killed("the relay");
        if (dies_too_often()) return shut_down();
        return start_relay(behaviour_.respawn);
    }
    in_.append(bytes);
    std::size_t start = 0;
    for (auto end = in_.find('\n'); end != in_.npos; end = in_.find('\n', start)) {
        take(std::string_view(in_).substr(start, end - start));
        start = end + 1;
    }
    in_.erase(0, start);
}

void PipesReactor::take(std::string_view line) {
    journal_.received(line);
    auto [queued, work] = commands_.take(line);
    (queued ? queued_ : at_once_).add(behaving(std::string(line), std::move(work)));
}

WorkQueue::Work PipesReactor::behaving(std::string line, WorkQueue::Work work) {
    return [this, line = std::move(line), work = std::move(work)] {
        Reaction reaction = work();
        reaction.answers = line;
        if (!reaction.steps.empty()) reaction.steps.front().delay += behaviour_.answer_delay;
        if (std::bernoulli_distribution(behaviour_.fault_probability)(random_))
            reaction.add_fault(random_);
        return reaction;
    };
}

void PipesReactor::work() {
    // As many lines of a long answer at a time, until it looks for commands again.
    constexpr int lines_a_turn = 50;
    while (const auto bit = at_once_.next(Clock::now())) {
        perform(*bit);
        if (ended_) return;
    }
    if (!at_once_.is_idle()) return;  // it is late, and everything else with it
    for (int i = 0; i < lines_a_turn && !ended_; ++i) {
        const auto bit = queued_.next(Clock::now());
        if (!bit) return;
        perform(*bit);
    }
}

void PipesReactor::perform(const WorkQueue::Bit& bit) {
    // First, or the asker may have the answer before the journal has.
    if (!bit.answers.empty()) journal_.answered(bit.answers);
    relay_->answer(bit.bytes);
    switch (bit.then) {
        case Reaction::Then::Stay:
            break;
        case Reaction::Then::Bounce:
            relay_->finish();
            start_relay(behaviour_.respawn);
            break;
        case Reaction::Then::Reload:
            reload(behaviour_.respawn);
            break;
        case Reaction::Then::DropQueue:
            queued_.forget();
            break;
        case Reaction::Then::Shutdown:
            shut_down();
            break;
        case Reaction::Then::Crash:
            journal_.killed("ExaBGP");
            relay_.reset();
            ended_ = 1;
            break;
    }
}

}  // namespace exapulse::test
