// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/peer_json.hpp"

#include <initializer_list>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/lower_case.hpp"
#include "common/number.hpp"
#include "common/words.hpp"

namespace exapulse {

namespace {

using nlohmann::json;
using std::chrono::seconds;
using Peers = std::vector<Peer>;

/// "neighbor 10.0.0.2 local-ip 10.0.0.1 local-as 65001 peer-as 65002 router-id ..."
Peer peer_of_name(const std::string& name) {
    Peer peer;
    if (name.size() > Peer::longest_name) return peer;
    peer.name = name;
    const auto parts = words(name);
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
        if (parts[i] == "neighbor") peer.address = parts[i + 1];
        if (parts[i] == "local-ip" && parts[i + 1] != "auto") peer.local_address = parts[i + 1];
        if (parts[i] == "local-as") peer.local_as = number_in<std::uint32_t>(parts[i + 1]);
        if (parts[i] == "peer-as") peer.as = number_in<std::uint32_t>(parts[i + 1]);
    }
    return peer;
}

/// Walks through JSON from start to end. Derived classes stop the walk by returning false.
class Walk : public json::json_sax_t {
  public:
    /// Whether all of `text` was JSON and the walk was not stopped.
    bool through(std::string_view text) {
        return json::sax_parse(text, static_cast<json::json_sax_t*>(this));
    }

  protected:
    enum class Container { Object, Array };
    struct Value {
        const std::string* text = nullptr;     ///< of a string
        std::optional<std::uint64_t> count{};  ///< of a number that is one
    };
    /// The keys that lead to the value, with an empty one for each array on the way.
    using Path = std::vector<std::string>;

    [[nodiscard]] const Path& path() const { return path_; }
    virtual bool opened(Container container) = 0;
    virtual bool closed() { return true; }
    virtual bool found(const Value& value) = 0;

  private:
    static constexpr std::size_t deepest = 32;

    bool enter(Container container) {
        if (path_.size() == deepest || !opened(container)) return false;
        path_.emplace_back();
        return true;
    }
    bool leave() {
        path_.pop_back();
        return closed();
    }

    bool null() override { return found({}); }
    bool boolean(bool) override { return found({}); }
    bool number_integer(json::number_integer_t) override { return found({}); }
    bool number_unsigned(json::number_unsigned_t number) override {
        return found({nullptr, number});
    }
    bool number_float(json::number_float_t, const std::string&) override { return found({}); }
    bool string(std::string& text) override { return found({&text, {}}); }
    bool binary(json::binary_t&) override { return false; }
    bool key(std::string& key) override {
        path_.back() = key;
        return true;
    }
    bool start_object(std::size_t) override { return enter(Container::Object); }
    bool start_array(std::size_t) override { return enter(Container::Array); }
    bool end_object() override { return leave(); }
    bool end_array() override { return leave(); }
    bool parse_error(std::size_t, const std::string&, const json::exception&) override {
        return false;
    }

    Path path_;
};

/// `{"peers": {NAME: STATE}}`, among other keys.
class StatusWalk final : public Walk {
  public:
    [[nodiscard]] bool complete() const { return complete_; }
    Peers peers;

  private:
    [[nodiscard]] bool at_peers() const { return path().size() == 1 && path()[0] == "peers"; }
    [[nodiscard]] bool in_peers() const { return path().size() == 2 && path()[0] == "peers"; }

    bool opened(Container container) override {
        if (path().empty()) return container == Container::Object;
        if (at_peers()) return container == Container::Object && !std::exchange(complete_, true);
        return !in_peers();
    }
    bool found(const Value& state) override {
        if (!in_peers()) return !path().empty() && !at_peers();
        if (state.text == nullptr || peers.size() == most_peers) return false;
        Peer peer = peer_of_name(path()[1]);
        peer.state = lower_case(*state.text);
        peers.push_back(std::move(peer));
        return true;
    }

    bool complete_ = false;  // the object was found
};

/// `[{"peer": {"address": ...}, "fsm": ..., "state": ..., "duration": ..., ...}, ...]`
class DetailWalk final : public Walk {
  public:
    explicit DetailWalk(WallTime now) : now_(now) {}
    Peers peers;

  private:
    /// Whether the walk is at this value of an entry.
    [[nodiscard]] bool is(std::initializer_list<std::string_view> keys) const {
        return std::equal(path().begin() + 1, path().end(), keys.begin(), keys.end());
    }

    bool opened(Container container) override {
        if (path().empty()) return container == Container::Array;
        return path().size() > 1 || container == Container::Object;
    }
    bool found(const Value& value) override {
        if (path().size() < 2) return false;
        const std::string text = value.text != nullptr ? *value.text : std::string();
        if (is({"peer", "address"})) entry_.address = text;
        if (is({"fsm"})) entry_.state = lower_case(text);
        if (is({"state"})) up_ = text == "up";
        if (is({"duration"})) duration_ = value.count;
        if (is({"messages", "sent", "update"})) entry_.sent = value.count;
        if (is({"messages", "received", "update"})) entry_.received = value.count;
        if (is({"prefixes", "received"})) entry_.prefixes = value.count;
        return true;
    }
    bool closed() override {
        if (path().size() != 1) return true;
        Peer peer = std::exchange(entry_, {});
        const auto duration = std::exchange(duration_, {});
        // For a peer that is down the duration means nothing (6.0 says 0).
        if (std::exchange(up_, false) && duration &&
            *duration <= std::uint64_t{longest_duration.count()})
            peer.since = now_ - seconds(static_cast<std::int64_t>(*duration));
        if (peer.address.empty() || peer.state.empty()) return true;  // not connected yet
        if (peers.size() == most_peers) return false;
        peers.push_back(std::move(peer));
        return true;
    }

    WallTime now_;
    Peer entry_;  // the one being parsed
    bool up_ = false;
    std::optional<std::uint64_t> duration_;
};

}  // namespace

std::optional<Peers> read_status(std::string_view answer) {
    StatusWalk walk;
    if (!walk.through(answer) || !walk.complete()) return std::nullopt;
    return std::move(walk.peers);
}

std::optional<Peers> read_detail(std::string_view answer, WallTime now) {
    DetailWalk walk(now);
    if (!walk.through(answer)) return std::nullopt;
    return std::move(walk.peers);
}

}  // namespace exapulse
