// SPDX-License-Identifier: BSD-3-Clause
// Lazy: a value that takes only a pointer while it is as it is at first. Pure.
#pragma once

#include <memory>

namespace exapulse {

template <class T>
class Lazy {
  public:
    [[nodiscard]] const T& operator*() const {
        static const T as_at_first{};
        return value_ ? *value_ : as_at_first;
    }
    const T* operator->() const { return &**this; }
    /// To change it.
    [[nodiscard]] T& change() {
        if (!value_) value_ = std::make_unique<T>();
        return *value_;
    }
    /// It is as it was at first again.
    void reset() { value_.reset(); }
    [[nodiscard]] bool exists() const { return value_ != nullptr; }

  private:
    std::unique_ptr<T> value_;
};

}  // namespace exapulse
