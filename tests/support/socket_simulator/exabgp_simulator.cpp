// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/socket_simulator/exabgp_simulator.hpp"

#include <algorithm>
#include <future>
#include <sys/eventfd.h>
#include <utility>

namespace exapulse::test {

ExabgpSimulator::ExabgpSimulator(std::string path, Dialect dialect)
    : relay_(std::move(path), dialect), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    relay_.open();
    thread_ = std::thread([this] { run(); });
}

ExabgpSimulator::~ExabgpSimulator() {
    in_thread([this] { ending_ = true; });
    thread_.join();
}

void ExabgpSimulator::run() {
    while (!ending_) {
        relay_.turn(wake_.get());
        eventfd_t ignored = 0;
        eventfd_read(wake_.get(), &ignored);
        std::vector<std::function<void()>> tasks;
        {
            const std::lock_guard lock(mutex_);
            tasks.swap(tasks_);
        }
        for (const auto& task : tasks) task();
    }
}

void ExabgpSimulator::in_thread(const std::function<void()>& task) const {
    std::packaged_task<void()> packaged(task);
    auto finished = packaged.get_future();
    {
        const std::lock_guard lock(mutex_);
        tasks_.emplace_back([&packaged] { packaged(); });
    }
    eventfd_write(wake_.get(), 1);
    finished.get();
}

template <typename Question>
auto ExabgpSimulator::ask(Question question) const {
    decltype(question()) result{};
    in_thread([&] { result = question(); });
    return result;
}

void ExabgpSimulator::stop() {
    in_thread([this] {
        relay_.behaviour().silent = false;
        relay_.close(SimulatedRelay::File::Removed);
    });
}

void ExabgpSimulator::crash() {
    in_thread([this] {
        relay_.behaviour().silent = false;
        relay_.close(SimulatedRelay::File::LeftBehind);
    });
}

void ExabgpSimulator::start() {
    restart(true);
}

void ExabgpSimulator::restart(bool new_uuid, Milliseconds away) {
    if (!new_uuid) return bounce(away);
    in_thread([this, away] {
        relay_.behaviour().silent = false;
        relay_.close(SimulatedRelay::File::Removed);
        relay_.commands().become_new_process();
        relay_.open_after(away);
    });
}

void ExabgpSimulator::bounce(Milliseconds away) {
    in_thread([this, away] { relay_.bounce(away); });
}

void ExabgpSimulator::set_respawn(Milliseconds away) {
    in_thread([this, away] { relay_.behaviour().respawn = away; });
}

void ExabgpSimulator::silence(bool on) {
    in_thread([this, on] { relay_.behaviour().silent = on; });
}

void ExabgpSimulator::deafen(bool on) {
    in_thread([this, on] { relay_.behaviour().deaf = on; });
}

void ExabgpSimulator::refuse(bool on) {
    in_thread([this, on] { relay_.behaviour().refusing = on; });
}

void ExabgpSimulator::set_answer_delay(Milliseconds delay) {
    in_thread([this, delay] { relay_.behaviour().answer_delay = delay; });
}

void ExabgpSimulator::set_chunking(std::size_t bytes) {
    in_thread([this, bytes] { relay_.behaviour().chunk = bytes; });
}

void ExabgpSimulator::set_cut_lines(bool on) {
    in_thread([this, on] { relay_.behaviour().cut_lines = on; });
}

void ExabgpSimulator::set_multi_client(bool on) {
    in_thread([this, on] { relay_.behaviour().multi_client = on; });
}

void ExabgpSimulator::set_stale_window(Milliseconds window) {
    in_thread([this, window] { relay_.behaviour().stale_window = window; });
}

void ExabgpSimulator::set_answer(const std::string& start, const std::string& bytes) {
    in_thread([&] { relay_.behaviour().answers[start] = bytes; });
}

void ExabgpSimulator::clear_answers() {
    in_thread([this] { relay_.behaviour().answers.clear(); });
}

void ExabgpSimulator::set_faults(std::uint64_t seed, double probability) {
    in_thread([this, seed, probability] {
        relay_.seed(seed);
        relay_.behaviour().fault_probability = probability;
    });
}

void ExabgpSimulator::set_mistakes(double probability, Milliseconds late_echo) {
    in_thread([this, probability, late_echo] {
        relay_.behaviour().mistake_probability = probability;
        relay_.behaviour().late_echo = late_echo;
    });
}

std::string ExabgpSimulator::uuid() const {
    return ask([&] { return relay_.commands().uuid(); });
}

bool ExabgpSimulator::acks() const {
    return ask([&] { return relay_.commands().acks(); });
}

bool ExabgpSimulator::sync() const {
    return ask([&] { return relay_.commands().sync(); });
}

bool ExabgpSimulator::group_open() const {
    return ask([&] { return relay_.commands().group_open(); });
}

Dialect ExabgpSimulator::dialect() const {
    return ask([&] { return relay_.commands().dialect(); });
}

std::vector<std::string> ExabgpSimulator::routes() const {
    return ask([&] { return relay_.commands().rib().prefixes(); });
}

std::size_t ExabgpSimulator::route_count() const {
    return ask([&] { return relay_.commands().rib().routes().size(); });
}

void ExabgpSimulator::set_peer_state(const std::string& state) {
    in_thread([&] { relay_.commands().set_peer_state(state); });
}

void ExabgpSimulator::set_uuid(const std::string& uuid) {
    in_thread([&] { relay_.commands().set_uuid(uuid); });
}

void ExabgpSimulator::set_dialect(Dialect dialect) {
    in_thread([&] { relay_.commands().set_dialect(dialect); });
}

void ExabgpSimulator::set_acks(bool on) {
    in_thread([&] { relay_.commands().set_acks(on); });
}

void ExabgpSimulator::open_group(bool on) {
    in_thread([&] { relay_.commands().set_group_open(on); });
}

void ExabgpSimulator::set_text_pongs(bool on) {
    in_thread([&] { relay_.commands().set_text_pongs(on); });
}

bool ExabgpSimulator::has_client() const {
    return ask([&] { return relay_.has_client(); });
}

int ExabgpSimulator::accepted() const {
    return ask([&] { return relay_.accepted(); });
}

int ExabgpSimulator::killed() const {
    return ask([&] { return relay_.killed(); });
}

std::vector<ReceivedLine> ExabgpSimulator::history() const {
    return ask([&] { return relay_.history(); });
}

std::vector<ReceivedLine> ExabgpSimulator::take_history() {
    return ask([&] { return std::exchange(relay_.history(), {}); });
}

void ExabgpSimulator::keep_answered() {
    in_thread([this] { relay_.behaviour().keep_answered = true; });
}

std::vector<ReceivedLine> ExabgpSimulator::take_answered() {
    return ask([&] { return std::exchange(relay_.answered(), {}); });
}

std::vector<std::string> ExabgpSimulator::received() const {
    std::vector<std::string> result;
    for (auto& line : history())
        if (!line.text.starts_with("system api version ")) result.push_back(std::move(line.text));
    return result;
}

std::size_t ExabgpSimulator::count_of(std::string_view line) const {
    return count_if([line](const std::string& text) { return text == line; });
}

std::size_t ExabgpSimulator::count_if(
    const std::function<bool(const std::string&)>& predicate) const {
    return ask([&] {
        const auto& lines = relay_.history();
        return static_cast<std::size_t>(
            std::count_if(lines.begin(), lines.end(),
                          [&](const ReceivedLine& line) { return predicate(line.text); }));
    });
}

void ExabgpSimulator::clear_history() {
    in_thread([this] { relay_.history().clear(); });
}

}  // namespace exapulse::test
