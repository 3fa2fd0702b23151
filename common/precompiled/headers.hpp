// SPDX-License-Identifier: BSD-3-Clause
// What most files include and what takes long to read, precompiled for each target (meson's
// cpp_pch). Only speed depends on this list: each file includes what it uses, which -Db_pch=false
// -Dunity=off checks. Not <nlohmann/json.hpp>: it costs each file without JSON more than it saves
// the others.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
