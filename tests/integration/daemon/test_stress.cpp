// SPDX-License-Identifier: BSD-3-Clause
// Stress: 100 clients, random faults; every answer is its asker's own, no command is written twice.
#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "tests/integration/service.hpp"
#include "tests/support/socket_simulator/exabgp_simulator.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

constexpr int client_count = 100;
constexpr int commands_each = 60;

/// What all clients together saw.
struct Tally {
    std::atomic<int> done = 0, not_sent = 0, unknown = 0, wrong = 0;
};

/// Judges one answer to `test echo TAG`.
void judge(const Answer& answer, const std::string& tag, Tally& tally) {
    const std::string own = R"({"echo": ")" + tag + R"("})";
    const std::string last = answer.lines.empty() ? "" : answer.lines.back();
    // A command that was lost may have brought its data already, and then only its own.
    const bool pure = std::all_of(answer.lines.begin(), answer.lines.end(),
                                  [&](const auto& line) { return line == own || line == last; });
    if (answer == Answer{{own}, "done"})
        ++tally.done;
    else if (answer.terminator == "error" && pure && last.starts_with("error: not-sent: "))
        ++tally.not_sent;
    else if (answer.terminator == "error" && pure && last.starts_with("error: outcome-unknown: "))
        ++tally.unknown;
    else
        ++tally.wrong;
}

/// One client's life: single commands and batches, and now and then it leaves in mid-command.
void live(const Service& service, int number, Tally& tally) {
    std::mt19937 random(static_cast<unsigned>(number));
    TestClient client = service.client();
    int next = 0;
    while (next < commands_each) {
        const int batch = std::min<int>(1 + static_cast<int>(random() % 5), commands_each - next);
        std::string lines;
        for (int i = 0; i < batch; ++i)
            lines += "test echo c" + std::to_string(number) + "-" + std::to_string(next + i) + "\n";
        client.send_raw(lines);
        if (random() % 20 == 0) {  // leaves; whatever becomes of the batch, nobody else gets it
            client = service.client();
        } else {
            for (int i = 0; i < batch; ++i)
                judge(client.read_answer(60s),
                      "c" + std::to_string(number) + "-" + std::to_string(next + i), tally);
        }
        next += batch;
    }
}

void stress(ExabgpSimulator& exabgp, const Service& service, Tally& tally) {
    std::vector<std::thread> clients;
    for (int number = 0; number < client_count; ++number)
        clients.emplace_back([&, number] { live(service, number, tally); });
    for (std::thread& client : clients) client.join();

    std::map<std::string, int> written;
    for (const std::string& line : exabgp.received())
        if (line.starts_with("test echo ")) ++written[line];
    int twice = 0;
    for (const auto& [line, times] : written) twice += times > 1 ? 1 : 0;
    CHECK(twice == 0);
    CHECK(tally.wrong == 0);
    CHECK(tally.done > 0);
    CHECK(written.size() >= static_cast<std::size_t>(tally.done + tally.unknown));
    MESSAGE("answered " << tally.done.load() << ", not sent " << tally.not_sent.load()
                        << ", unknown " << tally.unknown.load() << ", written " << written.size());
}

}  // namespace

TEST_CASE("100 clients on a healthy ExaBGP: all done") {
    const TempDir dir;
    ExabgpSimulator exabgp(dir / "exabgp.sock");
    Service service(exabgp.path(), {"", "1s", {}, {}});
    service.await("up");
    Tally tally;
    stress(exabgp, service, tally);
    CHECK(tally.not_sent == 0);
    CHECK(tally.unknown == 0);
}

TEST_CASE("100 clients while ExaBGP hangs up, stalls and comes back at random") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        CAPTURE(seed);
        const TempDir dir;
        ExabgpSimulator exabgp(dir / "exabgp.sock");
        Service service(exabgp.path(), {"[commands]\nhold = \"30s\"\n", "1s", {}, {}});
        service.await("up");
        exabgp.set_faults(seed, 0.01);
        Tally tally;
        stress(exabgp, service, tally);
        CHECK(tally.unknown > 0);
    }
}
