// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/error.hpp"

#include <string>

#include <uv.h>

namespace exapulse::uv {

namespace {

class Category final : public std::error_category {
  public:
    [[nodiscard]] const char* name() const noexcept override { return "uv"; }
    [[nodiscard]] std::string message(int status) const override {
        return status == 0 ? "no error" : uv_strerror(status);
    }
};

}  // namespace

const std::error_category& category() {
    static const Category instance;
    return instance;
}

}  // namespace exapulse::uv
