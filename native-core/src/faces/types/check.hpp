// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/description.hpp>

#include <map>
#include <string>

namespace emilua {

/// Looks at each type and member before it is written, and collects the enums
/// and records that are met. Throws std::logic_error, which says what to
/// change, for what compiles but describes nothing that a language could have.
class description_check {
public:
    void module(const module_description& m);

    const std::map<std::string, const enum_description*>& enums() const {
        return enums_;
    }
    const std::map<std::string, const record_description*>& records() const {
        return records_;
    }

private:
    void members(const std::string& owner, const std::vector<member>& all);
    void operators(const std::string& owner,
                   const class_description::operation_entry& m);
    void one(const std::string& where, const member& m);
    void named(const std::string& where, const member& m, const type& t);
    void visit(const std::string& where, const type& t);

    const module_description* module_ = nullptr;
    std::map<std::string, const enum_description*> enums_;
    std::map<std::string, const record_description*> records_;
};

} // namespace emilua
