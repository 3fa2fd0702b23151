// SPDX-License-Identifier: BSD-3-Clause
#include "tests/promises/tested_daemon.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/file_descriptor.hpp"
#include "tests/integration/memory_tells.hpp"
#include "tests/support/harness/descriptor_limit.hpp"
#include "tests/support/harness/memory_limit.hpp"
#include "tests/support/harness/test_client.hpp"

namespace exapulse::test {

namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds longest_daemon_start{60'000};

/// From the moment at which it gets no memory until it has ended.
constexpr std::chrono::milliseconds end_without_memory{100};

std::string configuration(std::string_view level, int history) {
    using Daemon = TestedDaemon;
    return fmt::format(
        "[health]\ninterval = \"{}ms\"\nattempts = {}\n"
        "[commands]\nhold = \"30s\"\ndeadline = \"1s\"\n"
        "[socket]\nmode = \"0666\"\n"
        "[access]\nobserve = [\"{}\"]\noperate = [\"{}\"]\n"
        "[limits]\nclients = {}\nadmin_clients = {}\nclient_pending = {}\nclient_backlog = "
        "{}\nmemory = {}\n"
        "answer_line = \"4MiB\"\nslow_reader = \"300ms\"\nhistory = {}\nroutes = {}\n"
        "[log]\nlevel = \"{}\"\naudit = \"off\"\n",
        Daemon::interval.count(), Daemon::attempts, observer_uid, operator_uid,
        Daemon::most_clients, Daemon::most_admin_clients, Daemon::most_pending,
        Daemon::most_backlog, Daemon::memory_kib * 1'024, history, Daemon::most_routes, level);
}

bool write_text(const char* path, const std::string& text) {
    std::ofstream file(path);
    file << text << std::flush;
    return file.good();
}

}  // namespace

bool may_mount() {
    const uid_t uid = geteuid();
    const gid_t gid = getegid();
    if (uid == 0) {
        if (unshare(CLONE_NEWNS) != 0) return false;
    } else {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        if (!write_text("/proc/self/setgroups", "deny") ||
            !write_text("/proc/self/uid_map", fmt::format("0 {} 1", uid)) ||
            !write_text("/proc/self/gid_map", fmt::format("0 {} 1", gid)))
            return false;
    }
    return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

TestedDaemon::TestedDaemon(const std::vector<std::string>& upstream, bool own_mounts,
                           Recorder& recorder)
    : recorder_(recorder) {
    fs::permissions(dir_.path(), fs::perms(0755));
    const std::string state = dir_ / "state";
    fs::create_directory(state);
    own_disk_ = own_mounts && mount("tmpfs", state.c_str(), "tmpfs", 0, "size=16m") == 0;
    dir_.write("exapulse.toml", configuration("error", 1'000));
    argv_ = {require_environment("EXAPULSED"),
             "--config",
             dir_ / "exapulse.toml",
             "--socket",
             socket(),
             "--state-dir",
             state};
    clock_file_ = dir_.write("clock", std::string(sizeof(std::int64_t), '\0'));
    if (const char* library = std::getenv("WALL_CLOCK"))
        options_.environment = {{"LD_PRELOAD", library}, {"EXAPULSE_WALL_CLOCK", clock_file_}};
    argv_.insert(argv_.end(), upstream.begin(), upstream.end());
    const Time from = steady_clock::now();
    start();
    recorder_.add(FaultKind::Away, from);
}

TestedDaemon::~TestedDaemon() {
    process_.reset();
    if (own_disk_) umount2((dir_ / "state").c_str(), MNT_DETACH);
}

void TestedDaemon::start() {
    started_ = steady_clock::now();
    process_ = std::make_unique<ChildProcess>(argv_, options_);
    const auto served = eventually(
        [&] { return !process_->is_running() || TestClient::try_connect(socket()).has_value(); },
        longest_daemon_start);
    if (!served || !process_->is_running())
        throw std::runtime_error("exapulsed does not start: " + process_->stderr_text());
    pid_ = process_->pid();
}

void TestedDaemon::finish(int signal) {
    const bool by_itself = !process_->is_running();
    pid_ = 0;
    process_->signal(signal);
    const auto status = process_->wait_exit(longest_daemon_start);
    if (!status) process_->signal(SIGABRT);
    if (signal == SIGKILL && !by_itself) return add_run(DaemonRun::End::Killed, 0);
    add_run(by_itself ? DaemonRun::End::ByItself : DaemonRun::End::Stopped, status.value_or(-1));
}

void TestedDaemon::add_run(DaemonRun::End end, int status) {
    ended_badly_ = ended_badly_ || end == DaemonRun::End::ByItself || status != 0;
    log_ += process_->stderr_text();
    recorder_.add({started_, steady_clock::now(), end, status});
}

void TestedDaemon::while_away(bool killed, const std::function<void()>& meanwhile) {
    const Time from = steady_clock::now();
    finish(killed ? SIGKILL : SIGTERM);
    meanwhile();
    start();
    recorder_.add(FaultKind::Away, from);
}

void TestedDaemon::kill(Duration away) {
    while_away(true, [away] { std::this_thread::sleep_for(away); });
}

void TestedDaemon::restart(Duration away) {
    while_away(false, [away] { std::this_thread::sleep_for(away); });
}

void TestedDaemon::restart_read_only(Duration read_only) {
    if (!own_disk_) return restart(read_only);
    const std::string state = dir_ / "state";
    const Time from = steady_clock::now();
    finish(SIGTERM);
    mount(nullptr, state.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr);
    start();
    recorder_.add(FaultKind::Away, from);
    std::this_thread::sleep_for(read_only);
    mount(nullptr, state.c_str(), nullptr, MS_REMOUNT, nullptr);
    recorder_.add(FaultKind::NoSpace, from);
}

void TestedDaemon::freeze(Duration time) {
    const Time from = steady_clock::now();
    process_->freeze();
    std::this_thread::sleep_for(time);
    process_->signal(SIGCONT);
    recorder_.add(FaultKind::Frozen, from);
}

void TestedDaemon::reload(std::mt19937_64& random) {
    const Time from = steady_clock::now();
    const bool broken = random() % 4 == 0;
    dir_.write("exapulse.toml", broken ? "[limits\n"
                                       : configuration(random() % 2 == 0 ? "error" : "warning",
                                                       static_cast<int>(100 + random() % 1'000)));
    process_->signal(SIGHUP);
    // It reads the file some time after the signal, and must not start with a broken one.
    std::this_thread::sleep_for(100ms);
    if (broken) dir_.write("exapulse.toml", configuration("error", 1'000));
    recorder_.add(FaultKind::Reloaded, from);
}

void TestedDaemon::exhaust_descriptors(Duration time) {
    const Time from = steady_clock::now();
    try {
        const DescriptorLimit none(0, process_->pid());
        std::this_thread::sleep_for(time);
    } catch (const std::system_error&) {
        return;  // it has just ended
    }
    recorder_.add(FaultKind::NoDescriptors, from);
}

void TestedDaemon::exhaust_memory(std::size_t spare, Duration time) {
    if (!memory_tells) return;  // a sanitizer has an end of its own for that
    const Time from = steady_clock::now();
    {
        const MemoryLimit limit(process_->pid(), spare);
        static_cast<void>(process_->wait_exit(time));
    }
    const auto status = process_->wait_exit(end_without_memory);
    recorder_.add(FaultKind::NoMemory, from);
    if (!status) return;
    pid_ = 0;
    const bool promised = *status == 1 && process_->stderr_text().find(
                                              "exapulsed: out of memory") != std::string::npos;
    add_run(promised ? DaemonRun::End::Killed : DaemonRun::End::ByItself, promised ? 0 : *status);
    start();
    recorder_.add(FaultKind::Away, from);
}

void TestedDaemon::fill_disk(Duration time, const std::function<void()>& meanwhile) {
    if (!own_disk_) return meanwhile();
    const Time from = steady_clock::now();
    const std::string ballast = dir_ / "state/ballast";
    {
        const FileDescriptor file(open(ballast.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        for (std::size_t size = 1U << 20; size >= 512; size /= 2) {
            const std::string bytes(size, 'x');
            while (write(file.get(), bytes.data(), size) == static_cast<ssize_t>(size)) continue;
        }
    }
    meanwhile();
    std::this_thread::sleep_for(time);
    fs::remove(ballast);
    recorder_.add(FaultKind::NoSpace, from);
}

void TestedDaemon::jump_clock(Duration by) {
    const Time from = steady_clock::now();
    clock_offset_ += std::chrono::nanoseconds(by);
    const std::int64_t offset = clock_offset_.count();
    const FileDescriptor file(open(clock_file_.c_str(), O_WRONLY | O_CLOEXEC));
    if (pwrite(file.get(), &offset, sizeof(offset), 0) != static_cast<ssize_t>(sizeof(offset)))
        throw std::runtime_error("cannot write " + clock_file_);
    recorder_.add(FaultKind::ClockJump, from);
}

void TestedDaemon::settle() const {
    static_cast<void>(eventually(
        [&] {
            auto client = TestClient::try_connect(socket());
            if (!client) return false;
            const Answer answer = client->command("sidecar status");
            if (answer.lines.size() != 1) return false;
            const auto history = nlohmann::json::parse(answer.lines[0])["history"];
            return history["store"] == "file" && history["waiting"] == 0;
        },
        longest_daemon_start));
}

void TestedDaemon::end() {
    const Time from = steady_clock::now();
    finish(SIGTERM);
    recorder_.add(FaultKind::Away, from);
}

}  // namespace exapulse::test
