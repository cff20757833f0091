// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/interpreter.hpp"

#include <emilua/unique_descriptor.hpp>

#include <climits>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

namespace emilua {

std::string interpreter_of(const std::string& program) {
    const unique_descriptor file{
        ::open(program.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    char text[PATH_MAX]{};
    if (!file || ::pread(file.get(), text, sizeof(text) - 1, 0) <= 0) return {};
    if (text[0] == '#' && text[1] == '!') {
        const char* const from = text + 2 + std::strspn(text + 2, " \t");
        return {from, std::strcspn(from, " \t\n")};
    }
    Elf64_Ehdr head;
    std::memcpy(&head, text, sizeof(head));
    if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return {};
    for (int i = 0; i < head.e_phnum; ++i) {
        Elf64_Phdr part;
        const auto at =
            head.e_phoff + static_cast<std::size_t>(i) * sizeof(part);
        if (::pread(file.get(), &part, sizeof(part), static_cast<off_t>(at)) !=
            sizeof(part))
            return {};
        if (part.p_type != PT_INTERP || part.p_filesz >= sizeof(text)) continue;
        std::memset(text, 0, sizeof(text));
        if (::pread(file.get(), text, part.p_filesz,
                    static_cast<off_t>(part.p_offset)) > 0)
            return text;
    }
    return {};
}

} // namespace emilua
