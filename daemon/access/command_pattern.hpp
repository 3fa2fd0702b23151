// SPDX-License-Identifier: BSD-3-Clause
// CommandPattern: the first words of a command, with `*` and `?`, as `allow` and `deny` of a rule
// have them. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/exabgp/request.hpp"

namespace exapulse {

class CommandPattern {
  public:
    explicit CommandPattern(std::string text);

    [[nodiscard]] const std::string& text() const { return text_; }

    /// Whether the command, without the peers it names, begins with words that fit, be it in the
    /// spelling of 4.2 or in that of 6.0.
    [[nodiscard]] bool fits(const Request& request) const;

  private:
    [[nodiscard]] bool fits(Words command) const;

    std::string text_;
    std::vector<std::string> words_;
};

}  // namespace exapulse
