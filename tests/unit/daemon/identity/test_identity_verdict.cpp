// SPDX-License-Identifier: BSD-3-Clause
// judge_identity(): the table of evidence, and what it proves.
#include <doctest/doctest.h>

#include "daemon/identity/identity_verdict.hpp"

using namespace exapulse;

namespace {

constexpr ProcessStart exabgp{100, 1, 5000};
constexpr ProcessStart reused_pid{100, 1, 9000};
constexpr ProcessStart another_process{200, 1, 7000};

struct Row {
    const char* what;
    IdentityEvidence evidence;
    IdentityVerdict verdict;
};

IdentityEvidence with(void (*change)(IdentityEvidence&)) {
    IdentityEvidence evidence;
    change(evidence);
    return evidence;
}

}  // namespace

TEST_CASE("evidence for the same ExaBGP, for another, and for neither") {
    using E = IdentityEvidence;
    using enum IdentityVerdict;
    const Row rows[] = {
        {"nothing is known, and the connection was lost", with([](E&) {}), Unproven},
        {"nothing is known, and nothing has happened", with([](E& e) { e.undisturbed = true; }),
         Same},
        {"the same process", with([](E& e) { e.before = e.now = exabgp; }), Same},
        {"the same process, although it looks younger: the clock was set", with([](E& e) {
             e.before = e.now = exabgp;
             e.now_is_younger = true;
         }),
         Same},
        {"another process with the same pid", with([](E& e) {
             e.before = exabgp;
             e.before_ended = true;
             e.now = reused_pid;
         }),
         Another},
        {"another process, the old one lives: two ExaBGPs", with([](E& e) {
             e.before = exabgp;
             e.now = another_process;
         }),
         Another},
        {"the process ended, the new one can't be seen", with([](E& e) {
             e.before = exabgp;
             e.before_ended = true;
         }),
         Another},
        {"the process ended and nothing was noticed: somebody held the pipes open", with([](E& e) {
             e.undisturbed = true;
             e.before = exabgp;
             e.before_ended = true;
             e.now = another_process;
         }),
         Another},
        {"the process lives, but who answers now can't be seen",
         with([](E& e) { e.before = exabgp; }), Unproven},
        {"the process lives with its helper, but the helper that answered had ended",
         with([](E& e) {
             e.before = e.now = exabgp;
             e.before_was_another = true;
         }),
         Unproven},
        {"who answered before could not be seen, and the process now is older than that",
         with([](E& e) { e.now = exabgp; }), Unproven},
        {"who answered before could not be seen, and the process now is younger", with([](E& e) {
             e.now = exabgp;
             e.now_is_younger = true;
         }),
         Another},
        {"who answered before could not be seen, and nothing has happened", with([](E& e) {
             e.undisturbed = true;
             e.now = exabgp;
         }),
         Same},
        {"an earlier run of exapulsed knew the process", with([](E& e) {
             e.now = exabgp;
             e.now_was_remembered = true;
         }),
         Same},
        {"an earlier run of exapulsed knew another", with([](E& e) { e.now = exabgp; }), Unproven},
        {"the host has started since", with([](E& e) { e.host_restarted = true; }), Another},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(judge_identity(row.evidence) == row.verdict);
    }
}
