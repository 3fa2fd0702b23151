// SPDX-License-Identifier: BSD-3-Clause
// Service: a real exapulsed in a folder of its own, and what a test does with it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/harness/child_process.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/support/harness/test_client.hpp"

namespace exapulse::test {

using Json = nlohmann::json;

/// A stream of events, as a subscriber gets it.
class Subscription {
  public:
    explicit Subscription(TestClient client) : client_(std::move(client)) {}

    /// The next event, or an object of type "" when none comes in time.
    Json next(TestClient::Timeout timeout = patience);
    /// The next event of the given type; those before it are passed over.
    Json next(std::string_view type, TestClient::Timeout timeout = patience);
    /// The types of the next `count` events.
    std::vector<std::string> types(std::size_t count);
    [[nodiscard]] bool ended() { return client_.at_eof(); }

  private:
    TestClient client_;
};

class Service {
  public:
    struct Options {
        std::string config{};              ///< content of the file; `{dir}` is not expanded
        std::string interval = "100ms";    ///< health.interval, by flag; empty: as configured
        std::vector<std::string> flags{};  ///< further ones
        ChildProcess::Options process{};
        std::vector<std::string> wrapper{};  ///< a program, with arguments, that starts exapulsed
    };

    /// Starts exapulsed on `upstream` and waits until its socket is served.
    explicit Service(const std::string& upstream) : Service(upstream, Options{}) {}
    Service(const std::string& upstream, Options options);
    ~Service();

    [[nodiscard]] const std::string& socket() const { return socket_; }
    [[nodiscard]] const TempDir& dir() const { return dir_; }
    [[nodiscard]] ChildProcess& process() { return *process_; }
    /// What it has written so far; a line comes through a pipe, some time after what it tells of.
    [[nodiscard]] std::string log() const { return process_->stderr_text(); }
    /// Waits for `text` in the log.
    [[nodiscard]] Outcome logs(std::string_view text) const;
    /// Waits until the reason why there is no connection has `part` in it.
    [[nodiscard]] Outcome explains(std::string_view part) const;
    [[nodiscard]] std::string config_file() const { return dir_ / "exapulse.toml"; }

    [[nodiscard]] TestClient client() const { return TestClient(socket_); }
    /// So many that are attached; waits until there is room for them.
    [[nodiscard]] std::vector<TestClient> clients(std::size_t count) const;
    [[nodiscard]] Subscription subscribe(std::string_view types = "") const;
    /// `sidecar status`.
    [[nodiscard]] Json status() const;
    /// Waits until the health state is `state`.
    void await(std::string_view state) const;

    /// Ends it with `number` and starts it again with the same files.
    void restart(int number);
    /// Starts the process anew after it has ended.
    void start();

    /// Runs the client `exapulse` with these arguments and waits for its end.
    struct Run {
        int status;
        std::string out, err;
    };
    [[nodiscard]] Run run(std::vector<std::string> arguments, std::string_view input = "") const;

  private:
    TempDir dir_;
    std::string socket_;
    std::vector<std::string> argv_;
    Options options_;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace exapulse::test
