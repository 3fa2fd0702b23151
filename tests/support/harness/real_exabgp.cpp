// SPDX-License-Identifier: BSD-3-Clause
// real_exabgp(): ExaBGP itself, 4.2 from Debian's package, 5.0 and 6.0 from EXABGP_HOME.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <pwd.h>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "tests/support/harness/child_process.hpp"
#include "tests/support/harness/exabgp_under_test.hpp"
#include "tests/support/harness/free_port.hpp"

namespace exapulse::test {

namespace {

constexpr const char* debian_program = "/usr/sbin/exabgp";
constexpr const char* debian_packages = "/usr/lib/python3/dist-packages";

std::optional<std::string> exabgp_home() {
    const char* home = std::getenv("EXABGP_HOME");
    return home == nullptr || *home == '\0' ? std::nullopt : std::optional<std::string>(home);
}

/// The folder that holds the package `exabgp`; empty when there is none.
std::string packages_folder() {
    const auto home = exabgp_home();
    if (!home) return std::filesystem::exists(debian_program) ? debian_packages : "";
    for (const std::string& folder : {*home + "/src", *home})
        if (std::filesystem::is_directory(folder + "/exabgp")) return folder;
    return "";
}

bool is_recent_python(const std::string& program) {
    try {
        ChildProcess process({program, "-c", "import sys; sys.exit(sys.version_info < (3, 12))"});
        return process.wait_exit() == 0;
    } catch (const std::system_error&) {
        return false;  // no such program
    }
}

std::string find_python(const std::string& dialect) {
    if (const char* named = std::getenv("EXABGP_PYTHON")) return named;
    if (dialect == "5.0") return "python3";
    for (const char* program : {"python3.13", "python3.12", "python3"})
        if (is_recent_python(program)) return program;
    throw std::runtime_error("ExaBGP 6 needs Python 3.12: none in PATH, set EXABGP_PYTHON");
}

std::string user_name() {
    const passwd* user = getpwuid(geteuid());
    if (user == nullptr) throw std::runtime_error("the current user has no name");
    return user->pw_name;
}

void make_fifo(const std::string& path) {
    if (mkfifo(path.c_str(), 0600) != 0)
        throw std::system_error(errno, std::generic_category(), "mkfifo " + path);
}

class RealExabgp final : public ExabgpUnderTest {
  public:
    RealExabgp(std::string dialect, std::string folder, const std::string& configuration,
               const RealExabgpOptions& options)
        : dialect_(std::move(dialect)), folder_(std::move(folder)) {
        const std::string name = pipe_name();
        options_.environment = {
            {"exabgp_api_pipename", name},
            {"exabgp_daemon_user", user_name()},
            {"exabgp_tcp_bind", "127.0.0.1"},
            {"exabgp_tcp_port", std::to_string(free_port("127.0.0.1"))},
        };
        if (dialect_ == "4.2") {
            argv_ = {debian_program, "--root", folder_, "exabgp.conf"};
        } else {
            argv_ = {find_python(dialect_), "-m", "exabgp.application.main", "server",
                     "exabgp.conf"};
            options_.environment.insert({
                {"EXABGP_ROOT", folder_},
                {"PYTHONPATH", packages_folder()},
                // The checkout is not ours to write into.
                {"PYTHONDONTWRITEBYTECODE", "1"},
            });
        }
        if (has_pipes()) {
            std::filesystem::create_directory(folder_ + "/run");
            make_fifo(path() + ".in");
            make_fifo(path() + ".out");
        } else {
            options_.environment["exabgp_api_socketpath"] = path();
        }
        for (const auto& [setting, value] : options.environment)
            options_.environment[setting] = value;
        argv_.insert(argv_.begin(), options.wrapper.begin(), options.wrapper.end());
        options_.working_directory = folder_;
        options_.own_group = true;
        std::ofstream file(folder_ + "/exabgp.conf");
        file << configuration << std::flush;
        if (!file) throw std::runtime_error("can't write exabgp.conf in " + folder_);
    }
    ~RealExabgp() override {
        if (process_) kill();
    }

    [[nodiscard]] std::string path() const override {
        return has_pipes() ? folder_ + "/run/" + pipe_name() : folder_ + "/exabgp.sock";
    }
    [[nodiscard]] std::vector<std::string> upstream_flags() const override {
        return {has_pipes() ? "--fifo" : "--upstream", path()};
    }
    [[nodiscard]] std::string dialect() const override { return dialect_; }
    [[nodiscard]] pid_t pid() const override { return process_ ? process_->pid() : 0; }
    [[nodiscard]] std::string log() const override {
        return past_log_ + (process_ ? process_->stdout_text() + process_->stderr_text() : "");
    }

    void start() override { process_.emplace(argv_, options_); }
    void kill() override {
        process_.value().signal_group(SIGKILL);
        process_.value().signal(SIGCONT);
        reap();
    }
    // The reactor alone: its relay, in a group of its own, goes on.
    void stop() override { process_.value().freeze(); }
    void cont() override { process_.value().signal(SIGCONT); }
    void restart_process() override {
        process_.value().signal(SIGTERM);
        reap();
        start();
    }
    void bounce() override { process_.value().signal(SIGUSR1); }

  private:
    /// ExaBGP, 6.0 too, looks for pipes in /run before it does in its own folder: no other ExaBGP
    /// of the host has this name.
    [[nodiscard]] std::string pipe_name() const {
        return std::filesystem::path(folder_).filename().string();
    }
    void reap() {
        if (!process_->wait_exit()) throw std::runtime_error("ExaBGP does not end:\n" + log());
        past_log_ = log();
        process_.reset();
    }

    std::string dialect_;
    std::string folder_;
    std::vector<std::string> argv_;
    ChildProcess::Options options_;
    std::optional<ChildProcess> process_;
    std::string past_log_;  // of the processes that have ended
};

}  // namespace

std::string passive_neighbor(const std::string& address) {
    return fmt::format(R"(neighbor {} {{
	router-id 10.0.0.9;
	local-address 127.0.0.1;
	local-as 65000;
	peer-as 65001;
	passive true;
}}
)",
                       address);
}

std::string run_exabgp_cli(const std::string& socket, const std::vector<std::string>& words) {
    ChildProcess::Options options;
    options.environment = {{"PYTHONPATH", packages_folder()},
                           {"PYTHONDONTWRITEBYTECODE", "1"},
                           {"exabgp_api_socketpath", socket}};
    std::vector<std::string> argv{find_python("v6"), "-m", "exabgp.application.main", "run",
                                  "--socket"};
    argv.insert(argv.end(), words.begin(), words.end());
    ChildProcess process(argv, options);
    if (!process.wait_exit()) throw std::runtime_error("exabgp run does not end");
    return process.stdout_text();
}

std::string run_in_exabgp(const std::vector<std::string>& words, const std::string& input) {
    ChildProcess::Options options;
    options.environment = {{"PYTHONPATH", packages_folder()}, {"PYTHONDONTWRITEBYTECODE", "1"}};
    const std::string dialect = real_dialect();
    std::vector<std::string> argv{dialect == "4.2" ? "/usr/bin/python3" : find_python(dialect)};
    argv.insert(argv.end(), words.begin(), words.end());
    ChildProcess process(argv, options);
    process.write_stdin(input);
    process.close_stdin();
    if (process.wait_exit(std::chrono::minutes(9)) != 0)
        throw std::runtime_error(words.front() + ": " + process.stderr_text());
    return process.stdout_text();
}

std::string real_dialect() {
    const std::string application = packages_folder() + "/exabgp/application/";
    if (std::filesystem::exists(application + "unixsocket.py")) return "v6";
    if (std::filesystem::exists(application + "pipe.py")) return "5.0";
    if (std::filesystem::exists(application + "control.py") && !exabgp_home()) return "4.2";
    return "";
}

std::unique_ptr<ExabgpUnderTest> real_exabgp(const std::string& folder,
                                             const std::string& configuration,
                                             const RealExabgpOptions& options) {
    const std::string dialect = real_dialect();
    if (dialect.empty())
        throw std::runtime_error(
            exabgp_home() ? "EXABGP_HOME has neither ExaBGP 5.0 nor 6.0 in it: " + *exabgp_home()
                          : "no ExaBGP here: install the package exabgp, or set EXABGP_HOME");
    return std::make_unique<RealExabgp>(dialect, folder, configuration, options);
}

}  // namespace exapulse::test
