// SPDX-License-Identifier: BSD-3-Clause
// SimulatedRelay: the socket of the simulated ExaBGP, its one client, and its faults.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "common/file_descriptor.hpp"
#include "tests/support/simulator/received_line.hpp"
#include "tests/support/socket_simulator/exabgp_commands.hpp"

namespace exapulse::test {

/// Serves one client at a time; others may connect and wait in the kernel's queue (backlog 1). The
/// pending answers of a client that disconnected go to the next one, followed by the answer to the
/// `bye` that the relay writes for it. Belongs to one thread, whose loop is turn().
class SimulatedRelay {
  public:
    using Clock = std::chrono::steady_clock;
    using Milliseconds = std::chrono::milliseconds;

    /// May be changed between two turns.
    struct Behaviour {
        bool silent = false;    ///< as if stopped: reads, accepts and answers nothing
        bool deaf = false;      ///< reads lines and answers none
        bool refusing = false;  ///< closes every connection at once
        /// Multi-client mode: output after a terminator is dropped until a line is read.
        bool multi_client = false;
        bool cut_lines = true;  ///< a longer line than `cut_at` loses its end and its LF
        Milliseconds answer_delay{0};
        std::size_t chunk = 0;     ///< bytes per write, each only once the last was read; 0: all
        Milliseconds respawn{20};  ///< how long it takes to replace a relay that died
        /// Pending answers go to a client that connects within this time; max: at any time.
        Milliseconds stale_window = Milliseconds::max();
        /// The answers to commands that begin with the key, in place of ExaBGP's.
        std::map<std::string, std::string> answers{};
        double fault_probability = 0;  ///< of each command to run into one of the four faults
        /// Of each announce to be answered wrongly in one of four ways, and of each echo to be
        /// late.
        double mistake_probability = 0;
        Milliseconds late_echo{0};
        bool keep_answered = false;  ///< see answered()
    };

    SimulatedRelay(std::string path, Dialect dialect);
    ~SimulatedRelay();
    SimulatedRelay(const SimulatedRelay&) = delete;
    SimulatedRelay& operator=(const SimulatedRelay&) = delete;

    /// Waits for the next event, including `wake` becoming readable, and handles it.
    void turn(int wake);

    /// Binds the socket, replacing an existing file. Throws on failure.
    void open();

    enum class File { Removed, LeftBehind };
    /// Closes every connection, also the waiting ones, and discards everything pending.
    void close(File file);
    /// open(), `away` from now; at once when that is 0.
    void open_after(Milliseconds away);
    /// The relay dies and is replaced: connections end, routes and UUID stay.
    void bounce(Milliseconds away);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] Behaviour& behaviour() { return behaviour_; }
    [[nodiscard]] ExabgpCommands& commands() { return commands_; }
    [[nodiscard]] std::vector<ReceivedLine>& history() { return history_; }
    /// The commands answered as a whole, each with the time of its answer's end; kept if
    /// `keep_answered` is set.
    [[nodiscard]] std::vector<ReceivedLine>& answered() { return answered_; }
    [[nodiscard]] int killed() const { return killed_; }
    [[nodiscard]] int accepted() const { return accepted_; }
    [[nodiscard]] bool has_client() const { return client_.is_open(); }
    void seed(std::uint64_t value) { random_.seed(value); }

    /// The most that one socket write of the real relay sends; the rest of the line is lost.
    static constexpr std::size_t cut_at = 219'264;
    /// A longer line without LF kills the relay.
    static constexpr std::size_t longest_line = 1'048'576;

  private:
    [[nodiscard]] int timeout() const;
    void accept_client();
    void read_client();
    [[nodiscard]] bool take(std::string_view bytes);  // false: they killed the relay
    void client_left();
    void answer_lines();
    [[nodiscard]] Reaction react(const std::string& line);
    void emit(std::string_view bytes);
    void flush();
    [[nodiscard]] bool all_sent() const { return sent_ == out_.size(); }

    std::string path_;
    ExabgpCommands commands_;
    Behaviour behaviour_;
    std::mt19937_64 random_;
    std::vector<ReceivedLine> history_, answered_;
    int killed_ = 0;
    int accepted_ = 0;

    FileDescriptor listener_, client_;
    std::optional<Clock::time_point> open_at_;  // when to open again
    std::string in_;                            // the partial line
    std::deque<std::string> lines_;             // read, not answered
    std::optional<Reaction> reaction_;          // the answer being given
    std::size_t step_ = 0;                      // its next step
    Clock::time_point step_due_{};
    std::string out_;              // bytes for the client, or for the next one
    std::size_t sent_ = 0;         // of out_
    bool asked_ = false;           // a line was read since the last terminator
    bool sent_whole_line_ = true;  // the last byte sent was an LF
    bool want_write_ = false;
    bool want_drain_ = false;  // a chunk was sent and not read yet
    Clock::time_point left_at_{};
    std::size_t since_mistake_ = 0;  // lines
};

}  // namespace exapulse::test
