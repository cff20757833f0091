// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

#include <string_view>
#include <utility>
#include <vector>

/// Error categories that programs define, in files of RDF's Turtle.

namespace emilua {

/// One error of such a category.
struct user_error {
    int code = 0;
    /// As programs name it.
    std::vector<std::string> aliases{};
    /// Language tag (BCP 47), or nothing, and text.
    std::vector<std::pair<std::string, std::string>> messages{};
    /// What it is equivalent to, of the generic category; 0 for nothing.
    int condition = 0;
};

/// Lives for ever, as every category.
class user_category final : public error_category {
public:
    user_category(std::string name, std::vector<user_error> errors)
        : name_{std::move(name)}, errors_{std::move(errors)} {}

    const char* name() const noexcept override { return name_.c_str(); }
    /// In the language that LC_ALL, LC_MESSAGES or LANG say, or a more general
    /// form of it, or else in none.
    std::string message(int code) const override;
    boost::system::error_condition
    default_error_condition(int code) const noexcept override;

    const std::vector<user_error>& errors() const noexcept { return errors_; }
    /// Nothing for what there is not.
    const user_error* find(int code) const noexcept;
    const user_error* find(std::string_view alias) const noexcept;

private:
    const std::string name_;
    const std::vector<user_error> errors_;
};

/// The category that the file at `path` with this content defines: the same
/// one for the same path, as it was first. Its name is that of the file
/// without what follows the dot, unless another one has it. Throws `failure`:
/// EBADMSG, which explains itself with line and column, or ENOPKG when there
/// is no library to read Turtle with.
const user_category& define_category(const std::string& path,
                                     std::string_view content);

/// Nothing unless one of this name was defined.
const user_category* find_user_category(std::string_view name) noexcept;
/// `c`, if it is one of these.
const user_category* as_user_category(const error_category& c) noexcept;

/// What the Turtle in `content` says. `path` is for messages.
std::vector<user_error> parse_turtle(const std::string& path,
                                     std::string_view content);

} // namespace emilua
