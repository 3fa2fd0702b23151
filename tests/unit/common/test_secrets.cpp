// SPDX-License-Identifier: BSD-3-Clause
// Secrets: no password of a command or an answer is left in what is logged.
#include <string>

#include <doctest/doctest.h>

#include "common/secrets.hpp"

using namespace exapulse;

TEST_CASE("passwords are masked, and nothing else") {
    struct Row {
        const char *text, *masked;
    };
    for (const Row& row : {
             Row{"", ""},
             Row{"announce route 192.0.2.0/24 next-hop self",
                 "announce route 192.0.2.0/24 next-hop self"},
             Row{"peer create 192.0.2.1 { md5-password hunter2; }",
                 "peer create 192.0.2.1 { md5-password ***; }"},
             Row{"md5-password hunter2", "md5-password ***"},
             Row{"md5-password \"hun ter; 2\"; hold-time 9", "md5-password ***; hold-time 9"},
             Row{"md5-password 'hun ter\"2' x", "md5-password *** x"},
             Row{"md5-password \"hun\\\"ter\" x", "md5-password *** x"},
             Row{"md5-password \"never closed", "md5-password ***"},
             Row{"MD5-Password\thunter2 x", "MD5-Password\t*** x"},
             Row{"tcp-ao { keyid 1; password a,b{c}; base64 true; }",
                 "tcp-ao { keyid 1; password ***; base64 true; }"},
             Row{"md5-password one md5-password two", "md5-password *** md5-password ***"},
             Row{"md5-password password", "md5-password ***"},
             Row{"password password x", "password *** x"},
             Row{"{\"md5_password\": \"hunter2\", \"x\": 1}", "{\"md5_password\": ***, \"x\": 1}"},
             Row{"{\"tcp_ao_password\":\"h\\\"u\"}", "{\"tcp_ao_password\":***}"},
             Row{"md5_password='hunter2', x", "md5_password=***, x"},
             Row{"error: md5-password", "error: md5-password"},
             Row{"passwords are fine, password", "passwords are fine, password"},
             Row{"md5-password ", "md5-password "},
             Row{"the key \"password\" is unknown", "the key \"password\" is unknown"},
         }) {
        CAPTURE(std::string(row.text));
        CHECK(mask_secrets(row.text) == row.masked);
    }
    CHECK(may_hold_secrets("x MD5-PASSWORD y"));
    CHECK_FALSE(may_hold_secrets("announce route 192.0.2.0/24"));
}
