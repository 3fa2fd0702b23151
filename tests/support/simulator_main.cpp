// SPDX-License-Identifier: BSD-3-Clause
// exabgp-simulator: simulates ExaBGP for demonstrations and tests. main().
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "common/file_descriptor.hpp"
#include "common/line_framer.hpp"
#include "tests/support/pipes_simulator/pipes_process.hpp"
#include "tests/support/socket_simulator/exabgp_simulator.hpp"

namespace exapulse::test {

namespace {

constexpr std::string_view help =
    "restart   a new process with a new UUID\n"
    "bounce    the same process with a new socket, as after a reload\n"
    "crash     as kill -9: the socket file stays; then: start\n"
    "start     a new process\n"
    "silence   answer nothing, as when stopped; then: resume\n"
    "resume    answer everything received meanwhile\n"
    "quit      exit\n";

/// A client gets the pending answers of the previous one only if it connects within this time, as
/// measured on ExaBGP.
constexpr std::chrono::milliseconds stale_window{65};
/// Approximately how long ExaBGP's relay takes to return.
constexpr std::chrono::milliseconds respawn{500};
constexpr std::size_t longest_control_word = 64;

void say(const std::string& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

/// False if the simulator should exit.
bool control(ExabgpSimulator& simulator, std::string_view word) {
    if (word == "restart") {
        simulator.restart();
        say("restarted, UUID " + simulator.uuid());
    } else if (word == "bounce") {
        simulator.bounce(respawn);
        say("bounced, UUID " + simulator.uuid());
    } else if (word == "crash") {
        simulator.crash();
        say("crashed");
    } else if (word == "start") {
        simulator.start();
        say("started, UUID " + simulator.uuid());
    } else if (word == "silence" || word == "resume") {
        simulator.silence(word == "silence");
        say(word == "silence" ? "silent" : "answering");
    } else if (word == "quit") {
        return false;
    } else if (!word.empty()) {
        fmt::print("{}", help);
        std::fflush(stdout);
    }
    return true;
}

/// Handles signals and control words until one of them stops the simulator.
void serve(ExabgpSimulator& simulator, int signals) {
    LineFramer framer(longest_control_word);
    std::array<pollfd, 2> polled{{{signals, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
    for (;;) {
        if (poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) return;
        if (polled[0].revents != 0) {
            signalfd_siginfo info{};
            if (read(signals, &info, sizeof(info)) != sizeof(info)) continue;
            if (info.ssi_signo == SIGUSR1)
                control(simulator, "bounce");
            else if (info.ssi_signo == SIGUSR2)
                control(simulator, "restart");
            else
                return;
        }
        if (polled[1].revents == 0) continue;
        std::array<char, 256> chunk;
        const ssize_t got = read(STDIN_FILENO, chunk.data(), chunk.size());
        if (got <= 0) polled[1].fd = -1;  // closed: poll() skips it from now on
        bool go_on = true;
        if (got > 0)
            framer.feed({chunk.data(), static_cast<std::size_t>(got)},
                        [&](const LineFramer::Line& line) {
                            return go_on = control(simulator, line.text);
                        });
        if (!go_on) return;
    }
}

int run(const std::string& path, Dialect dialect) {
    // Before the simulator's thread starts, so that it inherits the mask.
    sigset_t handled;
    sigemptyset(&handled);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2}) sigaddset(&handled, signal);
    pthread_sigmask(SIG_BLOCK, &handled, nullptr);
    const FileDescriptor signals(signalfd(-1, &handled, SFD_CLOEXEC));
    std::signal(SIGPIPE, SIG_IGN);

    ExabgpSimulator simulator(path, dialect);
    simulator.set_stale_window(stale_window);
    simulator.set_respawn(respawn);
    say(fmt::format("ExaBGP simulator (no BGP): {} at {}, UUID {}", name_of(dialect), path,
                    simulator.uuid()));
    serve(simulator, signals.get());
    return 0;
}

/// One of two; the first is the default.
Dialect parse_dialect(std::string_view name, Dialect first, Dialect second) {
    if (name.empty() || name == name_of(first)) return first;
    if (name == name_of(second)) return second;
    throw std::invalid_argument(
        fmt::format("--dialect must be {} or {} here", name_of(first), name_of(second)));
}

}  // namespace

}  // namespace exapulse::test

int main(int argc, char** argv) {
    using namespace exapulse;
    CLI::App app{"Simulates ExaBGP; control words on stdin: help"};
    std::string socket;
    test::PipesProcessOptions pipes;
    auto* transport = app.add_option_group("Where")->require_option(1);
    transport->add_option("--socket", socket,
                          "ExaBGP 6: the path to serve; an existing file is replaced");
    transport->add_option("--pipes", pipes.pipes,
                          "ExaBGP 4.2 or 5.0: serve NAME.in and NAME.out, created if missing");
    std::string dialect;
    app.add_option("--dialect", dialect,
                   "With --socket v4 or v6, the default; with --pipes 4.2, the "
                   "default, or 5.0");
    app.add_option("--journal", pipes.journal, "With --pipes: a file that records what happens");
    app.add_option("--pidfile", pipes.pidfile, "With --pipes: the pid file");
    int retry_ms = static_cast<int>(pipes.retry.count());
    app.add_option("--retry", retry_ms, "With --pipes: ms to wait if NAME.out accepts nothing")
        ->capture_default_str();
    int respawn_ms = static_cast<int>(pipes.respawn.count());
    app.add_option("--respawn", respawn_ms, "With --pipes: ms until a relay is replaced")
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        if (!socket.empty())
            return test::run(socket, test::parse_dialect(dialect, Dialect::V6, Dialect::V4));
        pipes.dialect = test::parse_dialect(dialect, Dialect::Pipes42, Dialect::Pipes50);
        pipes.retry = std::chrono::milliseconds(retry_ms);
        pipes.respawn = std::chrono::milliseconds(respawn_ms);
        return test::run_pipes_process(pipes);
    } catch (const std::exception& error) {
        fmt::print(stderr, "exabgp-simulator: {}\n", error.what());
        return 1;
    }
}
