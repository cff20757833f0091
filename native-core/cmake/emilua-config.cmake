# SPDX-License-Identifier: MIT OR BSL-1.0
# find_package(emilua) for plugins.
#
#   emilua_add_plugin(NAME SOURCE...)
#
# makes NAME.so, which `require 'NAME'` finds in a directory of EMILUA_PATH and
# loadPlugin() by its path. It is a target, to which more can be linked.

include(CMakeFindDependencyMacro)
find_dependency(Boost 1.81)
find_dependency(Threads)

get_filename_component(EMILUA_PREFIX "${CMAKE_CURRENT_LIST_DIR}" ABSOLUTE)
while(NOT EXISTS "${EMILUA_PREFIX}/include/emilua/plugin.hpp")
  get_filename_component(parent "${EMILUA_PREFIX}" DIRECTORY)
  if(parent STREQUAL EMILUA_PREFIX)
    set(emilua_FOUND FALSE)
    set(emilua_NOT_FOUND_MESSAGE "The headers of emilua are not beside ${CMAKE_CURRENT_LIST_DIR}")
    return()
  endif()
  set(EMILUA_PREFIX "${parent}")
endwhile()

if(NOT TARGET emilua::plugin)
  add_library(emilua::plugin INTERFACE IMPORTED)
  target_include_directories(emilua::plugin SYSTEM INTERFACE "${EMILUA_PREFIX}/include" ${Boost_INCLUDE_DIRS})
  target_compile_definitions(emilua::plugin INTERFACE EMILUA_PLUGIN)
  target_compile_features(emilua::plugin INTERFACE cxx_std_20)
  target_link_libraries(emilua::plugin INTERFACE Threads::Threads)
  # Nothing is exported but the entry point, and nothing left for the host to resolve.
  target_link_options(emilua::plugin INTERFACE -Wl,-z,defs "-Wl,--version-script=${CMAKE_CURRENT_LIST_DIR}/plugin.map")
endif()

function(emilua_add_plugin name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE emilua::plugin)
  set_target_properties(${name} PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()
