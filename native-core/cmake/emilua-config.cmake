# SPDX-License-Identifier: MIT OR BSL-1.0
# find_package(emilua) for plugins and for programs that run Lua.
#
#   emilua_add_plugin(NAME SOURCE...)
#
# makes NAME.so, which `require 'NAME'` finds in a directory of EMILUA_PATH and
# loadPlugin() by its path. It is a target, to which more can be linked.
#
#   emilua::emilua   for a program that has <emilua/state.hpp> run Lua
#   emilua::main     the command emilua, main() included, for a program that has
#                    modules built in
#
# Both are there where the libraries are, which a plugin needs nothing of.

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

set(EMILUA_LIBRARIES "${CMAKE_CURRENT_LIST_DIR}/../..")
if(EXISTS "${EMILUA_LIBRARIES}/libemilua.a" AND NOT TARGET emilua::emilua)
  # Archives, where they are, so that the program needs none of them to run.
  find_library(EMILUA_LUAJIT NAMES libluajit-5.1.a luajit-5.1)
  find_library(EMILUA_LIBURING NAMES liburing.a uring)
  find_library(EMILUA_LIBCAP NAMES libcap.a cap)
  find_path(EMILUA_LUAJIT_INCLUDE lua.hpp PATH_SUFFIXES luajit-2.1 luajit-2.0)
  foreach(name IN ITEMS LUAJIT LUAJIT_INCLUDE LIBURING LIBCAP)
    if(NOT EMILUA_${name})
      set(emilua_FOUND FALSE)
      set(emilua_NOT_FOUND_MESSAGE "EMILUA_${name} is not there (Debian: libluajit-5.1-dev, liburing-dev, libcap-dev)")
      return()
    endif()
  endforeach()
  add_library(emilua::emilua STATIC IMPORTED)
  set_target_properties(emilua::emilua PROPERTIES IMPORTED_LOCATION "${EMILUA_LIBRARIES}/libemilua.a")
  target_include_directories(emilua::emilua SYSTEM INTERFACE "${EMILUA_PREFIX}/include" "${EMILUA_LUAJIT_INCLUDE}"
    ${Boost_INCLUDE_DIRS})
  target_compile_features(emilua::emilua INTERFACE cxx_std_20)
  target_compile_definitions(emilua::emilua INTERFACE BOOST_ASIO_NO_DEPRECATED=1 BOOST_ASIO_SEPARATE_COMPILATION=1
    EMILUA_LIBRARY_DIR="${EMILUA_PREFIX}/lib/emilua-0.11")
  target_link_libraries(emilua::emilua INTERFACE "${EMILUA_LUAJIT}" "${EMILUA_LIBURING}" "${EMILUA_LIBCAP}"
    Threads::Threads ${CMAKE_DL_LIBS} m)

  add_library(emilua::main_archive STATIC IMPORTED)
  set_target_properties(emilua::main_archive PROPERTIES IMPORTED_LOCATION "${EMILUA_LIBRARIES}/libemilua-main.a")
  add_library(emilua::main INTERFACE IMPORTED)
  # All of it: what stands in for functions of libc is asked for by libraries that come later.
  target_link_libraries(emilua::main INTERFACE "$<LINK_LIBRARY:WHOLE_ARCHIVE,emilua::main_archive>" emilua::emilua)
  target_link_options(emilua::main INTERFACE
    "-Wl,--export-dynamic-symbol-list=${CMAKE_CURRENT_LIST_DIR}/libc_service.list")
endif()
