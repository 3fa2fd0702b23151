// SPDX-License-Identifier: BSD-3-Clause
// Compares exapulsed with twemproxy, redis, socat and minimal programs that do the same, in turns
// of one run: each figure is printed with its ratio to the peer's of the same round, the median of
// all rounds. The program under test has CPU 0 to itself; its clients and its upstream share CPU 1.
// `side-by-side [PART...]` runs only these parts; see RESULTS.md.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <sched.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <vector>

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/bench/epoll_server.hpp"
#include "tests/bench/load.hpp"
#include "tests/bench/process_cost.hpp"
#include "tests/support/harness/child_process.hpp"
#include "tests/support/harness/temp_dir.hpp"

using namespace exapulse::test;
using exapulse::FileDescriptor;
using namespace exapulse::bench;

namespace {

constexpr int rounds = 5;
constexpr Seconds load_time{1.0};

const Talk announce{"peer * announce route 192.0.2.0/24 next-hop 198.51.100.1\n", "done\n"};
const Talk set{"*3\r\n$3\r\nset\r\n$1\r\na\r\n$1\r\nb\r\n", "+OK\r\n"};

/// A program under test and its upstream, on sockets in a separate directory.
class Contender {
  public:
    Contender(std::string name, Talk talk) : name_(std::move(name)), talk_(std::move(talk)) {}

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const Talk& talk() const { return talk_; }
    [[nodiscard]] std::string socket() const { return dir_ / "front.sock"; }
    [[nodiscard]] std::string upstream() const { return dir_ / "upstream.sock"; }
    [[nodiscard]] const TempDir& dir() const { return dir_; }
    [[nodiscard]] pid_t pid() const { return front_->pid(); }
    [[nodiscard]] pid_t upstream_pid() const { return behind_->pid(); }

    void start_upstream(const std::string& kind) {
        behind_ = std::make_unique<ChildProcess>(
            std::vector<std::string>{require_environment("INSTANT_UPSTREAM"), kind, upstream()});
        await(upstream());
    }
    void start(std::vector<std::string> argv) {
        argv.insert(argv.begin(), {"taskset", "-c", "0"});
        front_ = std::make_unique<ChildProcess>(argv);
        await(socket());
    }

  private:
    void await(const std::string& path) const {
        const auto up = eventually([&] {
            try {
                return connect_to(path).get() >= 0;
            } catch (const std::exception&) {
                return false;
            }
        });
        if (!up.held)
            throw std::runtime_error(name_ +
                                     " does not come up: " + (front_ ? front_->stderr_text() : ""));
    }

    std::string name_;
    Talk talk_;
    TempDir dir_;
    std::unique_ptr<ChildProcess> behind_, front_;
};

using Contenders = std::vector<std::unique_ptr<Contender>>;

std::unique_ptr<Contender> exapulsed(const std::string& upstream = "exabgp",
                                     std::string_view peers_interval = "5s") {
    auto self = std::make_unique<Contender>("exapulsed", announce);
    self->start_upstream(upstream);
    self->dir().write("exapulse.toml", fmt::format("[limits]\nclients = 20000\n"
                                                   "clients_per_uid = 20000\nmemory = \"8GiB\"\n"
                                                   "[peers]\ninterval = \"{}\"\n",
                                                   peers_interval));
    self->start({require_environment("EXAPULSED"), "--config", self->dir() / "exapulse.toml",
                 "--socket", self->socket(), "--state-dir", self->dir() / "state", "--upstream",
                 self->upstream(), "--log-level", "error"});
    Load(self->socket(), 1, announce).run(1, Seconds(0.1));  // waits until it is connected
    return self;
}

std::unique_ptr<Contender> twemproxy() {
    auto self = std::make_unique<Contender>("twemproxy", set);
    self->start_upstream("redis");
    self->dir().write("nutcracker.yml",
                      fmt::format("bench:\n  listen: {} 0666\n  redis: true\n"
                                  "  distribution: ketama\n  auto_eject_hosts: false\n"
                                  "  timeout: 60000\n  servers:\n  - {}:1 one\n",
                                  self->socket(), self->upstream()));
    self->start({"nutcracker", "-c", self->dir() / "nutcracker.yml", "-s",
                 std::to_string(20000 + getpid() % 10000), "-v", "0", "-o", self->dir() / "log"});
    return self;
}

std::unique_ptr<Contender> relay() {
    auto self = std::make_unique<Contender>("minimal relay", announce);
    self->start_upstream("exabgp");
    self->start({require_environment("REFERENCE"), "relay", self->socket(), self->upstream()});
    return self;
}

std::unique_ptr<Contender> socat() {
    auto self = std::make_unique<Contender>("socat", announce);
    self->start_upstream("exabgp");
    self->start(
        {"socat", "UNIX-LISTEN:" + self->socket() + ",fork", "UNIX-CONNECT:" + self->upstream()});
    return self;
}

std::unique_ptr<Contender> server() {
    auto self = std::make_unique<Contender>("minimal server", announce);
    self->start({require_environment("REFERENCE"), "serve", self->socket()});
    return self;
}

std::unique_ptr<Contender> redis() {
    auto self = std::make_unique<Contender>("redis", set);
    self->start({"redis-server", "--port", "0", "--unixsocket", self->socket(), "--save", "",
                 "--maxclients", "20000", "--dir", self->dir().path()});
    return self;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void row(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& cell : cells) line += " " + cell + " |";
    std::puts(line.c_str());
    std::fflush(stdout);
}

void head(std::string_view title, const std::vector<std::string>& cells) {
    std::printf("\n## %.*s\n\n", static_cast<int>(title.size()), title.data());
    row(cells);
    row(std::vector<std::string>(cells.size(), "---"));
}

/// Runs `measure` on each contender in turns; the medians, and those of the ratios to the first.
struct Medians {
    std::vector<double> values, ratios;
};
Medians in_turns(const Contenders& contenders, const std::function<double(Contender&)>& measure) {
    std::vector<std::vector<double>> values(contenders.size()), ratios(contenders.size());
    for (int i = 0; i < rounds; ++i)
        for (std::size_t c = 0; c < contenders.size(); ++c) {
            values[c].push_back(measure(*contenders[c]));
            ratios[c].push_back(values[0].back() / values[c].back());
        }
    Medians medians;
    for (std::size_t c = 0; c < contenders.size(); ++c) {
        medians.values.push_back(median(values[c]));
        medians.ratios.push_back(median(ratios[c]));
    }
    return medians;
}

void add(Contenders& contenders, std::unique_ptr<Contender> one) {
    contenders.push_back(std::move(one));
}

void throughput() {
    Contenders contenders;
    add(contenders, exapulsed());
    add(contenders, twemproxy());
    add(contenders, relay());
    add(contenders, socat());
    head("Commands a second", {"clients x commands under way", "program", "commands/s",
                               "median wait", "CPU each", "exapulsed is"});
    for (const auto& [clients, depth] : {std::pair{64, 1}, {16, 16}, {1, 1}}) {
        std::vector<std::vector<double>> waits(contenders.size()), costs(contenders.size());
        std::size_t turn = 0;
        const Medians medians = in_turns(contenders, [&](Contender& one) {
            const std::size_t self = turn++ % contenders.size();
            Load load(one.socket(), static_cast<std::size_t>(clients), one.talk());
            const auto before = cpu_of(one.pid());
            const Rate rate = load.run(static_cast<std::size_t>(depth), load_time);
            waits[self].push_back(rate.median_us);
            costs[self].push_back((cpu_of(one.pid()) - before).count() * 1e6 /
                                  static_cast<double>(rate.answers));
            return rate.per_second;
        });
        for (std::size_t c = 0; c < contenders.size(); ++c) {
            const bool forks = contenders[c]->name() == "socat";  // one process per client
            row({fmt::format("{} x {}", clients, depth), contenders[c]->name(),
                 fmt::format("{:.0f}", medians.values[c]),
                 fmt::format("{:.0f} us", median(waits[c])),
                 forks ? "" : fmt::format("{:.2f} us", median(costs[c])),
                 c == 0 ? "" : fmt::format("{:.2f} x", medians.ratios[c])});
        }
    }
}

void scaling() {
    const auto one = exapulsed();
    head("Cost of a command as clients are more, one command of each under way",
         {"clients", "commands/s", "CPU each", "of that at 10"});
    const std::vector<std::size_t> sizes{10, 100, 1'000, 3'000, 10'000};
    std::vector<std::vector<double>> costs(sizes.size()), ratios(sizes.size()), rates(sizes.size());
    for (int i = 0; i < rounds; ++i)
        for (std::size_t s = 0; s < sizes.size(); ++s) {
            Load load(one->socket(), sizes[s], one->talk());
            load.run(1, Seconds(0.1));  // waits until all are connected
            const auto before = cpu_of(one->pid());
            const Rate rate = load.run(1, load_time);
            costs[s].push_back((cpu_of(one->pid()) - before).count() * 1e6 /
                               static_cast<double>(rate.answers));
            rates[s].push_back(rate.per_second);
            ratios[s].push_back(costs[s].back() / costs[0].back());
        }
    for (std::size_t s = 0; s < sizes.size(); ++s)
        row({std::to_string(sizes[s]), fmt::format("{:.0f}", median(rates[s])),
             fmt::format("{:.2f} us", median(costs[s])),
             fmt::format("{:.2f} x", median(ratios[s]))});
}

void short_lived() {
    Contenders contenders;
    add(contenders, exapulsed());
    add(contenders, server());
    const Medians medians = in_turns(contenders, [&](Contender& one) {
        return short_lived_per_second(one.socket(), one.talk(), load_time);
    });
    head("Connect, one command, its answer, close; 16 at a time",
         {"program", "a second", "exapulsed is"});
    for (std::size_t c = 0; c < contenders.size(); ++c)
        row({contenders[c]->name(), fmt::format("{:.0f}", medians.values[c]),
             c == 0 ? "" : fmt::format("{:.2f} x", medians.ratios[c])});
}

void memory() {
    constexpr std::size_t clients = 10'000;
    struct Way {
        std::string_view what, greeting;
        std::size_t greeted;
    };
    head("Memory of an idle client, 10,000 of them", {"program", "client", "bytes"});
    const auto measure = [&](Contender& one, const Way& way) {
        const std::size_t before = memory_of(one.pid());
        Audience audience(one.socket(), clients);
        if (way.greeted > 0)
            audience.greet(std::string(way.greeting), way.greeted);
        else
            Load(one.socket(), 1, one.talk()).run(1, Seconds(0.1));
        std::this_thread::sleep_for(Seconds(7));  // the heap returns memory every five
        row({one.name(), std::string(way.what),
             fmt::format("{:.0f}", static_cast<double>(memory_of(one.pid()) - before) / clients)});
    };
    measure(*exapulsed(), {"attached", "", 0});
    measure(*exapulsed(),
            {"has asked once", "peer * announce route 192.0.2.0/24 next-hop 1.2.3.4\n", 1});
    measure(*exapulsed(), {"subscribed", "sidecar subscribe\n", 1});
    measure(*twemproxy(), {"attached", "", 0});
    measure(*relay(), {"attached", "", 0});
}

/// A program with subscribers, and a way to make it send them something.
struct Told {
    std::function<std::unique_ptr<Contender>()> start;
    std::string greeting;
    std::size_t greeted;
    std::function<double(Contender&, Audience&)> tell;  // the seconds it took
};

std::function<double(Contender&, Audience&)> publishes(std::string message, std::size_t lines) {
    return [message = std::move(message), lines](Contender& one, Audience& audience) {
        const FileDescriptor publisher = connect_to(one.socket());
        send(publisher.get(), message.data(), message.size(), MSG_NOSIGNAL);
        return audience.read(lines).first_to_last.count();
    };
}

void broadcast() {
    head("One event to all, from the first read to the last",
         {"subscribers", "program", "ms", "exapulsed takes"});
    const std::string text(250, 'x');
    const auto bounce = [](Contender& one, Audience& audience) {
        kill(one.upstream_pid(), SIGUSR1);
        const double taken = audience.read(1).first_to_last.count();
        audience.read(1);  // reconnected
        return taken;
    };
    const std::vector<Told> programs{
        {[] { return exapulsed(); }, "sidecar subscribe disconnected reconnected\n", 1, bounce},
        {server, "", 0, publishes("publish " + text + "\n", 1)},
        {redis, "*2\r\n$9\r\nsubscribe\r\n$1\r\nx\r\n", 6,
         publishes("*3\r\n$7\r\npublish\r\n$1\r\nx\r\n$250\r\n" + text + "\r\n", 7)}};
    for (const std::size_t size : {std::size_t{1'000}, std::size_t{10'000}}) {
        std::vector<std::string> names(programs.size());
        std::vector<std::vector<double>> times(programs.size()), ratios(programs.size());
        for (int i = 0; i < rounds; ++i)
            for (std::size_t p = 0; p < programs.size(); ++p) {
                const auto one = programs[p].start();
                Audience audience(one->socket(), size);
                if (programs[p].greeted > 0)
                    audience.greet(programs[p].greeting, programs[p].greeted);
                std::vector<double> told;
                for (int event = 0; event < rounds; ++event)
                    told.push_back(programs[p].tell(*one, audience));
                names[p] = one->name();
                times[p].push_back(median(told) * 1e3);
                ratios[p].push_back(times[0].back() / times[p].back());
            }
        for (std::size_t p = 0; p < programs.size(); ++p)
            row({std::to_string(size), names[p], fmt::format("{:.2f}", median(times[p])),
                 p == 0 ? "" : fmt::format("{:.2f} x", median(ratios[p]))});
    }
}

void flood() {
    head("1,000 peers that flap, told to 1,000 subscribers", {"program", "deliveries/s"});
    const auto one = exapulsed("flapping", "2s");
    Audience audience(one->socket(), 1'000);
    audience.greet("sidecar subscribe peer-up peer-down\n", 1);
    std::vector<double> rates;
    for (int i = 0; i < rounds; ++i) {
        const auto spread = audience.read(1'000);
        rates.push_back(static_cast<double>(spread.lines) / spread.first_to_last.count());
    }
    row({one->name(), fmt::format("{:.0f}", median(rates))});
}

struct Part {
    std::string_view name;
    void (*run)();
};
constexpr Part parts[]{{"throughput", throughput},   {"scaling", scaling},
                       {"short-lived", short_lived}, {"memory", memory},
                       {"broadcast", broadcast},     {"flood", flood}};

}  // namespace

int main(int argc, char** argv) {
    doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    cpu_set_t others;
    CPU_ZERO(&others);
    CPU_SET(1, &others);
    sched_setaffinity(0, sizeof others, &others);
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    const std::vector<std::string_view> wanted(argv + 1, argv + argc);
    for (const Part& part : parts)
        if (wanted.empty() || std::find(wanted.begin(), wanted.end(), part.name) != wanted.end())
            part.run();
}
