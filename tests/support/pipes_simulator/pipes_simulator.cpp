// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/pipes_simulator/pipes_simulator.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "common/file_descriptor.hpp"
#include "common/words.hpp"
#include "tests/support/pipes_simulator/pipes_journal.hpp"
#include "tests/support/pipes_simulator/pipes_process.hpp"

namespace exapulse::test {

namespace {

/// Short, where ExaBGP's relay waits 1 s: a test that passes should not.
constexpr std::chrono::milliseconds retry{20};
constexpr std::chrono::milliseconds respawn{20};

bool has_reader(const std::string& path) {
    return FileDescriptor(open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC)).is_open();
}

}  // namespace

PipesSimulator::PipesSimulator(std::string name, Dialect dialect)
    : name_(std::move(name)), dialect_(dialect) {
    start();
}

PipesSimulator::~PipesSimulator() {
    if (process_) crash();
}

void PipesSimulator::start() {
    if (process_) crash();
    const auto milliseconds = [](Milliseconds duration) {
        return std::to_string(duration.count());
    };
    process_.emplace(std::vector<std::string>{
        require_environment("EXABGP_SIMULATOR"), "--pipes", name_, "--dialect",
        std::string(name_of(dialect_)), "--journal", journal(), "--pidfile", pidfile(), "--retry",
        milliseconds(retry), "--respawn", milliseconds(respawn)});
    if (!eventually([this] { return has_reader(name_ + ".in"); }))
        throw std::runtime_error("the simulator does not open its pipes: " +
                                 process_->stderr_text());
    // The line it says at the start is not the answer to a word.
    static_cast<void>(eventually([this] { return !process_->stdout_text().empty(); }));
    for (const auto& [word, arguments] : settings_) tell(word + " " + arguments);
}

void PipesSimulator::reap() {
    if (!process_.value().wait_exit()) throw std::runtime_error("the simulator does not end");
    process_.reset();
    frozen_relay_.reset();
    // The relay dies on its own once the reactor is gone.
    if (!eventually([this] { return !has_reader(name_ + ".in"); }))
        throw std::runtime_error("somebody still reads " + name_ + ".in");
}

void PipesSimulator::stop() {
    silence(false);
    process_.value().signal(SIGTERM);
    reap();
}

void PipesSimulator::crash() {
    process_.value().signal(SIGKILL);
    reap();
}

void PipesSimulator::restart() {
    stop();
    start();
}

void PipesSimulator::bounce(Milliseconds away) {
    tell(fmt::format("bounce {}", away.count()));
    if (away == Milliseconds::zero() && !eventually([this] { return has_reader(name_ + ".in"); }))
        throw std::runtime_error("the relay does not come back");
}

void PipesSimulator::kill_relay() {
    const pid_t old = relay_pid();
    kill(old, SIGKILL);
    const auto replaced = [&] { return kill(old, 0) != 0 && has_reader(name_ + ".in"); };
    if (!eventually([&] { return replaced() || !is_running(); }))
        throw std::runtime_error("the relay does not come back");
}

void PipesSimulator::set_respawn(Milliseconds away) {
    set("respawn", std::to_string(away.count()));
}

void PipesSimulator::silence(bool on) {
    if (on)
        process_.value().freeze();
    else
        process_.value().signal(SIGCONT);
}

void PipesSimulator::freeze_relay(bool on) {
    // A silent reactor can't say which one it is, so this is asked once.
    if (on && !frozen_relay_) frozen_relay_ = relay_pid();
    if (frozen_relay_) kill(*frozen_relay_, on ? SIGSTOP : SIGCONT);
    if (!on) frozen_relay_.reset();
}

void PipesSimulator::set_answer_delay(Milliseconds delay) {
    set("delay", std::to_string(delay.count()));
}

void PipesSimulator::set_faults(std::uint64_t seed, double probability) {
    set("faults", fmt::format("{} {}", seed, probability));
}

void PipesSimulator::set_acks(bool on) {
    set("acks", on ? "on" : "off");
}

bool PipesSimulator::is_running() {
    return process_ && process_->is_running();
}

pid_t PipesSimulator::relay_pid() const {
    return std::stoi(tell("relay"));
}

std::vector<std::string> PipesSimulator::routes() const {
    const std::string line = tell("routes");
    const auto prefixes = words(line);
    return {prefixes.begin(), prefixes.end()};
}

int PipesSimulator::killed() const {
    return PipesJournal::read(journal()).killed;
}

std::vector<ReceivedLine> PipesSimulator::history() const {
    return PipesJournal::read(journal()).lines;
}

std::vector<ReceivedLine> PipesSimulator::answered() const {
    return PipesJournal::read(journal()).answered;
}

std::vector<std::string> PipesSimulator::received() const {
    std::vector<std::string> result;
    for (auto& line : history()) result.push_back(std::move(line.text));
    return result;
}

std::size_t PipesSimulator::count_of(std::string_view line) const {
    return count_if([line](const std::string& text) { return text == line; });
}

std::size_t PipesSimulator::count_if(
    const std::function<bool(const std::string&)>& predicate) const {
    const auto lines = history();
    return static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(),
                      [&](const ReceivedLine& line) { return predicate(line.text); }));
}

void PipesSimulator::clear_history() {
    if (std::filesystem::exists(journal())) std::filesystem::resize_file(journal(), 0);
}

void PipesSimulator::set(const std::string& word, const std::string& arguments) {
    settings_[word] = arguments;
    tell(word + " " + arguments);
}

std::string PipesSimulator::tell(const std::string& words) const {
    const auto before = process_.value().stdout_text().size();
    process_->write_stdin(words + "\n");
    std::string answer;
    const auto answered = [&] {
        answer = process_->stdout_text().substr(before);
        return answer.ends_with('\n');
    };
    if (!eventually(answered))
        throw std::runtime_error("the simulator does not answer to " + words);
    answer.pop_back();
    return answer;
}

}  // namespace exapulse::test
