// SPDX-License-Identifier: BSD-3-Clause
// HealthMonitor: what is told when ExaBGP bounces, restarts, hangs and goes.
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "daemon/health/health_monitor.hpp"
#include "tests/support/harness/manual_clock.hpp"

using namespace exapulse;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

class Patient : HealthMonitor::Listener {
  public:
    explicit Patient(std::optional<KnownInstance> known = std::nullopt, int attempts = 3)
        : health({10s, attempts}, *this, std::move(known), clock.now()) {}

    void connect() {
        health.on_connected();
        health.on_usable(clock.now());
    }
    void pong(std::string_view uuid) {
        health.on_sign_of_life();
        health.on_pong(uuid, 400us, clock.now());
    }
    void up(std::string_view uuid) {
        connect();
        pong(uuid);
        news();
    }
    void close() { health.on_closed(Cause::Closed, "closed", clock.now()); }
    void refuse() { health.on_connect_failed(Cause::Refused, "nobody listens", clock.now()); }
    void absent() { health.on_connect_failed(Cause::Absent, "no socket", clock.now()); }
    /// Time passes, with the ticks that fall into it.
    void pass(Milliseconds time) {
        const TimePoint end = clock.steady() + time;
        while (health.next_tick() <= end) {
            clock.advance(std::chrono::ceil<Milliseconds>(health.next_tick() - clock.steady()));
            health.on_tick(clock.now());
        }
        clock.advance(std::chrono::ceil<Milliseconds>(end - clock.steady()));
    }
    Lines news() { return std::exchange(told, {}); }

    test::ManualClock clock;
    Lines told;
    std::vector<Event> events;
    int pings = 0;
    HealthMonitor health;

  private:
    void on_health_event(const Event& event) override {
        CHECK(event.state == health.state());
        events.push_back(event);
        std::string line = fmt::format("{} {}", name_of(event.type), name_of(event.state));
        if (event.previous) line += fmt::format(" {}->{}", *event.previous, event.uuid);
        if (event.cause) line += fmt::format(" {}", name_of(*event.cause));
        if (event.missed) line += fmt::format(" {}/{}", *event.missed, *event.of);
        if (event.away) line += fmt::format(" away {}", event.away->count());
        told.push_back(line);
    }
    void on_ping_due() override { ++pings; }
};

}  // namespace

TEST_CASE("the first pong connects, and further ones cause no event") {
    Patient patient;
    CHECK(patient.health.state() == HealthState::Connecting);
    patient.connect();
    CHECK(patient.pings == 1);
    patient.pong("A");
    CHECK(patient.news() == Lines{"connected up"});
    for (int i = 0; i < 5; ++i) {
        patient.pass(10s);
        patient.pong("A");
    }
    CHECK(patient.news().empty());
    CHECK(patient.pings == 6);
    CHECK(patient.health.latency() == 400us);
}

TEST_CASE("kill -9 and start: disconnected, restarted, and nothing in between") {
    Patient patient;
    patient.up("A");
    patient.pass(9900ms);
    patient.close();
    CHECK(patient.news() == Lines{"disconnected connecting closed"});
    for (int i = 0; i < 20; ++i) {
        patient.pass(50ms);
        patient.refuse();
    }
    patient.connect();
    patient.pong("B");
    CHECK(patient.news() == Lines{"restarted up A->B closed away 1000"});
}

TEST_CASE("a bounce of ExaBGP's control helper: the same UUID") {
    Patient patient;
    patient.up("A");
    patient.close();
    patient.absent();
    patient.pass(900ms);
    patient.connect();
    patient.pong("A");
    CHECK(patient.news() == Lines{"disconnected connecting closed", "reconnected up away 900"});
}

TEST_CASE("a hang: degraded, degraded, failed, then recovered") {
    Patient patient;
    patient.up("A");
    patient.pass(10s);
    CHECK(patient.news().empty());  // the ping of this tick is the first that is not answered
    patient.pass(30s);
    CHECK(patient.news() ==
          Lines{"degraded degraded 1/3", "degraded degraded 2/3", "failed down hung"});
    CHECK(patient.events.back().last_pong);
    CHECK(patient.events.at(patient.events.size() - 2).last_pong ==
          patient.events.back().last_pong);
    CHECK_FALSE(patient.events.back().detail->empty());
    patient.pass(60s);
    CHECK(patient.news().empty());
    CHECK(patient.pings == 11);
    patient.pong("A");
    CHECK(patient.news() == Lines{"recovered up away 100000"});
    patient.pong("A");  // late pongs come in a burst
    patient.pong("A");
    CHECK(patient.news().empty());
}

TEST_CASE("more bytes of an answer are a sign of life") {
    Patient patient;
    patient.up("A");
    for (int i = 0; i < 6; ++i) {
        patient.pass(5s);
        patient.health.on_sign_of_life();
    }
    CHECK(patient.news().empty());
    CHECK(patient.health.state() == HealthState::Up);
}

TEST_CASE("ticks without a connection count, and the failure says why there is none") {
    struct Row {
        void (Patient::*attempt)();
        const char* failed;
    };
    for (const Row& row : {Row{&Patient::refuse, "failed down refused"},
                           Row{&Patient::absent, "failed down absent"}}) {
        Patient patient;
        patient.up("A");
        patient.close();
        (patient.*row.attempt)();
        patient.pass(29s);
        CHECK(patient.news() == Lines{"disconnected connecting closed"});
        patient.pass(1s);
        CHECK(patient.news() == Lines{row.failed});
        patient.connect();
        patient.pong("A");
        CHECK(patient.news() == Lines{"reconnected up away 30000"});
    }
}

TEST_CASE("a connection that never becomes usable counts as a hang") {
    Patient patient;
    patient.health.on_connected();
    patient.pass(30s);
    CHECK(patient.news() == Lines{"failed down hung"});
    patient.health.on_usable(patient.clock.now());
    patient.pong("A");
    CHECK(patient.news() == Lines{"connected up"});
}

TEST_CASE("an ExaBGP absent from the start is reported once, then as failed, then as connected") {
    Patient patient;
    for (int i = 0; i < 40; ++i) {
        patient.absent();
        patient.pass(1s);
    }
    CHECK(patient.news() == Lines{"disconnected connecting absent", "failed down absent"});
    CHECK_FALSE(patient.events.back().last_pong);
    patient.connect();
    patient.pong("A");
    CHECK(patient.news() == Lines{"connected up"});
}

TEST_CASE("a restart after a failure names the failure") {
    Patient patient;
    patient.up("A");
    patient.pass(40s);
    patient.news();
    patient.close();  // the hung one is killed
    CHECK(patient.news() == Lines{"disconnected down closed"});
    patient.connect();
    patient.pong("B");
    CHECK(patient.news() == Lines{"restarted up A->B hung away 40000"});
}

TEST_CASE("another UUID on an unbroken connection is a restart") {
    Patient patient;
    patient.up("A");
    patient.pass(10s);
    patient.pong("B");
    CHECK(patient.news() == Lines{"restarted up A->B changed away 10000"});
    patient.pass(10s);
    patient.pong("B");
    CHECK(patient.news().empty());
}

TEST_CASE("the UUID of an earlier run of exapulsed") {
    test::ManualClock clock;
    const KnownInstance known{"A", clock.now().wall - 90s};
    SUBCASE("a restart while exapulsed was down") {
        Patient patient(known);
        patient.connect();
        patient.pong("B");
        CHECK(patient.news() == Lines{"restarted up A->B unwatched away 90000"});
    }
    SUBCASE("the same ExaBGP") {
        Patient patient(known);
        patient.connect();
        patient.pong("A");
        CHECK(patient.news() == Lines{"connected up"});
        patient.close();
        patient.connect();
        patient.pong("B");
        CHECK(patient.news() ==
              Lines{"disconnected connecting closed", "restarted up A->B closed away 0"});
    }
}

TEST_CASE("one missed ping and then a pong") {
    Patient patient;
    patient.up("A");
    patient.pass(20s);
    CHECK(patient.news() == Lines{"degraded degraded 1/3"});
    patient.pong("A");
    CHECK(patient.news() == Lines{"recovered up away 20000"});
    CHECK(patient.health.missed() == 0);
}

TEST_CASE("missed pings keep counting after a connection closes while degraded") {
    Patient patient;
    patient.up("A");
    patient.pass(30s);
    CHECK(patient.news() == Lines{"degraded degraded 1/3", "degraded degraded 2/3"});
    patient.close();
    patient.refuse();
    patient.pass(10s);
    CHECK(patient.news() == Lines{"disconnected connecting closed", "failed down refused"});
}

TEST_CASE("with one attempt the first missed ping is the failure") {
    Patient patient(std::nullopt, 1);
    patient.up("A");
    patient.pass(20s);
    CHECK(patient.news() == Lines{"failed down hung"});
}

TEST_CASE("ticks while exapulsed itself was paused are not missed pings") {
    Patient patient;
    patient.up("A");
    patient.clock.advance(10min);
    patient.health.on_tick(patient.clock.now());
    CHECK(patient.health.missed() == 0);
    CHECK(patient.health.next_tick() == patient.clock.steady() + 10s);
}

TEST_CASE("a shorter interval takes effect at once") {
    Patient patient;
    patient.up("A");
    patient.health.set_settings({1s, 3}, patient.clock.now());
    CHECK(patient.health.next_tick() == patient.clock.steady() + 1s);
}

TEST_CASE("an ExaBGP whose pongs have no UUID fails, however much it sends") {
    Patient patient;
    patient.up("A");
    const auto pong_of_nobody = [&] {
        patient.health.on_sign_of_life();
        patient.health.on_unusable("its pong names no UUID");
    };
    for (int i = 0; i < 3; ++i) {
        pong_of_nobody();
        patient.pass(10s);
    }
    CHECK(patient.news() ==
          Lines{"degraded degraded 1/3", "degraded degraded 2/3", "failed down hung"});
    CHECK(patient.health.detail() == "its pong names no UUID");
    CHECK(patient.pings == 4);
    patient.pong("A");
    CHECK(patient.news() == Lines{"recovered up away 30000"});
    patient.health.on_sign_of_life();
    patient.pass(10s);
    CHECK(patient.news().empty());
}
