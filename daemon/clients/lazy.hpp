// SPDX-License-Identifier: BSD-3-Clause
// Lazy: a value that takes only a pointer as long as it has its initial state. Pure.
#pragma once

#include <memory>

namespace exapulse {

template <class T>
class Lazy {
  public:
    [[nodiscard]] const T& operator*() const {
        static const T initial{};
        return value_ ? *value_ : initial;
    }
    const T* operator->() const { return &**this; }
    /// Allocates it, if it has only its initial state so far.
    [[nodiscard]] T& change() {
        if (!value_) value_ = std::make_unique<T>();
        return *value_;
    }
    /// Back to the initial state.
    void reset() { value_.reset(); }
    [[nodiscard]] bool exists() const { return value_ != nullptr; }

  private:
    std::unique_ptr<T> value_;
};

}  // namespace exapulse
