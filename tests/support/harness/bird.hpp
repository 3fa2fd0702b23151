// SPDX-License-Identifier: BSD-3-Clause
// Bird: a real BIRD 2 as the peer of the ExaBGP under test.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "tests/support/harness/child_process.hpp"

namespace exapulse::test {

/// A BIRD in a process of its own, with all its files in a folder of the test's. It waits for
/// ExaBGP on a loopback address and a free port, keeps what it is told in its own table, and
/// touches neither the kernel's routes nor a BIRD of the host's. Needs no root.
class Bird {
  public:
    /// Starts it; throws when it doesn't come up.
    explicit Bird(const std::string& folder);

    /// The neighbor block of ExaBGP's configuration that makes it connect to this BIRD.
    [[nodiscard]] std::string neighbor() const;
    /// ExaBGP's name for this BIRD.
    static constexpr const char* address = "127.0.0.2";

    [[nodiscard]] bool established() const;

    /// Ends the session and takes no other, or takes one again.
    void enable(bool wanted) const;

    /// The prefixes in its table.
    [[nodiscard]] std::set<std::string> routes() const;
    [[nodiscard]] bool has_route(const std::string& prefix) const {
        return routes().contains(prefix);
    }

    /// How many prefixes came in updates and in withdraws since the session is up. A prefix that
    /// comes twice counts twice.
    struct Received {
        int updates = 0, withdraws = 0;
    };
    [[nodiscard]] Received received() const;

    [[nodiscard]] std::string log() const { return process_->stderr_text(); }

  private:
    /// What `birdc COMMAND` prints; nothing while BIRD does not answer.
    [[nodiscard]] std::string ask(std::string_view command, bool may_change = false) const;

    std::string control_;  // its socket
    int port_;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace exapulse::test
