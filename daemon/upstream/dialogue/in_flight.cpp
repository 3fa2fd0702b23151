// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/in_flight.hpp"

#include <algorithm>
#include <cassert>

namespace exapulse {

void InFlight::begin_anew() {
    clear();
    written_ = 0;
}

void InFlight::clear() {
    entries_.clear();
    held_bytes_ = 0;
    recount();
}

void InFlight::recount() {
    counts_ = {};
    for (const Entry& entry : entries_) ++counts_[static_cast<std::size_t>(entry.kind)];
    fence_ = awaiting_ = 0;
}

void InFlight::push(Entry entry, std::size_t bytes) {
    entry.offset = written_;
    ++counts_[static_cast<std::size_t>(entry.kind)];
    entries_.push_back(std::move(entry));
    written_ += bytes;
}

std::vector<Command> InFlight::take_after(std::uint64_t left) {
    std::vector<Command> taken;
    while (!entries_.empty() && entries_.back().offset >= left) {
        if (entries_.back().kind == Kind::Command) {
            taken.push_back(std::move(entries_.back().command));
            taken.back().written_at.reset();
        }
        entries_.pop_back();
    }
    recount();
    return taken;
}

std::vector<InFlight::Entry> InFlight::take_commands() {
    std::vector<Entry> taken;
    std::deque<Entry> others;
    for (Entry& entry : entries_) {
        if (entry.kind == Kind::Command)
            taken.push_back(std::move(entry));
        else
            others.push_back(std::move(entry));
    }
    entries_ = std::move(others);
    held_bytes_ = 0;
    recount();
    return taken;
}

InFlight::Entry InFlight::pop_front() {
    assert(!entries_.empty());
    Entry entry = std::move(entries_.front());
    entries_.pop_front();
    --counts_[static_cast<std::size_t>(entry.kind)];
    fence_ -= std::min<std::size_t>(fence_, 1);
    awaiting_ -= std::min<std::size_t>(awaiting_, 1);
    for (const std::string& line : entry.held) held_bytes_ -= line.size();
    return entry;
}

bool InFlight::hold_line(Entry& entry, std::string_view line) {
    if (held_bytes_ + line.size() > most_held) return false;
    held_bytes_ += line.size();
    entry.held.emplace_back(line);
    return true;
}

void InFlight::cross() {
    for (Entry& entry : entries_) entry.crossed = true;
}

InFlight::Entry* InFlight::first(Kind kind) {
    return const_cast<Entry*>(std::as_const(*this).first(kind));
}

const InFlight::Entry* InFlight::first(Kind kind) const {
    if (count(kind) == 0) return nullptr;
    std::size_t at = kind == Kind::Fence ? fence_ : 0;
    while (entries_[at].kind != kind) ++at;
    if (kind == Kind::Fence) fence_ = at;
    return &entries_[at];
}

const InFlight::Entry* InFlight::last_command() const {
    const auto found = std::find_if(entries_.rbegin(), entries_.rend(),
                                    [](const Entry& entry) { return entry.kind == Kind::Command; });
    return found == entries_.rend() ? nullptr : &*found;
}

void InFlight::erase(Kind kind) {
    std::erase_if(entries_, [kind](const Entry& entry) { return entry.kind == kind; });
    recount();
}

InFlight::Entry* InFlight::awaiting() {
    for (; awaiting_ < entries_.size(); ++awaiting_) {
        Entry& entry = entries_[awaiting_];
        if (entry.kind == Kind::Fence) return nullptr;
        if (entry.kind == Kind::Command && !entry.ended) return &entry;
    }
    return nullptr;
}

InFlight::Entry* InFlight::last_before_fence() {
    Entry* last = nullptr;
    for (Entry& entry : entries_) {
        if (entry.kind == Kind::Fence) break;
        if (entry.kind == Kind::Command) last = &entry;
    }
    return last;
}

void InFlight::join_last(std::size_t count) {
    assert(count <= entries_.size());
    std::for_each(entries_.end() - static_cast<std::ptrdiff_t>(count), entries_.end(),
                  [](Entry& entry) { entry.joined = true; });
}

}  // namespace exapulse
