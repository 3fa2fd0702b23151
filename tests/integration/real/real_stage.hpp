// SPDX-License-Identifier: BSD-3-Clause
// RealStage: a real ExaBGP with a real BIRD as its peer, and an exapulsed that has it up.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/integration/attach.hpp"
#include "tests/support/harness/bird.hpp"

namespace exapulse::test {

struct RealStage {
    TempDir dir;
    Bird bird;
    std::unique_ptr<ExabgpUnderTest> exabgp;
    std::unique_ptr<Service> service;

    /// `further` are neighbors besides BIRD, `config` is that of exapulsed.
    explicit RealStage(const std::string& further = "", const std::string& config = "",
                       Bird::Families families = Bird::Families::Ipv4);

    void await_session() const;

    [[nodiscard]] std::string spelled(const std::string& command) const {
        return exapulse::test::spelled(*exabgp, command);
    }

    /// How often each prefix was announced to BIRD, or withdrawn, by ExaBGP's own log. That has a
    /// line for every command carried out; an update is sent only when it brings something new.
    [[nodiscard]] std::map<std::string, int> announced() const { return logged("added to"); }
    [[nodiscard]] std::map<std::string, int> withdrawn() const { return logged("removed from"); }

  private:
    [[nodiscard]] std::map<std::string, int> logged(const std::string& what) const;
};

/// An announce or withdraw of `prefix` for BIRD alone, as 4.2 and 5.0 spell it.
[[nodiscard]] inline std::string for_bird(const std::string& verb, const std::string& prefix) {
    return std::string("neighbor ") + Bird::address + " " + verb + " route " + prefix +
           " next-hop 10.9.9.9";
}

}  // namespace exapulse::test
