// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/directory_walk.hpp"

#include "modules/filesystem/failures.hpp"

#include <algorithm>
#include <dirent.h>
#include <fcntl.h>

namespace emilua::filesystem {
namespace {

file_type type_of_dirent(unsigned char type) noexcept {
    return type_of_mode(DTTOIF(type));
}

bool is_denied(int code) noexcept { return code == EACCES || code == EPERM; }

/// What was there a moment ago is gone, or was replaced.
bool is_gone(int code) noexcept {
    return code == ENOENT || code == ENOTDIR || code == ELOOP;
}

} // namespace

void directory_walk::start() {
    const char* const name = root_.c_str("p");
    started_ = true;
    auto fd = open_folder(AT_FDCWD, name, true);
    if (fd) {
        levels_.push_back({directory_reader{std::move(fd)},
                           std::make_shared<const std::string>(name),
                           {}});
    } else if (!options_.skip_permission_denied || !is_denied(errno)) {
        failure f{error_code{errno, boost::system::system_category()},
                  "opendir", "p"};
        f.path = name;
        throw f;
    }
}

void directory_walk::close() noexcept {
    started_ = true;
    levels_.clear();
    last_.reset();
}

std::optional<directory_entry> directory_walk::next() {
    // What fails ends it.
    try {
        touched_system_ = !started_;
        if (!started_) start();
        auto entry = advance();
        if (!entry)
            close();
        else if (reads_ahead_ && touched_system_)
            open_ahead();
        return entry;
    } catch (...) {
        close();
        throw;
    }
}

std::optional<directory_entry> directory_walk::advance() {
    if (pops_ >= levels_.size())
        levels_.clear();
    else if (pops_ > 0)
        levels_.erase(levels_.end() - pops_, levels_.end());
    else if (last_ && recursion_pending_)
        enter_last();
    pops_ = 0;
    recursion_pending_ = true;
    last_.reset();
    while (!levels_.empty()) {
        auto& top = levels_.back();
        touched_system_ |=
            top.inside.look_ahead() == directory_reader::ahead::unknown;
        const auto item = read(top);
        if (!item) {
            levels_.pop_back();
            continue;
        }
        const auto type = item->type;
        if (!flat_ && (type == DT_DIR || type == DT_UNKNOWN ||
                       (type == DT_LNK && options_.follow_directory_symlink)))
            last_.emplace(std::string{item->name}, type);
        return directory_entry{top.text, item->name, type_of_dirent(type),
                               static_cast<int>(levels_.size()) - 1};
    }
    return std::nullopt;
}

std::optional<directory_reader::item> directory_walk::read(level& l) {
    try {
        return l.inside.next();
    } catch (failure& f) {
        f.path = *l.text;
        throw;
    }
}

bool directory_walk::next_is_ready() noexcept {
    if (!started_) return false;
    auto left = levels_.size();
    if (pops_ >= left) return true;
    left -= pops_;
    if (pops_ == 0 && last_ && recursion_pending_) {
        auto* const opened = last_opened();
        if (!opened) return false;
        if (auto* inside = std::get_if<directory_reader>(&opened->what)) {
            const auto next = inside->look_ahead();
            if (next != directory_reader::ahead::the_end)
                return next == directory_reader::ahead::something;
        }
    }
    for (; left > 0; --left) {
        const auto next = levels_[left - 1].inside.look_ahead();
        if (next != directory_reader::ahead::the_end)
            return next == directory_reader::ahead::something;
    }
    return true;
}

directory_walk::early* directory_walk::last_opened() noexcept {
    auto& ahead = levels_.back().ahead;
    const auto same = [&](const early& e) { return e.name == last_->name; };
    const auto found = std::find_if(ahead.begin(), ahead.end(), same);
    if (found == ahead.end()) return nullptr;
    ahead.erase(ahead.begin(), found);
    return &ahead.front();
}

void directory_walk::enter_last() {
    auto& top = levels_.back();
    auto text = std::make_shared<std::string>(*top.text);
    if (!text->ends_with('/')) *text += '/';
    *text += last_->name;
    if (auto* opened = last_opened()) {
        auto e = std::move(*opened);
        top.ahead.pop_front();
        return entered(std::move(e.what), std::move(text), std::move(e.ahead));
    }
    touched_system_ = true;
    bool follow = false;
    if (last_->type != DT_DIR) {
        // By the whole path, which the system refuses to resolve where links
        // lead round in a circle.
        struct stat st;
        if (::lstat(text->c_str(), &st) != 0) return;
        follow = S_ISLNK(st.st_mode) && options_.follow_directory_symlink;
        if (follow && ::stat(text->c_str(), &st) != 0) return;
        if (!S_ISDIR(st.st_mode)) return;
    }
    auto fd = open_folder(top.inside.fd(), last_->name.c_str(), follow);
    if (fd)
        entered(directory_reader{std::move(fd)}, std::move(text));
    else
        entered(errno, std::move(text));
}

void directory_walk::entered(std::variant<directory_reader, int> what,
                             std::shared_ptr<const std::string> text,
                             std::list<early> ahead) {
    if (auto* inside = std::get_if<directory_reader>(&what)) {
        levels_.push_back(
            {std::move(*inside), std::move(text), std::move(ahead)});
        return;
    }
    const int code = std::get<int>(what);
    if (!is_gone(code) && !(options_.skip_permission_denied && is_denied(code)))
        throw_code_at(*text, code, "opendir");
}

void directory_walk::forget_passed(level& l) {
    std::string_view next;
    if (&l == &levels_.back() && last_ && last_->type == DT_DIR)
        next = last_->name;
    else
        l.inside.for_each_ahead([&](const directory_reader::item& i) {
            if (i.type == DT_DIR) next = i.name;
            return next.empty();
        });
    const auto found =
        std::find_if(l.ahead.begin(), l.ahead.end(),
                     [&](const early& e) { return e.name == next; });
    l.ahead.erase(l.ahead.begin(), found);
}

void directory_walk::open_ahead() {
    std::size_t open = 0;
    for (auto& l : levels_) {
        forget_passed(l);
        open += count(l.ahead);
    }
    if (open >= most_ahead) return;
    auto room = most_ahead - open;
    for (auto l = levels_.rbegin(); l != levels_.rend(); ++l) {
        if (!l->ahead.empty()) continue;
        if (l == levels_.rbegin() && last_ && last_->type == DT_DIR &&
            !open_early(l->inside, last_->name, l->ahead, room))
            return;
        if (!open_inside(l->inside, l->ahead, room)) return;
    }
}

std::size_t directory_walk::count(const std::list<early>& ahead) noexcept {
    auto n = ahead.size();
    for (const auto& e : ahead) n += count(e.ahead);
    return n;
}

bool directory_walk::open_early(const directory_reader& folder,
                                std::string_view name, std::list<early>& ahead,
                                std::size_t& room) {
    if (room == 0) return false;
    auto fd = open_folder(folder.fd(), name.data(), false);
    const int code = errno;
    // Descriptors are for what has to be open.
    if (!fd && (code == EMFILE || code == ENFILE)) return false;
    --room;
    if (!fd) {
        ahead.push_back({std::string{name}, code});
        return true;
    }
    directory_reader inside{std::move(fd)};
    try {
        inside.fill();
    } catch (const failure&) {
        return true; // whoever enters it is told
    }
    ahead.push_back({std::string{name}, std::move(inside)});
    auto& e = ahead.back();
    return open_inside(std::get<directory_reader>(e.what), e.ahead, room);
}

bool directory_walk::open_inside(const directory_reader& folder,
                                 std::list<early>& ahead, std::size_t& room) {
    bool more = true;
    folder.for_each_ahead([&](const directory_reader::item& i) {
        if (i.type == DT_DIR) more = open_early(folder, i.name, ahead, room);
        return more;
    });
    return more;
}

} // namespace emilua::filesystem
