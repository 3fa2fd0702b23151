// SPDX-License-Identifier: BSD-3-Clause
// Completion: what fits where the last word of a command line stands.
#include <algorithm>

#include <doctest/doctest.h>

#include "client/completion/completion.hpp"
#include "common/protocol.hpp"

using namespace exapulse::client;

namespace {

using List = std::vector<std::string>;

const LiveNames live{.clients =
                         [] {
                             return Candidates{{"17", "bird"}, {"4", "sh"}};
                         },
                     .peers =
                         [] {
                             return Candidates{{"10.0.0.1", "AS65001"}, {"2001:db8::1", "AS65002"}};
                         },
                     .instances =
                         [] {
                             return Candidates{{"edge", ""}};
                         },
                     .commands = {}};

Completion completion(const List& words, const LiveNames& names = live) {
    return complete(read_typed_line(words), names);
}

List offered(const List& words, const LiveNames& names = live) {
    List list;
    for (const Candidate& candidate : completion(words, names).candidates)
        list.push_back(candidate.word);
    return list;
}

bool offers(const List& words, const std::string& word) {
    const List list = offered(words);
    return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

TEST_CASE("where a subcommand stands, those that are for people are offered") {
    CHECK(offered({}).size() + 1 == subcommands().size());
    CHECK(offered({""}) == offered({}));
    CHECK(offered({"wa"}) == List{"watch", "wait"});
    CHECK(offered({"comp"}).empty());
    CHECK(offered({"--quiet", "--timeout", "3s", "stat"}) == List{"status"});
    CHECK(offered({"--timeout=3s", "stat"}) == List{"status"});
    CHECK(offered({"--timeout", "stat"}).empty());
    CHECK(offered({"frobnicate", ""}).empty());
    CHECK(offered({"complete", ""}).empty());
}

TEST_CASE("options are offered until they are given") {
    CHECK(offered({"--st"}) == List{"--stay"});
    CHECK(offered({"status", "--st"}).empty());
    CHECK(offered({"status", "--j"}) == List{"--json"});
    CHECK(offered({"status", "--json", "--j"}).empty());
    CHECK(offered({"-q", "--q"}).empty());
    CHECK(offered({"run", "-b", "f", "--bat"}).empty());
    CHECK(offered({"watch", "--type", "failed", "--ty"}) == List{"--type"});
    CHECK(offered({"status", "--"}) == offered({"status", ""}));
    CHECK(offered({"status", "--help", "--"}).empty());
    CHECK(offered({"status", "--", "--"}).empty());
    for (const Candidate& candidate : completion({"watch", "-"}).candidates)
        CHECK_MESSAGE(!candidate.description.empty(), candidate.word);
}

TEST_CASE("the values of an option") {
    CHECK(offered({"watch", "--type", "re"}) ==
          List{"restarted", "reconnected", "recovered", "replaying", "replayed"});
    CHECK(offered({"watch", "--type", "failed,restarted,re"}) ==
          List{"failed,restarted,reconnected", "failed,restarted,recovered",
               "failed,restarted,replaying", "failed,restarted,replayed"});
    CHECK(offered({"history", "--type=failed,rest"}) == List{"--type=failed,restarted"});
    CHECK_FALSE(offers({"watch", "--type", ""}, "state"));
    CHECK(offered({"watch", "--type", ""}).size() + 1 == exapulse::event_type_names.size());
    for (const Candidate& candidate : completion({"watch", "--type", ""}).candidates)
        CHECK_MESSAGE(!candidate.description.empty(), candidate.word);
    CHECK(offered({"--instance", ""}) == List{"edge"});
    CHECK(offered({"status", "--timeout", ""}).empty());
    CHECK(offered({"status", "--frob="}).empty());
    for (const List& words : {List{"--socket", "/r"}, {"run", "-b", ""}, {"run", "--batch=f"}}) {
        CHECK(completion(words).files);
        CHECK(completion(words).candidates.empty());
    }
    CHECK_FALSE(completion({"status", ""}).files);
}

TEST_CASE("the conditions of wait") {
    CHECK(offered({"wait", ""}) == List{"up", "down", "restart", "peer", "no-peer"});
    CHECK(offered({"wait", "up", "--any", ""}) == List{"down", "restart", "peer", "no-peer"});
    CHECK(offered({"wait", "peer", ""}) == List{"10.0.0.1", "2001:db8::1"});
    CHECK(offered({"wait", "up", "no-peer", "2"}) == List{"2001:db8::1"});
    CHECK(offered({"wait", "peer", "10.0.0.1", "e"}) == List{"established"});
    CHECK(offered({"wait", "peer", "10.0.0.1", "idle", "peer", "10"}) == List{"10.0.0.1"});
    CHECK(offered({"wait", "peer", ""}, {}).empty());
}

TEST_CASE("what is done with routes") {
    CHECK(offered({"routes", "re"}) == List{"replay"});
    CHECK(offers({"routes", ""}, "withdraw"));
    CHECK(offers({"routes", "withdraw", ""}, "--owner"));
    CHECK(completion({"routes", "import", ""}).files);
    CHECK_FALSE(offers({"routes", "keep", "re"}, "replay"));
}

TEST_CASE("what a client, and what a command could be") {
    CHECK(offered({"kill", ""}) == List{"17", "4"});
    CHECK(offered({"kill", "1"}) == List{"17"});
    CHECK_FALSE(offers({"kill", "17", ""}, "4"));
    CHECK(offered({"kill", ""}, {}).empty());

    LiveNames knowing = live;
    knowing.commands = [](std::span<const std::string> words) {
        return words.size() == 1 ? Candidates{{"announce", ""}} : Candidates{{"route", ""}};
    };
    CHECK(offered({"run", "--raw", "an"}, knowing) == List{"announce"});
    CHECK(offered({"run", "announce", ""}, knowing) == List{"route"});
    CHECK(offered({"run", "--", "announce", "--json", ""}, knowing) == List{"route"});
    CHECK(offered({"run", "announce", "--r"}, knowing).empty());
    CHECK(offered({"run", "announce", "--r"}).empty());
    CHECK(offered({"run", "--batch", "f", "a"}, knowing).empty());
    CHECK(offered({"hold", "--ttl", "30s", "an"}, knowing) == List{"announce"});
    CHECK(offered({"hold", "announce", ""}, knowing) == List{"route"});
    knowing.commands = [](std::span<const std::string>) {
        return Candidates{{"announce", ""}, {"show", ""}, {"peer", ""}, {"withdraw", ""}};
    };
    CHECK(offered({"hold", ""}, knowing) == List{"announce", "peer"});
}

TEST_CASE("the socket that a typed line names is known") {
    const TypedLine line = read_typed_line(List{"--socket", "/s", "kill", "--instance=x", ""});
    CHECK(line.given.at("--socket") == "/s");
    CHECK(line.given.at("--instance") == "x");
}

TEST_CASE("what the scripts read") {
    CHECK(completion_lines({}).empty());
    CHECK(completion_lines({{{"17", "a\tb\n"}, {"--x", ""}}, false}) == "17\ta\\tb\\n\n--x\n");
    CHECK(completion_lines({{}, true}) == ":files\n");
}
