// SPDX-License-Identifier: BSD-3-Clause
#include "tests/promises/clients.hpp"

#include <random>
#include <thread>
#include <vector>

#include "tests/promises/commands.hpp"
#include "tests/support/harness/test_client.hpp"

namespace exapulse::test {

namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t longest_batch = 64;
/// Longer than any fault and any limit of exapulsed's: what has no verdict by then has none.
constexpr std::chrono::milliseconds longest_wait = 2min;
constexpr std::chrono::milliseconds longest_start = 2min;
constexpr std::size_t recorded_of_a_line = 120;

/// A client that connects again after each end of its connection.
class LastingClient {
  public:
    explicit LastingClient(std::string socket) : socket_(std::move(socket)), client_(connect()) {}

    /// Whether the socket took all of it.
    [[nodiscard]] bool send(std::string_view lines) { return client_.send_raw(lines); }
    /// Reads an answer into `asked`; false if the connection ended before it.
    [[nodiscard]] bool read_answer(Asked& asked);
    /// From before the connection was made, or from when an answer was read on it.
    [[nodiscard]] Time connected_at() const { return connected_; }
    void connect_again() { client_ = connect(); }

  private:
    [[nodiscard]] TestClient connect() {
        connected_ = steady_clock::now();
        return TestClient::connect_when_served(socket_, longest_start);
    }

    std::string socket_;
    Time connected_;
    TestClient client_;
};

bool LastingClient::read_answer(Asked& asked) {
    const auto deadline = steady_clock::now() + longest_wait;
    while (const auto line = client_.read_line(
               std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()))) {
        asked.answered = steady_clock::now();
        asked.answer.append(*line, 0, recorded_of_a_line).append("\n");
        if (*line == line_done || *line == line_error) {
            connected_ = asked.answered;
            return true;
        }
    }
    asked.answered = steady_clock::now();
    return false;
}

}  // namespace

void send_batches(Setting& setting, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<Asked> all;
    LastingClient client(setting.socket);
    while (!setting.ending) {
        std::vector<Asked> batch(1 + random() % longest_batch);
        const bool leaves = random() % 100 == 0;
        std::string lines;
        for (Asked& asked : batch) {
            asked.number = setting.recorder.next_number();
            asked.left = leaves;
            lines += command_line(asked.number, setting.pipes) + "\n";
        }
        const Time sent = steady_clock::now(), connected_at = client.connected_at();
        bool connected = client.send(lines) && !leaves;
        for (Asked& asked : batch) {
            asked.sent = asked.answered = sent;
            asked.connected = connected_at;
            connected = connected && client.read_answer(asked);
            if (asked.answered == sent) asked.answered = steady_clock::now();
            all.push_back(std::move(asked));
        }
        if (!connected) client.connect_again();
    }
    setting.recorder.add(std::move(all));
}

void send_one_by_one(Setting& setting) {
    constexpr std::chrono::milliseconds pause{50};
    std::vector<Asked> all;
    LastingClient client(setting.socket);
    while (!setting.ending) {
        Asked asked;
        asked.number = setting.recorder.next_number();
        asked.alone = true;
        asked.sent = asked.answered = steady_clock::now();
        asked.connected = client.connected_at();
        const bool connected = client.send(command_line(asked.number, setting.pipes) + "\n") &&
                               client.read_answer(asked);
        all.push_back(std::move(asked));
        if (connected)
            std::this_thread::sleep_for(pause);
        else
            client.connect_again();
    }
    setting.recorder.add(std::move(all));
}

}  // namespace exapulse::test
