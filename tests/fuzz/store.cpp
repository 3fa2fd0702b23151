// SPDX-License-Identifier: BSD-3-Clause
// history.db: whatever is in it, or becomes of it, exapulsed serves, and what it adds is read.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/json_fields.hpp"
#include "tests/fuzz/folder.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/support/old_history.hpp"

using namespace exapulse;
using fuzz::require;

namespace {

constexpr const char* file = "history.db";
constexpr std::string_view magic = "SQLite format 3";

const fuzz::Folder& folder() {
    static const fuzz::Folder own;
    return own;
}

/// A valid file of each version, small so that few changes reach each part of it.
const std::vector<std::string>& valid_files() {
    static const std::vector<std::string> files = [] {
        std::vector<std::string> made;
        for (std::size_t version = 0; version <= migrations().size(); ++version) {
            folder().clear();
            test::make_old_history(folder() / file, version, 512);
            made.push_back(folder().read(file));
        }
        return made;
    }();
    return files;
}

/// What an input stands for: the file itself, or a valid one and what becomes of it. Then its first
/// byte is the version; the second says whether the changes befall a file that is open, and whether
/// it is cut off; the others are three bytes of an offset and one to be written there.
struct Input {
    struct Change {
        std::size_t offset;
        char byte;
    };
    std::string content;
    std::vector<Change> changes{};
    bool while_open = false;

    explicit Input(std::string_view bytes) : content(bytes) {
        if (bytes.starts_with(magic) || bytes.size() < 2) return;
        const auto number = [&](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
        content = valid_files()[number(0) % valid_files().size()];
        while_open = number(1) % 2 != 0;
        for (std::size_t at = 2; at + 4 <= bytes.size(); at += 4)
            changes.push_back(
                {number(at) + number(at + 1) * 256U + number(at + 2) * 65'536U, bytes[at + 3]});
        if (while_open) return;
        apply(content);
        if (number(1) % 4 == 2 && !content.empty())
            content.resize(number(bytes.size() - 1) * content.size() / 256);
    }
    void apply(std::string& text) const {
        for (const Change& change : changes)
            if (!text.empty()) text[change.offset % text.size()] = change.byte;
    }
};

/// Overwrites parts of a file in place, as a disk does.
void damage(const std::string& path, const Input& input) {
    std::fstream open(path, std::ios::binary | std::ios::in | std::ios::out);
    if (!open) return;
    const auto size = static_cast<std::size_t>(std::filesystem::file_size(path));
    for (const Input::Change& change : input.changes)
        if (size > 0)
            open.seekp(static_cast<std::streamoff>(change.offset % size)).put(change.byte);
}

/// A run of exapulsed.
class Run {
  public:
    Run(std::string boot, int started)
        : store_(folder() / file, boot, test::start + std::chrono::seconds(started),
                 test::generous()),
          boot_(std::move(boot)),
          clock_(started) {
        write();
    }

    void write() {
        store_.end_pause();
        store_.write(test::moment(++clock_));
    }
    void add(int count) {
        for (int i = 0; i < count; ++i) {
            store_.add(test::stored(boot_, ++seq_, EventType::Degraded, ++clock_));
            store_.add({{test::moment(clock_).wall, "192.0.2.1", PeerChange::State::Up}},
                       test::moment(clock_).wall);
            StoredCommand command;
            command.number = seq_;
            command.time = test::moment(clock_).wall;
            command.command = "announce";
            store_.add(std::move(command));
        }
    }

    /// The numbers of the events of `boot`, as a subscriber sees them who missed all of them; 0
    /// stands for a gap.
    std::vector<std::uint64_t> numbers_of(const std::string& boot) {
        std::vector<std::uint64_t> numbers;
        for (const std::string& line : lines_behind({boot, 0}, every_happening())) {
            const auto event = nlohmann::json::parse(line, nullptr, false);
            if (text_field(event, "boot") != boot) continue;
            const auto seq = number_field(event, "seq").value_or(0);
            numbers.push_back(text_field(event, "type") == name_of(EventType::Gap)
                                  ? 0
                                  : static_cast<std::uint64_t>(seq));
        }
        return numbers;
    }
    /// Everything that is asked of the past.
    void ask() {
        (void)store_.knows("old");
        for (const auto& since : {std::optional<WallTime>(), std::optional(WallTime()),
                                  std::optional(test::start + std::chrono::seconds(3))}) {
            (void)lines_behind(store_.start(since).after, every_happening());
            (void)store_.peers_uptime({since, {}, test::moment(clock_).wall, {}});
            (void)store_.peers_uptime({since, "192.0.2.1", test::moment(clock_).wall, {}});
            ask_for_commands({since, {}, {}});
        }
        (void)lines_behind({"old", 1}, {every_happening(), "192.0.2.1"});
        (void)store_.commands_since();
        (void)store_.bytes();
        (void)store_.kept();
    }

    [[nodiscard]] bool set_aside() {
        for (const auto& change : store_.take_changes())
            set_aside_ = set_aside_ || change.state == StoreState::SetAside;
        return set_aside_;
    }
    [[nodiscard]] bool uses_file() const { return store_.state() == StoreState::File; }
    [[nodiscard]] std::uint64_t added() const { return seq_; }

  private:
    /// More than a small file can have.
    static constexpr int most_pages = 20'000;
    static constexpr std::size_t small_page = 300;

    std::vector<std::string> lines_behind(EventPosition after, const EventFilter& filter) {
        std::vector<std::string> lines;
        for (int pages = 0;; ++pages) {
            require(pages < most_pages, "the events have an end");
            const EventPage page = store_.read(after, filter, small_page);
            for (std::string_view rest = page.lines; !rest.empty();) {
                const auto end = rest.find('\n');
                require(end != rest.npos, "a page has whole lines");
                lines.emplace_back(rest.substr(0, end));
                rest.remove_prefix(end + 1);
            }
            after = page.last;
            if (page.end) return lines;
        }
    }
    void ask_for_commands(const CommandQuery& query) {
        std::uint64_t after = 0;
        for (int pages = 0;; ++pages) {
            require(pages < most_pages, "the commands have an end");
            const CommandPage page = store_.read_commands(query, after, small_page);
            after = page.last;
            if (page.end) return;
        }
    }

    EventStore store_;
    std::string boot_;
    int clock_;
    std::uint64_t seq_ = 0;
    bool set_aside_ = false;
};

bool has_damaged_file() {
    const std::string beginning = std::string(file) + ".damaged-";
    const std::filesystem::directory_iterator files(folder().path());
    return std::any_of(begin(files), end(files), [&](const auto& entry) {
        return entry.path().filename().string().starts_with(beginning);
    });
}

/// 1 to `last`, each once and in order.
bool complete(const std::vector<std::uint64_t>& numbers, std::uint64_t last) {
    std::uint64_t next = 1;
    return numbers.size() == last && std::all_of(numbers.begin(), numbers.end(),
                                                 [&](auto number) { return number == next++; });
}

/// Each event of the run is there, or before it is a gap.
bool complete_but_for_gaps(const std::vector<std::uint64_t>& numbers, std::uint64_t last) {
    std::uint64_t before = 0;
    bool gap = false;
    for (const std::uint64_t number : numbers) {
        if (number == 0) {
            gap = true;
            continue;
        }
        if (number <= before || (number > before + 1 && !gap)) return false;
        before = number;
        gap = false;
    }
    return before == last || gap;
}

/// A file that was damaged before: nothing of this run is lost.
void on_a_damaged_file() {
    bool kept = false;
    std::uint64_t added = 0;
    {
        Run run("this", 10);
        run.add(2);
        run.write();
        run.ask();
        run.write();
        run.add(3);
        if (run.set_aside()) {
            require(has_damaged_file(), "a damaged file is kept");
            require(complete_but_for_gaps(run.numbers_of("this"), run.added()),
                    "what is not read is a gap");
        } else {
            require(complete(run.numbers_of("this"), run.added()), "what is added is read");
        }
        run.write();
        run.write();
        run.ask();
        kept = run.uses_file() && !run.set_aside();
        added = run.added();
    }
    Run next("next", 1'000);
    next.add(1);
    next.write();
    require(complete(next.numbers_of("next"), 1) || next.set_aside(), "what is added is read");
    if (kept && !next.set_aside())
        require(complete(next.numbers_of("this"), added), "what was written is read later");
}

/// While it is used anything may get lost, but exapulsed serves.
void damaged_while_open(const Input& input) {
    {
        Run run("this", 10);
        run.add(3);
        run.write();
        damage(folder() / file, input);
        damage(folder() / (std::string(file) + "-wal"), input);
        run.ask();
        run.add(2);
        run.write();
        run.ask();
        if (run.set_aside()) require(has_damaged_file(), "a damaged file is kept");
    }
    Run next("next", 1'000);
    next.add(1);
    next.write();
    next.ask();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Input input(fuzz::text_of(data, size));
    folder().clear();
    folder().write(file, input.content);
    if (input.while_open)
        damaged_while_open(input);
    else
        on_a_damaged_file();
    return 0;
}
