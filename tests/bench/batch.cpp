// SPDX-License-Identifier: BSD-3-Clause
// `batch [COMMANDS [ROUNDS]]`: announces on a real ExaBGP, by `exapulse run --batch` through
// exapulsed and by a program that writes straight into ExaBGP's channel, in turns of one run, each
// on an ExaBGP of its own that has no peer up. EXABGP_HOME and EXABGP_PYTHON name the ExaBGP;
// Debian's by default. 6.0 is given all commands at once, 4.2 and 5.0 one by one, since their
// answers are in no order.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/bench/epoll_server.hpp"
#include "tests/bench/process_cost.hpp"
#include "tests/integration/attach.hpp"
#include "tests/support/harness/exabgp_under_test.hpp"
#include "tests/support/harness/temp_dir.hpp"

using namespace exapulse::test;
using exapulse::FileDescriptor;
using exapulse::bench::connect_to;
using exapulse::bench::cpu_of;

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr int longest_wait_ms = 60'000;

struct Cost {
    double seconds, exabgp_cpu;
};

/// ExaBGP's channel, used as it is.
class Channel {
  public:
    explicit Channel(const ExabgpUnderTest& exabgp) {
        if (exabgp.has_pipes()) {
            out_ = FileDescriptor(open((exabgp.path() + ".in").c_str(), O_RDWR | O_CLOEXEC));
            in_ = FileDescriptor(open((exabgp.path() + ".out").c_str(), O_RDWR | O_CLOEXEC));
        } else {
            in_ = connect_to(exabgp.path());
        }
        fcntl(in_.get(), F_SETFL, O_NONBLOCK);
        fcntl(writer(), F_SETFL, O_NONBLOCK);
    }

    /// Writes `text`, and reads until `count` lines have come that are `wanted`.
    void ask(std::string_view text, std::size_t count,
             const std::function<bool(std::string_view)>& wanted) {
        for (;;) {
            std::size_t from = 0;
            for (std::size_t end; count > 0 && (end = kept_.find('\n', from)) != kept_.npos;
                 from = end + 1)
                if (wanted(std::string_view(kept_).substr(from, end - from))) --count;
            kept_.erase(0, from);
            if (count == 0) return;
            exchange(text);
        }
    }

  private:
    /// Writes some of `text`, or reads, as soon as either is possible.
    void exchange(std::string_view& text) {
        pollfd ends[]{{in_.get(), POLLIN, 0}, {text.empty() ? -1 : writer(), POLLOUT, 0}};
        if (poll(ends, 2, longest_wait_ms) <= 0) throw std::runtime_error("ExaBGP hangs");
        if (ends[1].revents != 0)
            if (const ssize_t sent = ::write(writer(), text.data(), text.size()); sent > 0)
                text.remove_prefix(static_cast<std::size_t>(sent));
        if (ends[0].revents == 0) return;
        char buffer[65'536];
        const ssize_t got = ::read(in_.get(), buffer, sizeof buffer);
        if (got == 0) throw std::runtime_error("ExaBGP hangs up");
        if (got > 0) kept_.append(buffer, static_cast<std::size_t>(got));
    }
    [[nodiscard]] int writer() const { return out_.get() >= 0 ? out_.get() : in_.get(); }

    FileDescriptor in_, out_{};
    std::string kept_;
};

bool is_done(std::string_view line) {
    return line == "done";
}

std::vector<std::string> announces(const ExabgpUnderTest& exabgp, std::size_t count) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < count; ++i)
        lines.push_back(
            spelled(exabgp, fmt::format("announce route 10.{}.{}.0/24 next-hop 10.9.9.9", i / 256,
                                        i % 256)) +
            "\n");
    return lines;
}

Cost straight(std::size_t commands) {
    const TempDir dir;
    const auto exabgp = real_exabgp(dir.path());
    exabgp->start();
    std::unique_ptr<Channel> channel;
    const auto up = eventually(
        [&] {
            try {
                channel = std::make_unique<Channel>(*exabgp);
                return true;
            } catch (const std::exception&) {
                return false;
            }
        },
        start_time);
    if (!up.held) throw std::runtime_error("ExaBGP does not come up:\n" + exabgp->log());
    // What an earlier client has left comes before it.
    channel->ask(spelled(*exabgp, "version") + "\n", 1,
                 [](std::string_view line) { return line.find("exabgp") != line.npos; });
    channel->ask("", 1, is_done);
    const std::vector<std::string> lines = announces(*exabgp, commands);
    std::string all;
    for (const std::string& line : lines) all += line;
    const auto before = cpu_of(exabgp->pid());
    const auto begin = Clock::now();
    if (exabgp->has_pipes())
        for (const std::string& line : lines) channel->ask(line, 1, is_done);
    else
        channel->ask(all, commands, is_done);
    return {Seconds(Clock::now() - begin).count(), (cpu_of(exabgp->pid()) - before).count()};
}

Cost through(std::size_t commands) {
    const TempDir dir;
    const auto exabgp = real_exabgp(dir.path());
    const auto service = attach(*exabgp, slow_ticks, "[log]\nlevel = \"error\"\n");
    std::string all;
    for (const std::string& line : announces(*exabgp, commands)) all += line;
    dir.write("batch", all);
    const auto before = cpu_of(exabgp->pid());
    const auto begin = Clock::now();
    ChildProcess client({require_environment("EXAPULSE"), "--socket", service->socket(), "run",
                         "--batch", dir / "batch"});
    if (client.wait_exit(std::chrono::minutes(10)) != 0)
        throw std::runtime_error("exapulse run --batch failed:\n" + client.stderr_text());
    return {Seconds(Clock::now() - begin).count(), (cpu_of(exabgp->pid()) - before).count()};
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void compare(std::size_t commands, int rounds) {
    std::vector<double> alone, ours, ratios, alone_cpu, ours_cpu;
    for (int i = 0; i < rounds; ++i) {
        const Cost direct = straight(commands), batch = through(commands);
        alone.push_back(static_cast<double>(commands) / direct.seconds);
        ours.push_back(static_cast<double>(commands) / batch.seconds);
        ratios.push_back(ours.back() / alone.back());
        alone_cpu.push_back(direct.exabgp_cpu / static_cast<double>(commands) * 1e6);
        ours_cpu.push_back(batch.exabgp_cpu / static_cast<double>(commands) * 1e6);
    }
    fmt::print("\n## {} announces, ExaBGP {}\n\n", commands, real_dialect());
    fmt::print("| program | commands/s | ExaBGP's CPU each | exapulse is |\n");
    fmt::print("| --- | --- | --- | --- |\n");
    fmt::print("| exapulse run --batch | {:.0f} | {:.0f} us |  |\n", median(ours),
               median(ours_cpu));
    fmt::print("| straight into ExaBGP | {:.0f} | {:.0f} us | {:.2f} x |\n", median(alone),
               median(alone_cpu), median(ratios));
}

}  // namespace

int main(int argc, char** argv) {
    doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    const std::size_t commands = argc > 1 ? std::stoul(argv[1]) : 20'000;
    compare(commands, argc > 2 ? std::stoi(argv[2]) : 3);
}
