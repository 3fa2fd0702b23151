// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/pipes_simulator/pipes_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/line_framer.hpp"
#include "common/words.hpp"
#include "tests/support/pipes_simulator/pipes_reactor.hpp"

namespace exapulse::test {

namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr std::size_t longest_control_line = 256;
constexpr std::size_t longest_command_50 = 1'048'576;

void say(std::string_view line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

/// One control word, with its arguments, of which a missing one reads as "".
struct Call {
    PipesReactor& reactor;
    std::string_view first, second;

    [[nodiscard]] Milliseconds milliseconds() const {
        return Milliseconds(std::stol(std::string(first)));
    }
};

struct Word {
    std::string_view name, arguments, help;
    /// What to say.
    std::string (*obey)(const Call& call);
};

std::string obey_bounce(const Call& call) {
    call.reactor.reload(call.first.empty() ? call.reactor.behaviour().respawn
                                           : call.milliseconds());
    return fmt::format("bounced, relay {}", call.reactor.relay_pid());
}

std::string obey_crash(const Call&) {
    raise(SIGKILL);
    return {};
}

std::string obey_quit(const Call& call) {
    call.reactor.shut_down();
    return "ended";
}

std::string obey_silence(const Call& call) {
    call.reactor.behaviour().silent = true;
    return "silent";
}

std::string obey_resume(const Call& call) {
    call.reactor.behaviour().silent = false;
    return "answering";
}

std::string obey_respawn(const Call& call) {
    call.reactor.behaviour().respawn = call.milliseconds();
    return "so be it";
}

std::string obey_delay(const Call& call) {
    call.reactor.behaviour().answer_delay = call.milliseconds();
    return "so be it";
}

std::string obey_faults(const Call& call) {
    call.reactor.seed(std::stoul(std::string(call.first)));
    call.reactor.behaviour().fault_probability = std::stod(std::string(call.second));
    return "so be it";
}

std::string obey_acks(const Call& call) {
    call.reactor.commands().set_acks(call.first == "on");
    return "so be it";
}

std::string obey_relay(const Call& call) {
    return fmt::format("{}", call.reactor.relay_pid());
}

std::string obey_routes(const Call& call) {
    return fmt::format("{}", fmt::join(call.reactor.commands().rib().prefixes(), " "));
}

constexpr std::array vocabulary{
    Word{"bounce", "[MS]", "replaces the relay, as a reload does", obey_bounce},
    Word{"crash", "", "as kill -9", obey_crash},
    Word{"quit", "", "ends, and says so on the pipe", obey_quit},
    Word{"silence", "", "answers nothing", obey_silence},
    Word{"resume", "", "answers all that came meanwhile", obey_resume},
    Word{"respawn", "MS", "how long a relay that died is away", obey_respawn},
    Word{"delay", "MS", "answers so much later", obey_delay},
    Word{"faults", "SEED P", "each command fails with probability P", obey_faults},
    Word{"acks", "on|off", "says done and error, or not", obey_acks},
    Word{"relay", "", "the process id of the relay", obey_relay},
    Word{"routes", "", "the prefixes announced", obey_routes},
};

std::string help() {
    std::vector<std::string> lines;
    for (const Word& word : vocabulary)
        lines.push_back(
            fmt::format("{:<18}{}", fmt::format("{} {}", word.name, word.arguments), word.help));
    return fmt::format("{}", fmt::join(lines, "\n"));
}

void control(PipesReactor& reactor, std::string_view line) {
    const auto all = words(line);
    if (all.empty()) return;
    const auto word = std::find_if(vocabulary.begin(), vocabulary.end(),
                                   [&](const Word& each) { return each.name == all.front(); });
    try {
        say(word == vocabulary.end() ? help()
                                     : word->obey({reactor, all.size() > 1 ? all[1] : "",
                                                   all.size() > 2 ? all[2] : ""}));
    } catch (const std::logic_error&) {  // from stol() and its like
        say(help());
    }
}

void obey_signal(PipesReactor& reactor, int signals) {
    signalfd_siginfo info{};
    if (read(signals, &info, sizeof(info)) != sizeof(info)) return;
    const auto number = static_cast<int>(info.ssi_signo);
    if (number == SIGUSR1 || number == SIGUSR2 || number == SIGALRM)
        reactor.reload(reactor.behaviour().respawn);
    else
        reactor.shut_down();
}

FileDescriptor block_signals() {
    sigset_t handled;
    sigemptyset(&handled);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM})
        sigaddset(&handled, signal);
    sigprocmask(SIG_BLOCK, &handled, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return FileDescriptor(signalfd(-1, &handled, SFD_CLOEXEC));
}

void serve(PipesReactor& reactor, int signals) {
    LineFramer framer(longest_control_line);
    std::array<pollfd, 2> polled{{{signals, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
    while (!reactor.ended()) {
        reactor.turn(polled);
        if (!reactor.ended() && polled[0].revents != 0) obey_signal(reactor, signals);
        if (reactor.ended() || polled[1].revents == 0) continue;
        std::array<char, 256> chunk;
        const ssize_t got = read(STDIN_FILENO, chunk.data(), chunk.size());
        if (got <= 0) polled[1].fd = -1;  // nobody there: poll() skips it from now on
        if (got > 0)
            framer.feed({chunk.data(), static_cast<std::size_t>(got)},
                        [&](const LineFramer::Line& line) {
                            control(reactor, line.text);
                            return !reactor.ended();
                        });
    }
}

}  // namespace

void make_pipes(const std::string& name) {
    constexpr mode_t mode = 0600;
    for (const char* end : {".in", ".out"})
        if (mkfifo((name + end).c_str(), mode) != 0 && errno != EEXIST)
            throw std::system_error(errno, std::generic_category(), "mkfifo " + name + end);
}

int run_pipes_process(const PipesProcessOptions& options) {
    make_pipes(options.pipes);
    const FileDescriptor signals = block_signals();
    const bool is_50 = options.dialect == Dialect::Pipes50;
    PipesReactor reactor({options.pipes, options.retry, is_50 ? longest_command_50 : 0},
                         options.dialect, options.journal);
    reactor.behaviour().respawn = options.respawn;
    if (!options.pidfile.empty()) std::ofstream(options.pidfile) << getpid() << '\n';
    say(fmt::format("ExaBGP simulator (no BGP): {} at {}.in and {}.out, process {}",
                    name_of(options.dialect), options.pipes, options.pipes, getpid()));
    serve(reactor, signals.get());
    if (!options.pidfile.empty() && reactor.ended() == 0) unlink(options.pidfile.c_str());
    return *reactor.ended();
}

}  // namespace exapulse::test
