// SPDX-License-Identifier: BSD-3-Clause
// The entry of the unit tests.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
