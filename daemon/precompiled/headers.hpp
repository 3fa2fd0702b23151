// SPDX-License-Identifier: BSD-3-Clause
// What the files of exapulsed's I/O shell include: see common/precompiled/headers.hpp.
#include <spdlog/spdlog.h>
#include <uv.h>

#include "common/precompiled/headers.hpp"
