// SPDX-License-Identifier: BSD-3-Clause
// PlainInput: lines from a terminal that can do nothing but print.
#pragma once

#include <string>

#include "client/shell/line_input.hpp"

namespace exapulse::client {

/// The kernel edits the line, and not one escape sequence is written.
class PlainInput : public LineInput {
  public:
    PlainInput(std::function<std::string()> prompt, Await await);

    [[nodiscard]] Result read_line() override;
    void show(std::string_view text) override;
    void remember(const std::string& /*line*/) override {}
    void forget_keys() override { typed_.clear(); }

  private:
    /// The kernel passes no longer line than this from a terminal, and drops the rest of it.
    static constexpr std::size_t longest_line = 4094;

    void show_prompt() const;
    [[nodiscard]] Result take_line(std::size_t end);

    std::function<std::string()> prompt_;
    Await await_;
    std::string typed_;
    bool reading_ = false;
};

}  // namespace exapulse::client
