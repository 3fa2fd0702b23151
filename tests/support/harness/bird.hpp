// SPDX-License-Identifier: BSD-3-Clause
// Bird: a real BIRD 2 as the peer of the ExaBGP under test.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "tests/support/harness/child_process.hpp"

namespace exapulse::test {

/// A BIRD in a separate process, with all its files in a directory of the test. It waits for ExaBGP
/// on a loopback address and a free port, keeps the routes in its own table, and affects neither
/// the kernel's routes nor the host's BIRD. Needs no root.
class Bird {
  public:
    enum class Families {
        Ipv4,  ///< ipv4 unicast only
        Many,  ///< and ipv6 unicast, ipv4 mpls-vpn and ipv4 flow
    };
    /// Starts it; throws if it fails to start.
    explicit Bird(const std::string& folder, Families families = Families::Ipv4);

    /// The neighbor block of ExaBGP's configuration that makes it connect to this BIRD.
    [[nodiscard]] std::string neighbor() const;
    /// ExaBGP's name for this BIRD.
    static constexpr const char* address = "127.0.0.2";

    [[nodiscard]] bool established() const;

    /// Ends the session and refuses others, or accepts one again.
    void enable(bool wanted) const;

    /// The prefixes in its table.
    [[nodiscard]] std::set<std::string> routes() const;
    [[nodiscard]] bool has_route(const std::string& prefix) const {
        return routes().contains(prefix);
    }

    /// Every route of every family with its attributes, without what changes with time.
    [[nodiscard]] std::set<std::string> described_routes() const;

    /// How many prefixes arrived in updates and in withdraws since the session came up. A prefix
    /// that arrives twice counts twice.
    struct Received {
        int updates = 0, withdraws = 0;
    };
    [[nodiscard]] Received received() const;

    [[nodiscard]] std::string log() const { return process_->stderr_text(); }

  private:
    /// The output of `birdc COMMAND`; empty while BIRD does not answer.
    [[nodiscard]] std::string ask(std::string_view command, bool may_change = false) const;

    std::string control_;  // its socket
    int port_;
    Families families_;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace exapulse::test
