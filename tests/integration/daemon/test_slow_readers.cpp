// SPDX-License-Identifier: BSD-3-Clause
// Slow readers: they get all of their answers in bounded memory, and delay others for a limited
// time only.
#include <chrono>
#include <fstream>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/memory_tells.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/pipes_simulator/pipes_simulator.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;
using exapulse::Dialect;

namespace {

using SteadyClock = std::chrono::steady_clock;

/// The most memory that exapulsed has had, in KiB.
long peak_memory(Service& service) {
    std::ifstream status(fmt::format("/proc/{}/status", service.process().pid()));
    for (std::string word; status >> word;) {
        long kibibytes = 0;
        if (word == "VmHWM:" && status >> kibibytes) return kibibytes;
    }
    FAIL("no VmHWM");
    return 0;
}

/// `test lines COUNT SIZE TAG` and its answer.
struct BigAnswer {
    std::size_t count, size;
    std::string tag;

    [[nodiscard]] std::string command() const {
        return fmt::format("test lines {} {} {}", count, size, tag);
    }
    [[nodiscard]] std::size_t bytes() const { return count * (size + 1) + 5; }
    [[nodiscard]] std::string text() const {
        std::string lines;
        for (std::size_t i = 0; i < count; ++i)
            lines += fmt::format("{:.<{}}\n", fmt::format("{} {}", tag, i), size);
        return lines + "done\n";
    }
    [[nodiscard]] bool has_line(std::string_view line, std::size_t number) const {
        return line.size() == size && line.starts_with(fmt::format("{} {}.", tag, number));
    }
};

/// Reads the answer in pieces with pauses in between. Returns what is wrong with it.
std::string read_slowly(TestClient& client, const BigAnswer& answer, std::size_t piece,
                        std::chrono::microseconds pause) {
    std::string text(piece, '\0');
    std::string rest;
    std::size_t number = 0;
    const auto deadline = SteadyClock::now() + 90s;
    while (SteadyClock::now() < deadline) {
        const ssize_t got = recv(client.fd(), text.data(), text.size(), 0);
        if (got <= 0) return fmt::format("the stream ended after line {}", number);
        rest.append(text, 0, static_cast<std::size_t>(got));
        std::size_t begin = 0;
        for (auto end = rest.find('\n'); end != rest.npos; end = rest.find('\n', begin)) {
            const auto line = std::string_view(rest).substr(begin, end - begin);
            begin = end + 1;
            if (line == "done")
                return number == answer.count ? "" : fmt::format("done after line {}", number);
            if (!answer.has_line(line, number++)) return fmt::format("line {}", line);
        }
        rest.erase(0, begin);
        std::this_thread::sleep_for(pause);
    }
    return fmt::format("only {} lines in time", number);
}

/// How long a command takes.
std::chrono::milliseconds latency_of(TestClient& client) {
    const auto start = SteadyClock::now();
    CHECK(client.command("test echo ok", 30s) == echo_ok);
    return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start);
}

/// A command that changes nothing.
constexpr const char* show = "rib show out";

void await_begin(const Stage& stage, const BigAnswer& answer) {
    REQUIRE(eventually([&] { return stage.exabgp.count_of(answer.command()) == 1; }));
}

struct PipesStage {
    TempDir dir;
    PipesSimulator exabgp;
    Service service;

    PipesStage(Dialect dialect, const std::string& config)
        : exabgp(dir / "exabgp", dialect),
          service("", {config, "1h", {"--fifo", exabgp.name()}, {}, {}}) {
        service.await("up");
        exabgp.clear_history();
    }
};

constexpr const char* small_backlog = "[limits]\nclient_backlog = \"1MiB\"\n";

}  // namespace

TEST_CASE("an answer of 100 MB reaches a slow reader completely, in bounded memory") {
    Stage stage(small_backlog);
    const BigAnswer answer{100'000, 1'000, "T"};
    REQUIRE(answer.bytes() > 100'000'000);
    TestClient client = stage.service.client();
    CHECK(client.command("test echo ok") == echo_ok);
    const long before = peak_memory(stage.service);
    client.send_line(answer.command());
    CHECK(read_slowly(client, answer, 1U << 20, 5ms) == "");
    const long grown = peak_memory(stage.service) - before;
    MESSAGE("peak memory grew by " << grown << " KiB");
    if (memory_tells) CHECK(grown < 8 * 1024);
    CHECK(latency_of(client) < 5s);
    CHECK(stage.service.status()["state"] == "up");
}

TEST_CASE("two slow readers get all of their answers, one after the other") {
    Stage stage(small_backlog);
    const BigAnswer one{20'000, 500, "one"}, other{20'000, 500, "other"};
    TestClient first = stage.service.client(), second = stage.service.client();
    const long before = peak_memory(stage.service);
    first.send_line(one.command());
    second.send_line(other.command());
    std::string problem;
    std::thread reader([&] { problem = read_slowly(second, other, 200'000, 2ms); });
    CHECK(read_slowly(first, one, 200'000, 2ms) == "");
    reader.join();
    CHECK(problem == "");
    if (memory_tells) CHECK(peak_memory(stage.service) - before < 12 * 1024);
}

TEST_CASE("the answer of a client that does not read is dropped, and others go on") {
    Stage stage("[limits]\nclient_backlog = \"256KiB\"\nslow_reader = \"500ms\"\n");
    const BigAnswer answer{20'000, 500, "unread"};
    TestClient deaf = stage.service.client(), other = stage.service.client();
    const long before = peak_memory(stage.service);
    stage.exabgp.set_answer(show, answer.text());
    // Its further commands wait until it has read, and delay nobody.
    for (int i = 0; i < 5; ++i) deaf.send_line(show);
    deaf.send_line("test echo late");
    REQUIRE(eventually([&] { return stage.exabgp.count_of(show) == 1; }));
    CHECK(latency_of(other) < 3s);
    CHECK(stage.service.logs("incomplete: rib show out: "));
    // The second answer may have begun while there was room.
    static_cast<void>(latency_of(other));
    for (int i = 0; i < 20; ++i) CHECK(latency_of(other) < 400ms);
    CHECK(stage.exabgp.count_of(show) <= 2);
    CHECK(stage.exabgp.count_of("test echo late") == 0);
    if (memory_tells) CHECK(peak_memory(stage.service) - before < 4 * 1024);

    // It reads at last: each answer is whole, or says that it is not.
    int whole = 0;
    for (int i = 0; i < 5; ++i) {
        const Answer got = deaf.read_answer(30s);
        REQUIRE_FALSE(got.lines.empty());
        if (got.terminator == "done") {
            ++whole;
            CHECK(got.lines.size() == answer.count);
            continue;
        }
        CHECK(got.terminator == "error");
        CHECK(got.lines.size() < answer.count);
        CHECK(got.lines.back().starts_with("error: incomplete: "));
        CHECK(got.lines.back().find("limits.slow_reader (500ms)") != std::string::npos);
        for (std::size_t n = 0; n + 1 < got.lines.size(); ++n)
            REQUIRE(answer.has_line(got.lines[n], n));
    }
    CHECK(whole >= 3);
    CHECK(deaf.read_answer() == Answer{{R"({"echo": "late"})"}, "done"});
    CHECK(latency_of(deaf) < 3s);
}

TEST_CASE("while nobody else waits, a reader that is slow enough is given up, too") {
    Stage stage("[limits]\nclient_backlog = \"256KiB\"\nslow_reader = \"300ms\"\n");
    const BigAnswer answer{20'000, 500, "unread"};
    TestClient deaf = stage.service.client();
    stage.exabgp.set_answer(show, answer.text());
    deaf.send_line(show);
    CHECK(stage.service.logs("incomplete: rib show out: "));
    const Answer got = deaf.read_answer();
    CHECK(got.terminator == "error");
    CHECK(got.lines.back().find("you did not read it for limits.slow_reader (300ms)") !=
          std::string::npos);
}

TEST_CASE("a line that its user has no memory for is dropped") {
    Stage stage("[limits]\nmemory = \"16MiB\"\n");
    stage.exabgp.set_cut_lines(false);
    stage.exabgp.set_answer(show, std::string(20U << 20, 'x') + "\ndone\n");
    TestClient client = stage.service.client();
    const Answer got = client.command(show, 30s);
    REQUIRE(got.lines.size() == 1);
    CHECK(got.lines[0].starts_with("error: incomplete: "));
    CHECK(got.lines[0].find("limits.memory (16MiB)") != std::string::npos);
    CHECK(got.terminator == "error");
    CHECK(latency_of(client) < 5s);
}

TEST_CASE("a reader that resumes in time gets all of its answer") {
    Stage stage("[limits]\nclient_backlog = \"256KiB\"\nslow_reader = \"30s\"\n");
    const BigAnswer answer{20'000, 500, "late"};
    TestClient late = stage.service.client(), other = stage.service.client();
    late.send_line(answer.command());
    await_begin(stage, answer);
    other.send_line("test echo ok");
    CHECK_FALSE(other.read_line(1s));  // it waits for the reader
    CHECK(read_slowly(late, answer, 1U << 20, 0ms) == "");
    CHECK(other.read_answer() == echo_ok);
}

TEST_CASE("a client that leaves in the middle of an answer holds nothing") {
    Stage stage("[limits]\nclient_backlog = \"256KiB\"\nslow_reader = \"10m\"\n");
    const BigAnswer answer{20'000, 500, "gone"};
    TestClient other = stage.service.client();
    {
        TestClient leaves = stage.service.client();
        leaves.send_line(answer.command());
        await_begin(stage, answer);
        other.send_line("test echo ok");
        CHECK_FALSE(other.read_line(300ms));
    }
    CHECK(other.read_answer() == echo_ok);
}

TEST_CASE("a restart of ExaBGP is reported at once while a client does not read") {
    Stage stage("[limits]\nclient_backlog = \"256KiB\"\nslow_reader = \"10m\"\n");
    const BigAnswer answer{20'000, 500, "held"};
    TestClient deaf = stage.service.client(), other = stage.service.client();
    Subscription events = stage.service.subscribe();
    static_cast<void>(events.next("state"));
    deaf.send_line(answer.command());
    await_begin(stage, answer);
    other.send_line("test echo ok");
    CHECK_FALSE(other.read_line(300ms));
    stage.exabgp.restart();
    CHECK(events.next("disconnected", 3s)["cause"] == "closed");
    CHECK(events.next("restarted")["uuid"] == stage.exabgp.uuid());
    CHECK(other.read_answer() == echo_ok);
    const Answer got = deaf.read_answer();
    CHECK(got.terminator == "error");
    CHECK(got.lines.back().starts_with("error: outcome-unknown: "));
}

TEST_CASE("a channel that is held is not taken for an ExaBGP that hangs") {
    // For longer than three pings; little of the answer is left to read after that.
    Stage stage("[limits]\nclient_backlog = \"256KiB\"\nslow_reader = \"4s\"\n", "1s");
    const BigAnswer answer{4'000, 500, "held"};
    Subscription events = stage.service.subscribe();
    static_cast<void>(events.next("state"));
    TestClient deaf = stage.service.client();
    deaf.send_line(answer.command());
    CHECK(stage.service.logs("so the rest of the answer was dropped"));
    CHECK(events.next(200ms)["type"] == "");
    CHECK(stage.service.status()["state"] == "up");
    // It may have changed something.
    CHECK(deaf.read_answer().lines.back().starts_with("error: outcome-unknown: "));

    // One that does hang is noticed.
    stage.exabgp.silence(true);
    CHECK(events.next("failed")["cause"] == "hung");
}

TEST_CASE("pipes: a slow reader gets all, one that does not read is given up") {
    for (const Dialect dialect : {Dialect::Pipes42, Dialect::Pipes50}) {
        CAPTURE(static_cast<int>(dialect));
        PipesStage stage(dialect, "[limits]\nclient_backlog = \"64KiB\"\nslow_reader = \"2s\"\n");
        const BigAnswer answer{2'000, 500, "T"};
        TestClient slow = stage.service.client(), other = stage.service.client();
        slow.send_line(answer.command());
        CHECK(read_slowly(slow, answer, 100'000, 20ms) == "");
        slow.send_line(answer.command());
        REQUIRE(eventually([&] { return stage.exabgp.count_of(answer.command()) == 2; }));
        CHECK(latency_of(other) < 8s);
        const Answer got = slow.read_answer();
        CHECK(got.terminator == "error");
        REQUIRE_FALSE(got.lines.empty());
        CHECK(got.lines.back().find("limits.slow_reader (2s)") != std::string::npos);
        CHECK(latency_of(slow) < 8s);
        CHECK(stage.service.status()["state"] == "up");
    }
}
