// SPDX-License-Identifier: BSD-3-Clause
// A client's line: the words of a Request, what each ExaBGP finds in it, and what is refused.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "common/exabgp_spelling.hpp"
#include "common/printable.hpp"
#include "daemon/commands/line_check.hpp"
#include "daemon/commands/line_hint.hpp"
#include "daemon/exabgp/command_guard.hpp"
#include "daemon/exabgp/command_line.hpp"
#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/request.hpp"
#include "tests/fuzz/property.hpp"

using namespace exapulse;
using fuzz::is_inside;
using fuzz::require;

namespace {

void words_of(const Request& request) {
    const std::string_view text = request.text();
    const char* end = text.data();
    for (const std::string_view word : request.words()) {
        require(!word.empty() && is_inside(word, text), "words are in the text");
        require(word.data() >= end, "in their order");
        end = word.data() + word.size();
    }
    const std::string normal = normalised(request.words());
    const auto again = tokens(normal);
    require(std::equal(again.begin(), again.end(), request.words().begin(), request.words().end()),
            "the normal form has the same words");
    require(normalised(again) == normal, "and is its own normal form");

    const Verb& verb = request.rule().verb;
    require(verb.words().empty() || verb.begins(request.words()) ||
                (verb.text() == "#" && request.words().front().starts_with('#')),
            "the rule is that of its verb");

    if (const auto& selector = request.selector().selector) {
        require(is_inside(selector->text, text) && is_inside(selector->command, text),
                "the selector is in the text");
        require(request.selector().problem.empty() || !selector->terms.empty(),
                "a selector names somebody");
    }
}

void what_exabgp_reads(const DialectRules& rules, const Request& request) {
    const std::string normal = normalised(request.words());
    const std::string_view found = found_command(rules, normal);
    require(found.empty() || normal.find(found) != normal.npos, "a command that is found is there");
    if (rules.matching == Matching::FirstWords)
        require(found.empty(), "6.0 looks at the first words");
    (void)command_in(rules, request);
    (void)asks_for_summary(rules, request);
    (void)takes_turn(rules, request);
    (void)only_reads(rules, request);
    const std::string reason = guard_against(rules, request, {});
    require(printable(reason) == reason, "a reason is one line of plain text");
    const Words words = request.words(), rest = without_neighbor(words);
    require(rest.empty() || (rest.size() <= words.size() &&
                             rest.data() + rest.size() == words.data() + words.size()),
            "what is behind the neighbors are the last words");
}

void spelled_for(std::string_view line, std::string_view dialect) {
    const auto once = respelled(line, dialect);
    if (!once) return;
    require(spelling_varies(line), "a line that is respelled is one whose spelling varies");
    require(*once != line, "respelled is another spelling");
    require(!respelled(*once, dialect), "which is right then");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view line = fuzz::text_of(data, size);
    if (line.find('\n') != line.npos) return 0;  // the framer's
    const Request request(line);
    require(request.text() == line, "the text is the line");
    words_of(request);
    const std::string harm = harm_in(line);
    require(printable(harm) == harm, "what is said about a line is plain text");
    if (!harm.empty()) return 0;  // such a line is refused before anything else is asked about it
    for (const Dialect dialect : all_dialects) what_exabgp_reads(rules_of(dialect), request);
    for (const std::string_view dialect : {"4.2", "5.0", "v4", "v6", "?"})
        spelled_for(line, dialect);
    for (const std::string& text : {incomplete(request), misspelling(request),
                                    excess_of(request, {.echo = 64, .communities = 4})})
        require(printable(text) == text, "what is said about a line is plain text");
    (void)echo_of(request);
    (void)communities_in(request);
    return 0;
}
