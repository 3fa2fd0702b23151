// SPDX-License-Identifier: BSD-3-Clause
// ExabgpSimulator: simulates ExaBGP 6 on its Unix socket, controlled by a test.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/socket_simulator/simulated_relay.hpp"

namespace exapulse::test {

/// Serves `path` in a separate thread, from construction to destruction. Its answers are defined in
/// exabgp_commands.hpp and test_verbs.hpp, its handling of clients in simulated_relay.hpp. Every
/// method may be called from any thread, and returns once it has taken effect.
class ExabgpSimulator {
  public:
    using Milliseconds = std::chrono::milliseconds;

    explicit ExabgpSimulator(std::string path, Dialect dialect = Dialect::V6);
    ~ExabgpSimulator();  ///< as stop()
    ExabgpSimulator(const ExabgpSimulator&) = delete;
    ExabgpSimulator& operator=(const ExabgpSimulator&) = delete;

    // Life and death
    void stop();   ///< SIGTERM: connections end, the socket file is removed
    void crash();  ///< kill -9: connections end, the socket file stays and refuses
    void start();  ///< a new process: a new UUID and no routes; stops a running one
    /// stop(), and start() after `away`. Without `new_uuid` a bounce().
    void restart(bool new_uuid = true, Milliseconds away = Milliseconds{0});
    /// The relay is replaced, as at a reload: connections end, UUID and routes stay.
    void bounce(Milliseconds away = Milliseconds{0});
    void set_respawn(Milliseconds away);  ///< as `away`, for what commands and faults bounce

    // Misbehaviour
    /// The state of the one peer's FSM in `daemon status`, such as ESTABLISHED; initially IDLE.
    void set_peer_state(const std::string& state);
    void silence(bool on);  ///< SIGSTOP, SIGCONT: input received meanwhile is answered in a burst
    void deafen(bool on);   ///< reads lines and discards them
    void refuse(bool on);   ///< closes every new connection at once
    void set_answer_delay(Milliseconds delay);
    void set_chunking(std::size_t bytes);        ///< writes pieces of this size; 0: whole answers
    void set_cut_lines(bool on);                 ///< lines over 219,264 bytes lose their end; on
    void set_multi_client(bool on);              ///< see SimulatedRelay::Behaviour; off
    void set_stale_window(Milliseconds window);  ///< see SimulatedRelay::Behaviour; no limit
    /// A command that begins with `start` is answered with these bytes, terminator included.
    void set_answer(const std::string& start, const std::string& bytes);
    void clear_answers();
    /// Each command fails with `probability` in one of four ways: the connection is closed before
    /// the answer, in the middle of it or right after it, or the answer is late.
    void set_faults(std::uint64_t seed, double probability);
    /// Each announce or withdraw is answered wrongly with `probability`, in one of four ways: a
    /// terminator too many before or after it, none, a line of somebody else's. As many echoes are
    /// late by `late_echo`.
    void set_mistakes(double probability, Milliseconds late_echo);

    // ExaBGP's state
    [[nodiscard]] std::string uuid() const;
    [[nodiscard]] bool acks() const;
    [[nodiscard]] bool sync() const;
    [[nodiscard]] bool group_open() const;
    [[nodiscard]] Dialect dialect() const;
    [[nodiscard]] std::vector<std::string> routes() const;  ///< the prefixes announced
    [[nodiscard]] std::size_t route_count() const;
    void set_uuid(const std::string& uuid);
    void set_dialect(Dialect dialect);
    void set_acks(bool on);
    void open_group(bool on);
    void set_text_pongs(bool on);

    // What happened
    [[nodiscard]] const std::string& path() const { return relay_.path(); }
    [[nodiscard]] bool has_client() const;
    [[nodiscard]] int accepted() const;  ///< connections served so far
    /// How often a client sent what kills the real relay: a byte >= 0x80, or more than 1 MiB
    /// without LF.
    [[nodiscard]] int killed() const;
    /// Every complete line received, answered or not, since the start or clear_history().
    [[nodiscard]] std::vector<ReceivedLine> history() const;
    /// history(), which is then forgotten.
    [[nodiscard]] std::vector<ReceivedLine> take_history();
    /// From now on the commands that are answered as a whole are kept for take_answered(), each
    /// with the time of its answer's end.
    void keep_answered();
    [[nodiscard]] std::vector<ReceivedLine> take_answered();
    /// The same without the echoes that exapulsed itself requests.
    [[nodiscard]] std::vector<std::string> received() const;
    [[nodiscard]] std::size_t count_of(std::string_view line) const;
    [[nodiscard]] std::size_t count_if(
        const std::function<bool(const std::string&)>& predicate) const;
    void clear_history();

  private:
    void run();
    /// Runs `task` in the thread, between two turns, and waits for it.
    void in_thread(const std::function<void()>& task) const;
    template <typename Question>
    auto ask(Question question) const;

    mutable SimulatedRelay relay_;  // belongs to the thread once it runs
    FileDescriptor wake_;
    mutable std::mutex mutex_;
    mutable std::vector<std::function<void()>> tasks_;  // guarded by mutex_
    bool ending_ = false;                               // the thread's
    std::thread thread_;
};

}  // namespace exapulse::test
