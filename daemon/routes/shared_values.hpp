// SPDX-License-Identifier: BSD-3-Clause
// SharedValues: equal values that many hold, once in memory. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>

namespace exapulse {

/// A value is there as long as somebody holds it; what nobody holds any more is forgotten now and
/// then, at a cost that is constant on average.
template <class Value>
class SharedValues {
  public:
    /// The same object for equal values.
    [[nodiscard]] std::shared_ptr<const Value> of(const Value& value) {
        std::weak_ptr<const Value>& known = known_[value];
        auto shared = known.lock();
        if (shared) return shared;
        shared = std::make_shared<const Value>(value);
        known = shared;
        if (known_.size() >= next_look_) forget_unused();
        return shared;
    }
    /// Those that are held, and some that were.
    [[nodiscard]] std::size_t size() const { return known_.size(); }

  private:
    static constexpr std::size_t first_look = 64;

    void forget_unused() {
        std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
        next_look_ = std::max(first_look, 2 * known_.size());
    }

    std::map<Value, std::weak_ptr<const Value>> known_;
    std::size_t next_look_ = first_look;
};

}  // namespace exapulse
