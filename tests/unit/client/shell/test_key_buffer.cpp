// SPDX-License-Identifier: BSD-3-Clause
// KeyBuffer: what the line editor gets of keys and pastes, whatever pieces they come in.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "client/shell/key_buffer.hpp"
#include "client/view/utf8.hpp"

namespace exapulse::client {

namespace {

using Taken = std::vector<std::string>;

/// Everything that can be taken: keys as they are, pastes in brackets.
Taken taken(KeyBuffer& keys) {
    Taken all;
    while (const auto key = keys.take()) {
        if (const auto* paste = std::get_if<KeyBuffer::Paste>(&*key))
            all.push_back("[" + paste->text + "]");
        else
            all.push_back(to_utf8({&std::get<wchar_t>(*key), 1}));
    }
    return all;
}

Taken taken_of(std::string_view bytes) {
    KeyBuffer keys;
    keys.add(bytes);
    return taken(keys);
}

}  // namespace

TEST_SUITE("client key buffer") {
    TEST_CASE("keys come one by one") {
        CHECK(taken_of("ab\r\t") == Taken{"a", "b", "\r", "\t"});
        CHECK(taken_of("\033[A") == Taken{"\033", "[", "A"});
    }

    TEST_CASE("what nobody can type so fast comes in one piece") {
        const std::string ahead(32, 'x');
        CHECK(taken_of(ahead + "\rb") == Taken{"[" + ahead + "]", "\r", "b"});
        CHECK(taken_of(std::string(31, 'x')).size() == 31);
    }

    TEST_CASE("characters beyond ASCII come as text, once they are whole") {
        KeyBuffer keys;
        keys.add("\xc3");
        CHECK(taken(keys).empty());
        keys.add("\xa9x");
        CHECK(taken(keys) == Taken{"[é]", "x"});
    }

    TEST_CASE("no character of a bracketed paste is a key, but the ends of its lines") {
        CHECK(taken_of("\033[200~a\tb\rc\033[201~d") == Taken{"[a b]", "\r", "[c]", "d"});
        CHECK(taken_of("\033[200~\033[A\033[201~") == Taken{"[\033[A]"});
        CHECK(taken_of("\033[200~\033[201~x") == Taken{"x"});
    }

    TEST_CASE("a bracketed paste in pieces of any size is the same text") {
        const std::string bytes = "\033[200~route é\033[20 x\033[201~\r";
        for (std::size_t size = 1; size < bytes.size(); ++size) {
            CAPTURE(size);
            KeyBuffer keys;
            std::string text;
            // The terminal sends the mark at the start in one piece.
            keys.add(bytes.substr(0, 6));
            for (std::size_t at = 6; at < bytes.size(); at += size) {
                keys.add(bytes.substr(at, size));
                for (const std::string& one : taken(keys))
                    text += one.size() > 1 ? one.substr(1, one.size() - 2) : one;
            }
            CHECK(text == "route é\033[20 x\r");
        }
    }

    TEST_CASE("the rest of a line that is too long is dropped, and the end of its paste") {
        KeyBuffer keys;
        keys.add("\033[200~a");
        CHECK(taken(keys) == Taken{"[a]"});
        keys.add("bcd\033[201~ef\rg");
        keys.drop_rest_of_line();
        CHECK(taken(keys) == Taken{"\r", "g"});
        keys.add("abc");
        keys.drop_rest_of_line();
        CHECK(taken(keys).empty());
    }

    TEST_CASE("what is cleared is gone, and whether it was pasted") {
        KeyBuffer keys;
        keys.add("\033[200~a\rb");
        (void)keys.take();
        keys.clear();
        CHECK(keys.size() == 0);
        keys.add("\t");
        CHECK(taken(keys) == Taken{"\t"});
    }
}

}  // namespace exapulse::client
