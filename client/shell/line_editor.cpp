// SPDX-License-Identifier: BSD-3-Clause
// libedit, fed key by key, so that the shell can do other things between two keys.
#include "client/shell/line_editor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cwchar>
#include <histedit.h>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "client/completion/vocabulary.hpp"
#include "client/shell/history_file.hpp"
#include "client/shell/screen_repair.hpp"
#include "client/view/terminal.hpp"
#include "client/view/terminal_size.hpp"
#include "client/view/utf8.hpp"

namespace exapulse::client {

namespace {

constexpr wchar_t literal = 1;       // around what takes no columns in a prompt
constexpr wchar_t paste_key = 0x1F;  // Ctrl-_, otherwise unused
// A terminal delivers a long paste in pieces. After each, the next one is awaited for this long,
// for libedit redraws the whole line for each.
constexpr std::size_t long_paste = 1024;
constexpr int paste_pause_ms = 20;

struct Binding {
    const wchar_t* key;
    const wchar_t* function;
};

// As in bash(1), where libedit does otherwise or leaves it to the terminal.
constexpr std::array bindings{
    Binding{L"\t", L"exapulse-complete"},  Binding{L"\x1F", L"exapulse-paste"},
    Binding{L"^R", L"em-inc-search-prev"}, Binding{L"^W", L"ed-delete-prev-word"},
    Binding{L"^U", L"vi-kill-line-prev"},  Binding{L"\\e[1~", L"ed-move-to-beg"},
    Binding{L"\\e[4~", L"ed-move-to-end"}, Binding{L"\\e[H", L"ed-move-to-beg"},
    Binding{L"\\e[F", L"ed-move-to-end"},  Binding{L"\\e[3~", L"ed-delete-next-char"},
    Binding{L"\\e[1;5C", L"em-next-word"}, Binding{L"\\e[1;5D", L"ed-prev-word"},
};

// As many as the screen has room for.
std::string in_screen(const std::vector<std::string>& candidates, TerminalSize size) {
    std::string text = in_columns(candidates, size.columns);
    const auto rows = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    const std::size_t most = size.rows - std::min<std::size_t>(size.rows - 1, 3);
    if (rows <= most) return text;
    const std::size_t shown = candidates.size() * most / rows;
    text = in_columns({candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(shown)},
                      size.columns);
    return text + fmt::format("and {} more\n", candidates.size() - shown);
}

}  // namespace

LineEditor::LineEditor(Parts parts)
    : parts_(std::move(parts)),
      edit_(el_init("exapulse", stdin, stdout, stderr)),
      history_(history_winit()) {
    el_wset(edit_, EL_CLIENTDATA, this);
    el_wset(edit_, EL_EDITOR, L"emacs");
    el_wset(edit_, EL_SIGNAL, 0);
    el_wset(edit_, EL_PROMPT_ESC, on_prompt, static_cast<int>(literal));
    el_wset(edit_, EL_GETCFN, on_get_key);
    // Between two lines as TerminalMode::keep_keys() has it, or keys that come just then are lost.
    el_wset(edit_, EL_SETTY, L"-x", L"-icanon", L"-echo", nullptr);
    HistEventW event{};
    history_w(history_, &event, H_SETSIZE, static_cast<int>(HistoryFile::most_lines));
    history_w(history_, &event, H_SETUNIQUE, 1);
    el_wset(edit_, EL_HIST, history_w, history_);
    bind_keys();
}

LineEditor::~LineEditor() {
    history_wend(history_);
    el_end(edit_);
}

void LineEditor::bind_keys() {
    el_wset(edit_, EL_ADDFN, L"exapulse-complete", L"Complete a command", on_complete);
    el_wset(edit_, EL_ADDFN, L"exapulse-paste", L"Insert what was pasted", on_paste);
    for (const Binding& binding : bindings)
        el_wset(edit_, EL_BIND, binding.key, binding.function, nullptr);
}

bool LineEditor::can_edit() const {
    char* up = nullptr;
    char name[] = "up";
    return el_get(edit_, EL_GETTC, name, &up, nullptr) == 0 && up != nullptr && *up != '\0';
}

LineEditor& LineEditor::of(editline* edit) {
    void* self = nullptr;
    el_wget(edit, EL_CLIENTDATA, &self);
    return *static_cast<LineEditor*>(self);
}

// libedit must not see an exception.
int LineEditor::on_get_key(editline* edit, wchar_t* key) {
    LineEditor& self = of(edit);
    try {
        return self.next_key(*key);
    } catch (...) {
        self.failure_ = std::current_exception();
        return -1;
    }
}

// libedit wants each sequence between two markers, followed by a column: several in a row must be
// one for it.
wchar_t* LineEditor::on_prompt(editline* edit) {
    LineEditor& self = of(edit);
    try {
        self.make_prompt();
    } catch (...) {
        self.failure_ = std::current_exception();
        self.prompt_.clear();
    }
    return self.prompt_.data();
}

void LineEditor::make_prompt() {
    prompt_.clear();
    prompt_width_ = 0;
    bool in_sequence = false;
    const std::string text = parts_.prompt();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\033') {
            const auto end = std::min(text.find('m', i), text.size() - 1);
            if (!in_sequence) prompt_ += literal;
            for (; i <= end; ++i) prompt_ += static_cast<wchar_t>(text[i]);
            in_sequence = true;
            --i;
        } else {
            if (std::exchange(in_sequence, false)) prompt_ += literal;
            prompt_ += static_cast<wchar_t>(text[i]);
            ++prompt_width_;
        }
    }
}

LineInput::Result LineEditor::read_line() {
    end_.reset();
    paste_.clear();
    too_long_ = false;
    reading_ = true;
    int count = 0;
    fmt::print("{}", KeyBuffer::mark_pastes);
    const wchar_t* typed = el_wgets(edit_, &count);
    fmt::print("{}", KeyBuffer::mark_no_pastes);
    flush_output();
    reading_ = false;
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    if (end_) return {*end_, to_utf8(line())};
    if (typed == nullptr) {
        print_line("");
        return {End::EndOfInput, {}};
    }
    std::string line = to_utf8({typed, static_cast<std::size_t>(count)});
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    return {too_long_ ? End::TooLong : End::Line, std::move(line)};
}

int LineEditor::next_key(wchar_t& key) {
    for (;;) {
        if (take_key(key)) return 1;
        repair(hold_last_row);
        switch (parts_.await()) {
            case Wakeup::Key:
                if (!read_keys()) return 0;
                break;
            case Wakeup::Interrupt:
                end_ = End::Interrupted;
                forget_keys();
                repair(leave_line);
                fmt::print("^C\n");
                flush_output();
                return -1;
            case Wakeup::Resized:
                resize();
                break;
            case Wakeup::Continued:
                el_wset(edit_, EL_PREP_TERM, 0);
                el_wset(edit_, EL_PREP_TERM, 1);
                redraw();
                break;
            case Wakeup::Finish:
                end_ = End::Finished;
                repair(leave_line);
                fmt::print("\n");
                return -1;
        }
    }
}

bool LineEditor::read_keys() {
    std::array<char, 4096> bytes;
    pollfd more{STDIN_FILENO, POLLIN, 0};
    do {
        const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
        if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) return false;
        if (count > 0) keys_.add({bytes.data(), static_cast<std::size_t>(count)});
    } while (keys_.size() >= long_paste && keys_.size() <= parts_.longest_line &&
             poll(&more, 1, paste_pause_ms) > 0);
    return true;
}

void LineEditor::forget_keys() {
    keys_.clear();
}

bool LineEditor::take_key(wchar_t& key) {
    if (too_long_) keys_.drop_rest_of_line();  // Return shows what became of it
    const auto next = keys_.take();
    if (!next) return false;
    const auto* paste = std::get_if<KeyBuffer::Paste>(&*next);
    if (paste != nullptr) paste_ = paste->text;
    key = paste != nullptr ? paste_key : std::get<wchar_t>(*next);
    return true;
}

unsigned char LineEditor::on_paste(editline* edit, unsigned /*key*/) {
    LineEditor& self = of(edit);
    try {
        return self.paste();
    } catch (...) {
        self.failure_ = std::current_exception();
        return CC_EOF;
    }
}

unsigned char LineEditor::paste() {
    const std::wstring text = to_wide(std::exchange(paste_, {}));
    const std::size_t room = parts_.longest_line - std::min(parts_.longest_line, line().size());
    if (text.size() > room) {
        too_long_ = true;
        return CC_NORM;
    }
    if (!text.empty() && el_winsertstr(edit_, text.c_str()) != 0) return CC_ERROR;
    return CC_REFRESH;
}

unsigned char LineEditor::on_complete(editline* edit, unsigned /*key*/) {
    LineEditor& self = of(edit);
    try {
        return self.complete();
    } catch (...) {
        self.failure_ = std::current_exception();
        return CC_EOF;
    }
}

unsigned char LineEditor::complete() {
    const std::string typed = to_utf8(before_cursor());
    const auto candidates = parts_.complete(typed);
    if (candidates.empty()) return CC_ERROR;
    const std::size_t known = typed.size() - (typed.find_last_of(" \t") + 1);
    std::string more = common_beginning(candidates).substr(known);
    const std::wstring whole = line();
    const std::size_t cursor = before_cursor().size();
    if (candidates.size() == 1 && (cursor == whole.size() || whole[cursor] != L' ')) more += ' ';
    if (!more.empty()) {
        el_winsertstr(edit_, to_wide(more).c_str());
        return CC_REFRESH;
    }
    if (candidates.size() > 1) list(candidates);
    return CC_NORM;
}

// Below the line, which is then drawn again below the list.
void LineEditor::list(const std::vector<std::string>& candidates) {
    repair(leave_line);
    fmt::print("\n{}", in_screen(candidates, terminal_size()));
    el_wset(edit_, EL_REFRESH);
}

std::wstring LineEditor::line() const {
    const LineInfoW* info = el_wline(edit_);
    return {info->buffer, info->lastchar};
}

std::wstring LineEditor::before_cursor() const {
    const LineInfoW* info = el_wline(edit_);
    return {info->buffer, info->cursor};
}

void LineEditor::repair(Repair how) {
    const std::wstring text = line();
    const std::wstring before = before_cursor();
    fmt::print("{}", how({prompt_width_, text, before}, terminal_size()));
    flush_output();
}

void LineEditor::redraw() {
    fmt::print("\r");
    el_wset(edit_, EL_REFRESH);
}

// Terminals rewrap lines when their width changes, and the cursor stays with its character.
void LineEditor::resize() {
    repair(erase_line);
    el_resize(edit_);
    redraw();
}

void LineEditor::show(std::string_view text) {
    if (reading_) repair(erase_line);
    print_line(text);
    flush_output();
    if (reading_) el_wset(edit_, EL_REFRESH);
}

void LineEditor::remember(const std::string& line) {
    HistEventW event{};
    history_w(history_, &event, H_ENTER, to_wide(line).c_str());
}

}  // namespace exapulse::client
