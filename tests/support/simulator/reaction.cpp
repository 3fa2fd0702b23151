// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/simulator/reaction.hpp"

namespace exapulse::test {

void Reaction::add_fault(std::mt19937_64& random) {
    constexpr std::chrono::milliseconds longest_delay{50};
    switch (random() % 4) {
        case 0:  // before the answer
            steps.clear();
            answers.clear();
            then = Then::Bounce;
            break;
        case 1:  // in mid-answer
            answers.clear();
            if (!steps.empty()) {
                steps.resize(random() % steps.size() + 1);
                steps.back().bytes.resize(random() % steps.back().bytes.size());
            }
            then = Then::Bounce;
            break;
        case 2:  // right behind it
            then = Then::Bounce;
            break;
        default:  // late
            if (!steps.empty())
                steps.front().delay += std::chrono::milliseconds(random() % longest_delay.count());
    }
}

void Reaction::add_mistake(std::mt19937_64& random) {
    const Step stray{{}, random() % 2 == 0 ? "done\n" : "error\n"};
    switch (random() % 4) {
        case 0:
            steps.insert(steps.begin(), stray);
            break;
        case 1:
            steps.push_back(stray);
            break;
        case 2:
            if (!steps.empty()) steps.pop_back();
            answers.clear();
            break;
        default:
            steps.insert(steps.begin(), {{}, std::string(foreign_line) + '\n'});
    }
}

}  // namespace exapulse::test
