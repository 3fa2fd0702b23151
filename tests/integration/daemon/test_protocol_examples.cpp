// SPDX-License-Identifier: BSD-3-Clause
// The examples of exapulse-protocol(7), replayed: the page says what exapulsed does.
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/integration/service.hpp"
#include "tests/support/harness/project_file.hpp"
#include "tests/support/socket_simulator/exabgp_simulator.hpp"

using namespace exapulse::test;

namespace {

/// The lines of one example: "C: " the client's, "S: " exapulsed's.
using Example = std::vector<std::string>;

std::vector<Example> examples_of(const std::string& page) {
    std::vector<Example> examples;
    std::ifstream file(page);
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(".Bd -literal")) examples.emplace_back();
        if (line.starts_with(".Bd") || line.starts_with(".Ed")) {
            inside = line.starts_with(".Bd");
            continue;
        }
        if (inside) examples.back().push_back(line);
    }
    // Examples for a shell have no "C: " and are shown elsewhere.
    std::erase_if(examples, [](const Example& example) {
        return example.empty() || !example[0].starts_with("C: ");
    });
    return examples;
}

/// `*` in the pattern stands for any text.
bool matches(std::string_view pattern, std::string_view text) {
    const auto star = pattern.find('*');
    if (star == pattern.npos) return pattern == text;
    if (!text.starts_with(pattern.substr(0, star))) return false;
    const std::string_view rest = pattern.substr(star + 1);
    for (std::size_t at = star; at <= text.size(); ++at)
        if (matches(rest, text.substr(at))) return true;
    return false;
}

}  // namespace

TEST_CASE("every example of the page is what exapulsed does") {
    const TempDir dir;
    const ExabgpSimulator exabgp(dir / "exabgp.sock");
    Service service(exabgp.path(), {"", "1h", {}, {}});
    service.await("up");
    const auto examples = examples_of(project_file("packaging/man/exapulse-protocol.7"));
    CHECK(examples.size() >= 6);
    for (const Example& example : examples) {
        TestClient client = service.client();
        for (const std::string& line : example) {
            const std::string text = line.substr(3);
            if (line.starts_with("C: ")) {
                REQUIRE(client.send_line(text));
                continue;
            }
            REQUIRE_MESSAGE(line.starts_with("S: "), line);
            const std::string answer = client.read_line().value_or("(nothing)");
            CHECK_MESSAGE(matches(text, answer), "the page: " << text << "\nexapulsed: " << answer);
        }
    }
}
