// SPDX-License-Identifier: BSD-3-Clause
// ExaBGP's environment file: the values are what Python's ConfigParser, and so ExaBGP, reads.
#include <doctest/doctest.h>

#include "daemon/exabgp/env_file.hpp"

using namespace exapulse;

TEST_CASE("names of socket and pipes in ExaBGP's environment file") {
    CHECK(names_in_env_file("") == ExabgpNames{});
    CHECK(names_in_env_file("[exabgp.api]\nack = true\npipename = 'lab'\nsocketname = \"s\"\n") ==
          ExabgpNames{"s", "lab"});
    CHECK(names_in_env_file("[exabgp.api]\r\npipename = 'lab'\r\n") ==
          ExabgpNames{std::nullopt, "lab"});
    CHECK(names_in_env_file("[exabgp.api]\nPipeName:lab") == ExabgpNames{std::nullopt, "lab"});
    CHECK(names_in_env_file("[exabgp.api]\n  pipename = lab\n").pipes == "lab");
    CHECK(names_in_env_file("[exabgp.api]\n  ack = true\n  pipename = lab\n").pipes == "lab");
    CHECK(names_in_env_file("[exabgp.api] x\npipename = lab\n").pipes == "lab");
    // Another section, a comment, the continuation of a value, no value, no section.
    for (const char* text :
         {"[exabgp.bgp]\npipename = lab\n", "[exabgp.api]\n# pipename = lab\n;pipename = lab\n",
          "[exabgp.api]\nack = true\n  pipename = lab\n",
          "[exabgp.api]\nack = true\n\n# and\n  pipename = lab\n", "[exabgp.api]\npipename\n",
          "pipename = lab\n", "[Exabgp.Api]\npipename = lab\n"}) {
        CAPTURE(std::string(text));
        CHECK(names_in_env_file(text) == ExabgpNames{});
    }
    CHECK(names_in_env_file("[exabgp.api]\npipename = a\n[exabgp.log]\nlevel = INFO\n"
                            "[exabgp.api]\npipename = b\n")
              .pipes == "b");
    CHECK(unquoted(" '\"lab\"' \n") == "lab");
}
