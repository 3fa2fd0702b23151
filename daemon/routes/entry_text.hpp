// SPDX-License-Identifier: BSD-3-Clause
// EntryText: a route and the command about it, in one piece of memory. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace exapulse {

class EntryText {
  public:
    EntryText() = default;
    EntryText(std::string_view nlri, std::string_view line)
        : nlri_size_(static_cast<std::uint32_t>(nlri.size())) {
        both_.reserve(nlri.size() + line.size());
        both_.append(nlri).append(line);
    }
    /// Valid until it is changed or moved, as line() is.
    [[nodiscard]] std::string_view nlri() const {
        return std::string_view(both_).substr(0, nlri_size_);
    }
    [[nodiscard]] std::string_view line() const {
        return std::string_view(both_).substr(nlri_size_);
    }

  private:
    std::string both_;
    std::uint32_t nlri_size_ = 0;
};

}  // namespace exapulse
