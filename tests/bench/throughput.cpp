// SPDX-License-Identifier: BSD-3-Clause
// The overhead of exapulsed: the same commands to the simulator directly and through exapulsed, in
// turns of one run, so that varying load affects both. Run by `meson test -C build --benchmark`.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"

using namespace exapulse::test;

namespace {

constexpr int rounds = 7;
constexpr int commands = 2'000;

double seconds(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// One command after another, as ExaBGP's own clients do.
void ask_all(const std::string& socket) {
    TestClient client(socket);
    for (int i = 0; i < commands; ++i) client.command("test echo x");
}

}  // namespace

int main() {
    doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    const TempDir dir;
    ExabgpSimulator direct(dir / "direct.sock");  // exapulsed uses the stage's own
    direct.set_stale_window(std::chrono::milliseconds(0));
    Stage stage;
    std::vector<double> alone, through, ratios;
    for (int i = 0; i < rounds; ++i) {
        alone.push_back(seconds([&] { ask_all(direct.path()); }));
        through.push_back(seconds([&] { ask_all(stage.service.socket()); }));
        ratios.push_back(through.back() / alone.back());
    }
    std::printf(
        "%d commands, median of %d rounds: simulator alone %.1f us each, through exapulsed "
        "%.1f us each, ratio %.2f\n",
        commands, rounds, median(alone) / commands * 1e6, median(through) / commands * 1e6,
        median(ratios));
}
