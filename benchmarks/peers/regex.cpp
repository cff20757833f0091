// SPDX-License-Identifier: MIT OR BSL-1.0
// The same with std::regex.
#include "rate.hpp"

#include <regex>
#include <string>
#include <vector>

namespace {

std::string repeated(const char* text, int times, const char* end) {
    std::string s;
    for (int i = 0; i < times; ++i) s += text;
    return s + end;
}

std::vector<std::string> split(const std::string& s, const std::regex& re) {
    return {std::sregex_token_iterator{s.begin(), s.end(), re, -1}, {}};
}

} // namespace

int main() {
    const auto how = std::regex::ECMAScript | std::regex::optimize;
    const std::regex pair{"([a-z]+)=([0-9]+)", how};
    const std::regex date{"[0-9]{4}-[0-9]{2}-[0-9]{2}", how};
    const std::regex comma{", *", how};
    const auto page =
        repeated("neither a digit nor a dash here. ", 124, "2024-02-29");
    const auto fields = repeated("field, ", 99, "field");
    const std::string content = "content=1234";
    std::size_t sink = 0;
    rate("match", [&] {
        std::smatch m;
        std::regex_match(content, m, pair);
        sink += m[1].str().size() + m[2].str().size();
    });
    rate("search_4k", [&] {
        std::smatch m;
        std::regex_search(page, m, date);
        sink += static_cast<std::size_t>(m.position());
    });
    rate("split_100", [&] { sink += split(fields, comma)[99].size(); });
    return sink == 0;
}
