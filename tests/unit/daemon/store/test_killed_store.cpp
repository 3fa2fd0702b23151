// SPDX-License-Identifier: BSD-3-Clause
// EventStore: a process that writes is killed at random moments, again and again.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <random>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/harness/temp_dir.hpp"
#include "tests/unit/daemon/store/stored_events.hpp"

namespace exapulse::test {

namespace {

long number_from(const char* variable, long otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtol(text, nullptr, 10);
}

/// Writes events until it is killed; tells the number of each batch's last one once it is written.
[[noreturn]] void write_for_ever(const std::string& path, const std::string& boot, int out,
                                 unsigned seed) {
    auto limits = generous();
    limits.size = 1U << 20;  // so that it prunes too
    EventStore store(path, boot, start, limits);
    std::minstd_rand random(seed);
    for (std::uint64_t seq = 0;;) {
        const std::uint64_t last = seq + 1 + random() % 40;
        while (seq < last) store.add(stored(boot, ++seq));
        store.write({std::chrono::steady_clock::now(), start + std::chrono::seconds(100'000)});
        const std::uint64_t told = store.waiting() == 0 ? seq : 0;
        if (write(out, &told, sizeof told) != sizeof told) _exit(1);
    }
}

}  // namespace

/// EXAPULSE_TEST_KILLS: how often; EXAPULSE_TEST_SEED: to repeat a run.
TEST_CASE("killed at any moment, the store has every event that was written") {
    TempDir dir;
    const std::string path = dir / "history.db";
    const long kills = number_from("EXAPULSE_TEST_KILLS", 100);
    const auto seed = static_cast<unsigned>(number_from("EXAPULSE_TEST_SEED", 1));
    CAPTURE(seed);
    std::minstd_rand random(seed);
    for (long round = 0; round < kills; ++round) {
        CAPTURE(round);
        const std::string boot = fmt::format("run-{}", round);
        int pipe_ends[2];
        REQUIRE(pipe(pipe_ends) == 0);
        const auto child_seed = static_cast<unsigned>(random());
        const pid_t child = fork();
        if (child == 0) {
            close(pipe_ends[0]);
            write_for_ever(path, boot, pipe_ends[1], child_seed);
        }
        close(pipe_ends[1]);
        usleep(static_cast<useconds_t>(random() % 40'000));
        kill(child, SIGKILL);
        std::uint64_t written = 0;
        for (std::uint64_t told = 0; read(pipe_ends[0], &told, sizeof told) == sizeof told;) {
            CHECK(told > 0);
            written = told;
        }
        close(pipe_ends[0]);
        waitpid(child, nullptr, 0);

        EventStore store(path, "check", start, generous());
        store.write(moment(0));
        REQUIRE(store.state() == StoreState::File);
        REQUIRE(store.take_changes().empty());
        if (!store.knows(boot)) {
            REQUIRE(written == 0);
            continue;
        }
        std::uint64_t last = 0;
        bool in_order = true;
        const auto lines = store.read({boot, 0}, every_happening(), 1U << 30).lines;
        for (const std::string& place : places(lines)) {
            const bool gap = place.starts_with("gap ");
            const std::uint64_t seq = std::stoull(place.substr(place.rfind(' ') + 1));
            in_order = in_order && (gap ? last == 0 : seq == last + 1);
            last = seq;
        }
        CHECK(in_order);
        CHECK(last >= written);
    }
    CHECK(Database(path, Database::Access::ReadWrite).prepare("PRAGMA integrity_check").step());
}

}  // namespace exapulse::test
