# SPDX-License-Identifier: MIT OR BSL-1.0
# order_code(TARGET FILE) has GNU's linker put the functions that FILE names
# before all others. Names that it does not know it leaves out. Where its own
# script does not look like this, or the linker is another, the code stays in
# the order that it has, and a message says so.
function(order_code target file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} lines)
  string(REGEX REPLACE "#[^\n]*\n" "" lines "${lines}")
  string(REGEX REPLACE "([^\n]+):\n" "    *\\1:*(.text .text.*)\n" lines "${lines}")
  string(REGEX REPLACE "(^|\n)([^ \n]+)" "\\1    *(.text.\\2)" lines "${lines}")
  # Which script the linker has depends on them: only a program that can lie anywhere begins at address 0.
  separate_arguments(flags NATIVE_COMMAND "${CMAKE_CXX_FLAGS} ${CMAKE_EXE_LINKER_FLAGS}")
  list(APPEND flags ${CMAKE_CXX_USING_LINKER_${CMAKE_LINKER_TYPE}})
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} ${flags} -Wl,--verbose OUTPUT_VARIABLE script ERROR_QUIET)
  string(REGEX REPLACE "^.*\n=====+\n(.*)\n=====+.*$" "\\1" script "${script}")
  set(unlikely "    *(.text.unlikely ")
  string(REPLACE "${unlikely}" "    *(.text.startup .text.startup.*)\n${lines}${unlikely}" ordered "${script}")
  if(ordered STREQUAL script)
    message(NOTICE "The code of ${target} stays in no order: the linker has no script like that of GNU ld")
    return()
  endif()
  set(path ${CMAKE_CURRENT_BINARY_DIR}/${target}.ld)
  file(CONFIGURE OUTPUT ${path} CONTENT "${ordered}" @ONLY)
  include(CheckLinkerFlag)
  check_linker_flag(CXX -Wl,-T,${path} ORDERS_CODE)
  if(ORDERS_CODE)
    target_link_options(${target} PRIVATE -Wl,-T,${path})
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${path})
  else()
    message(NOTICE "The code of ${target} stays in no order: the linker does not take ${path}")
  endif()
endfunction()
