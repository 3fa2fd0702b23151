// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "tests/support/harness/descriptor_io.hpp"

namespace exapulse::test {

namespace {

std::vector<std::string> changed_environment(
    const std::map<std::string, std::optional<std::string>>& changes) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        if (!changes.contains(std::string(text.substr(0, text.find('=')))))
            result.emplace_back(text);
    }
    for (const auto& [name, value] : changes)
        if (value) result.push_back(name + "=" + *value);
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (auto& text : strings) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

/// What posix_spawn() needs besides argv and environment, freed at the end.
struct SpawnSetup {
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};

    explicit SpawnSetup(const ChildProcess::Options& options) {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
        if (!options.working_directory.empty())
            posix_spawn_file_actions_addchdir_np(&actions, options.working_directory.c_str());
        // A test that ignores or blocks signals must not pass that on.
        sigset_t all, none;
        sigfillset(&all);
        sigemptyset(&none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setsigmask(&attributes, &none);
        int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
        if (options.own_group) flags |= POSIX_SPAWN_SETPGROUP;
        posix_spawnattr_setflags(&attributes, static_cast<short>(flags));
    }
    ~SpawnSetup() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    SpawnSetup(const SpawnSetup&) = delete;
    SpawnSetup& operator=(const SpawnSetup&) = delete;

    void place(const FileDescriptor& fd, int as) {
        posix_spawn_file_actions_adddup2(&actions, fd.get(), as);
    }
};

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> argv, const Options& options)
    : own_group_(options.own_group), stop_(eventfd(0, EFD_CLOEXEC)) {
    Pipe in, out, err;
    SpawnSetup setup(options);
    setup.place(in.read, STDIN_FILENO);
    setup.place(out.write, STDOUT_FILENO);
    setup.place(err.write, STDERR_FILENO);
    std::vector<std::string> environment = changed_environment(options.environment);
    const int error = posix_spawnp(&pid_, argv.at(0).c_str(), &setup.actions, &setup.attributes,
                                   pointers(argv).data(), pointers(environment).data());
    if (error != 0) throw std::system_error(error, std::generic_category(), "start " + argv[0]);
    stdin_ = std::move(in.write);
    stdout_ = std::move(out.read);
    stderr_ = std::move(err.read);
    reader_ = std::thread([this] { read_output(); });
}

ChildProcess::~ChildProcess() {
    if (own_group_)
        signal_group(SIGKILL);
    else
        signal(SIGKILL);
    if (!status_) waitpid(pid_, nullptr, 0);
    // A descendant may hold the pipes open, so their end can't be waited for.
    eventfd_write(stop_.get(), 1);
    reader_.join();
}

void ChildProcess::signal(int number) {
    if (!status_) kill(pid_, number);
}

void ChildProcess::signal_group(int number) {
    if (own_group_) killpg(pid_, number);
}

void ChildProcess::freeze() {
    signal(SIGSTOP);
    // kill() returns earlier than that.
    const auto stopped = [this] {
        siginfo_t info{};
        return waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WNOHANG) == 0 &&
               info.si_pid == pid_;
    };
    if (!eventually(stopped)) throw std::runtime_error("the program does not stop");
}

void ChildProcess::write_stdin(std::string_view text) {
    // A program that is gone must not take the test with it; send() can't be used on a pipe.
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    write_all(stdin_.get(), text);
    std::signal(SIGPIPE, before);
}

std::optional<int> ChildProcess::wait_exit(std::chrono::milliseconds timeout) {
    const auto reaped = [this] {
        int status = 0;
        if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_)
            status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        return status_.has_value();
    };
    if (!eventually(reaped, timeout)) return std::nullopt;
    constexpr std::chrono::milliseconds for_the_last_bytes{1000};
    static_cast<void>(eventually(
        [this] {
            const std::lock_guard lock(mutex_);
            return drained_;
        },
        for_the_last_bytes));
    return status_;
}

std::string ChildProcess::stdout_text() const {
    const std::lock_guard lock(mutex_);
    return stdout_text_;
}

std::string ChildProcess::stderr_text() const {
    const std::lock_guard lock(mutex_);
    return stderr_text_;
}

void ChildProcess::read_output() {
    std::array<pollfd, 3> polled{
        {{stdout_.get(), POLLIN, 0}, {stderr_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
    const std::array<std::string*, 2> texts{&stdout_text_, &stderr_text_};
    std::array<char, 65536> chunk;
    // poll() skips negative descriptors: that is how a stream that ended is marked.
    while (polled[0].fd >= 0 || polled[1].fd >= 0) {
        if (poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) return;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (polled[i].fd < 0 || polled[i].revents == 0) continue;
            const ssize_t got = read(polled[i].fd, chunk.data(), chunk.size());
            const std::lock_guard lock(mutex_);
            if (got > 0)
                texts[i]->append(chunk.data(), static_cast<std::size_t>(got));
            else
                polled[i].fd = -1;
        }
        if (polled[2].revents != 0) return;
    }
    const std::lock_guard lock(mutex_);
    drained_ = true;
}

std::string output_of(std::vector<std::string> argv) {
    ChildProcess process(std::move(argv));
    if (process.wait_exit() != 0) throw std::runtime_error(process.stderr_text());
    return process.stdout_text();
}

pid_t only_child_of(pid_t pid) {
    const std::string process = std::to_string(pid);
    std::ifstream children("/proc/" + process + "/task/" + process + "/children");
    pid_t child = 0;
    if (!(children >> child)) throw std::runtime_error("the process " + process + " has no child");
    return child;
}

std::string require_environment(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0')
        throw std::runtime_error(std::string(name) + " is not set; run the tests through meson");
    return value;
}

}  // namespace exapulse::test
