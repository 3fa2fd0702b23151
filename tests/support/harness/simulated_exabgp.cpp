// SPDX-License-Identifier: BSD-3-Clause
// simulated_exabgp(): the simulator as a process, so that signals are real.
#include <csignal>
#include <optional>

#include "tests/support/harness/child_process.hpp"
#include "tests/support/harness/exabgp_under_test.hpp"

namespace exapulse::test {

namespace {

class SimulatedExabgp final : public ExabgpUnderTest {
  public:
    SimulatedExabgp(const std::string& folder, Dialect dialect)
        : program_(require_environment("EXABGP_SIMULATOR")),
          dialect_(name_of(dialect)),
          path_(folder + (has_pipes() ? "/exabgp" : "/exabgp.sock")) {}

    [[nodiscard]] std::string path() const override { return path_; }
    [[nodiscard]] std::vector<std::string> upstream_flags() const override {
        return {has_pipes() ? "--fifo" : "--upstream", path_};
    }
    [[nodiscard]] std::string dialect() const override { return dialect_; }
    [[nodiscard]] pid_t pid() const override { return process_ ? process_->pid() : 0; }
    [[nodiscard]] std::string log() const override { return process_.value().stderr_text(); }

    void start() override {
        process_.emplace(std::vector{program_, std::string(has_pipes() ? "--pipes" : "--socket"),
                                     path_, std::string("--dialect"), dialect_});
    }
    void kill() override { end(SIGKILL); }
    void stop() override { process_.value().freeze(); }
    void cont() override { process_.value().signal(SIGCONT); }
    void restart_process() override {
        end(SIGTERM);
        start();
    }
    void bounce() override { process_.value().signal(SIGUSR1); }

  private:
    void end(int signal) {
        process_.value().signal(signal);
        static_cast<void>(process_->wait_exit());
        process_.reset();
    }

    std::string program_;
    std::string dialect_;
    std::string path_;
    std::optional<ChildProcess> process_;
};

}  // namespace

std::unique_ptr<ExabgpUnderTest> simulated_exabgp(const std::string& folder) {
    return std::make_unique<SimulatedExabgp>(folder, Dialect::V6);
}

std::unique_ptr<ExabgpUnderTest> simulated_pipes_exabgp(const std::string& folder,
                                                        Dialect dialect) {
    return std::make_unique<SimulatedExabgp>(folder, dialect);
}

}  // namespace exapulse::test
