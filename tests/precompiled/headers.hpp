// SPDX-License-Identifier: BSD-3-Clause
// What the test cases include: see common/precompiled/headers.hpp.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "common/precompiled/headers.hpp"
