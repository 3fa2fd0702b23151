// SPDX-License-Identifier: BSD-3-Clause
#include "tests/promises/tested_exabgp.hpp"

#include <filesystem>
#include <thread>

#include "daemon/upstream/dialogue/quiet_protocol.hpp"
#include "daemon/upstream/link/reconnect_backoff.hpp"
#include "tests/promises/commands.hpp"
#include "tests/promises/misbehaving_clients.hpp"

namespace exapulse::test {

namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

/// The echoes of 6.0 that are late are later than commands.deadline.
constexpr std::chrono::milliseconds late_echo{1'500};

std::vector<AtExabgp> numbered(const std::vector<ReceivedLine>& lines,
                               std::vector<std::string>& forbidden) {
    std::vector<AtExabgp> commands;
    for (const ReceivedLine& line : lines) {
        if (const auto number = number_in(line.text)) commands.push_back({*number, line.at});
        if (line.text.find(forbidden_word) != line.text.npos) forbidden.push_back(line.text);
    }
    return commands;
}

}  // namespace

TestedExabgp::TestedExabgp(Dialect dialect, std::uint64_t seed, Recorder& recorder)
    : recorder_(recorder) {
    if (dialect == Dialect::V6) {
        socket_ = std::make_unique<ExabgpSimulator>(dir_ / "exabgp.sock");
        socket_->set_faults(seed, 0);
        socket_->keep_answered();
    } else {
        pipes_ = std::make_unique<PipesSimulator>(dir_ / "exabgp", dialect);
    }
    begin_process();
}

std::vector<std::string> TestedExabgp::upstream_flags() const {
    return pipes_ ? std::vector<std::string>{"--fifo", pipes_->name()}
                  : std::vector<std::string>{"--upstream", socket_->path()};
}

Duration TestedExabgp::longest_retry() const {
    // Pauses double, so the last one is no longer than all the time before it.
    return pipes_ ? ReconnectBackoff::longest_on_pipes : 1'000ms;
}

Duration TestedExabgp::silence() const {
    return pipes_ ? QuietProtocol::quiet_after_loss : 0ms;
}

void TestedExabgp::begin_process() {
    // From the first moment at which exapulsed may reach it.
    process_ = {steady_clock::now(), {}, {}};
    pipes_ ? pipes_->start() : socket_->start();
    if (socket_) process_.uuid = socket_->uuid();
}

void TestedExabgp::end_process() {
    process_.to = steady_clock::now();
    recorder_.add(process_);
}

void TestedExabgp::reload() {
    const Time from = steady_clock::now();
    pipes_ ? pipes_->bounce(20ms) : socket_->bounce(20ms);
    std::this_thread::sleep_for(20ms);
    recorder_.add(FaultKind::Closed, from);
}

void TestedExabgp::kill_helper() {
    // The fifth death within a minute would end ExaBGP as well; each reload begins anew.
    if (!pipes_ || ++helpers_killed_ % 3 == 0) return reload();
    const Time from = steady_clock::now();
    pipes_->kill_relay();
    recorder_.add(FaultKind::Closed, from);
}

void TestedExabgp::restart(Duration away) {
    const Time from = steady_clock::now();
    end_process();
    pipes_ ? pipes_->stop() : socket_->stop();
    std::this_thread::sleep_for(away);
    begin_process();
    recorder_.add(FaultKind::Gone, from);
}

void TestedExabgp::kill(Duration away) {
    const Time from = steady_clock::now();
    end_process();
    pipes_ ? pipes_->crash() : socket_->crash();
    std::this_thread::sleep_for(away);
    begin_process();
    recorder_.add(FaultKind::Gone, from);
}

void TestedExabgp::hang(Duration time) {
    const Time from = steady_clock::now();
    pipes_ ? pipes_->silence(true) : socket_->silence(true);
    std::this_thread::sleep_for(time);
    pipes_ ? pipes_->silence(false) : socket_->silence(false);
    recorder_.add(FaultKind::Hung, from);
}

void TestedExabgp::answer_in_pieces(std::size_t bytes, Duration time) {
    if (pipes_) return hang(time / 8);
    const Time from = steady_clock::now();
    socket_->set_chunking(bytes);
    std::this_thread::sleep_for(time);
    socket_->set_chunking(0);
    recorder_.add(FaultKind::Slow, from);
}

void TestedExabgp::err(double probability, Duration time) {
    if (pipes_) return hang(time / 8);
    const Time from = steady_clock::now();
    socket_->set_mistakes(probability, late_echo);
    std::this_thread::sleep_for(time);
    socket_->set_mistakes(0, 0ms);
    recorder_.add({FaultKind::Erring, from, steady_clock::now() + late_echo});
}

void TestedExabgp::collect() {
    if (socket_) add(socket_->take_history(), socket_->take_answered());
}

void TestedExabgp::add(const std::vector<ReceivedLine>& received,
                       const std::vector<ReceivedLine>& answered) {
    std::vector<std::string> known;
    recorder_.add_at_exabgp(numbered(received, forbidden_), numbered(answered, known));
}

void TestedExabgp::end() {
    end_process();
    if (pipes_)
        add(pipes_->history(), pipes_->answered());
    else
        collect();
    recorder_.add_forbidden(forbidden_);
}

}  // namespace exapulse::test
