// SPDX-License-Identifier: BSD-3-Clause
// Users: what they are called.
#pragma once

#include <map>
#include <string>
#include <sys/types.h>

namespace exapulse {

/// The system may ask a server for a name, and everybody waits meanwhile: it is asked once for
/// each.
class Users {
  public:
    /// Empty: it has none.
    [[nodiscard]] const std::string& name_of(uid_t uid);

  private:
    struct Name {
        std::string name{};
        bool unread = false;  ///< no descriptor was free to look it up; tried again
    };
    std::map<uid_t, Name> names_;
};

}  // namespace exapulse
