// SPDX-License-Identifier: BSD-3-Clause
// real_exabgp(): ExaBGP main itself, from EXABGP_HOME.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <optional>
#include <pwd.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

#include "tests/support/child_process.hpp"
#include "tests/support/exabgp_under_test.hpp"

namespace exapulse::test {

namespace {

constexpr std::string_view configuration = R"(neighbor 127.0.0.1 {
	router-id 10.0.0.9;
	local-address 127.0.0.1;
	local-as 65000;
	peer-as 65001;
	passive true;
}
)";

std::string python_path(const std::string& home) {
    for (const std::string& folder : {home + "/src", home})
        if (std::filesystem::is_directory(folder + "/exabgp")) return folder;
    throw std::runtime_error("EXABGP_HOME has neither src/exabgp nor exabgp in it: " + home);
}

bool is_recent_python(const std::string& program) {
    try {
        ChildProcess process({program, "-c", "import sys; sys.exit(sys.version_info < (3, 12))"});
        return process.wait_exit() == 0;
    } catch (const std::system_error&) {
        return false;  // no such program
    }
}

std::string find_python() {
    if (const char* named = std::getenv("EXABGP_PYTHON")) return named;
    for (const char* program : {"python3.13", "python3.12", "python3"})
        if (is_recent_python(program)) return program;
    throw std::runtime_error("ExaBGP main needs Python 3.12: none in PATH, set EXABGP_PYTHON");
}

std::string user_name() {
    const passwd* user = getpwuid(geteuid());
    if (user == nullptr) throw std::runtime_error("the current user has no name");
    return user->pw_name;
}

int free_port() {
    const FileDescriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(fd.get(), generic, size) != 0 || getsockname(fd.get(), generic, &size) != 0)
        throw std::system_error(errno, std::generic_category(), "find a free port");
    return ntohs(address.sin_port);
}

class RealExabgp final : public ExabgpUnderTest {
  public:
    RealExabgp(std::string home, std::string folder)
        : python_(find_python()), folder_(std::move(folder)) {
        options_.environment = {
            {"PYTHONPATH", python_path(home)},
            // The checkout is not ours to write into.
            {"PYTHONDONTWRITEBYTECODE", "1"},
            {"exabgp_api_socketpath", path()},
            {"exabgp_tcp_bind", "127.0.0.1"},
            {"exabgp_tcp_port", std::to_string(free_port())},
            {"exabgp_daemon_user", user_name()},
        };
        options_.working_directory = folder_;
        options_.own_group = true;
        std::ofstream file(folder_ + "/exabgp.conf");
        file << configuration << std::flush;
        if (!file) throw std::runtime_error("can't write exabgp.conf in " + folder_);
    }
    ~RealExabgp() override {
        if (process_) kill();
    }

    [[nodiscard]] std::string path() const override { return folder_ + "/exabgp.sock"; }
    [[nodiscard]] std::string name() const override { return "ExaBGP"; }

    void start() override {
        process_.emplace(std::vector<std::string>{python_, "-m", "exabgp.application.main",
                                                  "server", "exabgp.conf"},
                         options_);
    }
    void kill() override {
        process_.value().signal_group(SIGKILL);
        process_.value().signal(SIGCONT);
        reap();
    }
    void stop() override { process_.value().freeze(); }
    void cont() override { process_.value().signal(SIGCONT); }
    void restart_process() override {
        process_.value().signal(SIGTERM);
        reap();
        start();
    }
    void bounce() override { process_.value().signal(SIGUSR1); }

  private:
    void reap() {
        static_cast<void>(process_->wait_exit());
        process_.reset();
    }

    std::string python_;
    std::string folder_;
    ChildProcess::Options options_;
    std::optional<ChildProcess> process_;
};

}  // namespace

std::string run_exabgp_cli(const std::string& socket, const std::vector<std::string>& words) {
    ChildProcess::Options options;
    options.environment = {{"PYTHONPATH", python_path(require_environment("EXABGP_HOME"))},
                           {"PYTHONDONTWRITEBYTECODE", "1"},
                           {"exabgp_api_socketpath", socket}};
    std::vector<std::string> argv{find_python(), "-m", "exabgp.application.main", "run",
                                  "--socket"};
    argv.insert(argv.end(), words.begin(), words.end());
    ChildProcess process(argv, options);
    if (!process.wait_exit()) throw std::runtime_error("exabgp run does not end");
    return process.stdout_text();
}

bool has_real_exabgp() {
    const char* home = std::getenv("EXABGP_HOME");
    return home != nullptr && *home != '\0';
}

std::unique_ptr<ExabgpUnderTest> real_exabgp(const std::string& folder) {
    return std::make_unique<RealExabgp>(require_environment("EXABGP_HOME"), folder);
}

}  // namespace exapulse::test
