# SPDX-License-Identifier: Apache-2.0
# Targets that carry flags, and the function that makes one part of libreel.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

add_library(reel_warnings INTERFACE)
target_compile_options(reel_warnings INTERFACE
  -Wall -Wextra -Wpedantic
  -Wconversion -Wsign-conversion
  -Wshadow
  -Wcast-qual -Wcast-align
  -Wstrict-prototypes -Wmissing-prototypes
  -Wundef
  -Wvla
  $<$<BOOL:${REEL_WERROR}>:-Werror>)

# Only for what touches the operating system; format/ is plain C11.
add_library(reel_os INTERFACE)
target_compile_definitions(reel_os INTERFACE
  _GNU_SOURCE _FILE_OFFSET_BITS=64 _TIME_BITS=64)

# Optimised builds only: _FORTIFY_SOURCE needs optimisation.
add_library(reel_hardening INTERFACE)
check_c_compiler_flag(-fstack-protector-strong REEL_HAVE_STACK_PROTECTOR)
check_linker_flag(C LINKER:-z,relro,-z,now REEL_HAVE_RELRO)
set(optimised $<NOT:$<CONFIG:Debug,>>)
if(REEL_HAVE_STACK_PROTECTOR)
  target_compile_options(reel_hardening INTERFACE
    $<${optimised}:-fstack-protector-strong>)
endif()
# Indirect branches and returns judged by the processor, where it can.
check_c_compiler_flag(-fcf-protection=full REEL_HAVE_CF_PROTECTION)
if(REEL_HAVE_CF_PROTECTION)
  target_compile_options(reel_hardening INTERFACE
    $<${optimised}:-fcf-protection=full>)
endif()
if(REEL_HAVE_RELRO)
  target_link_options(reel_hardening INTERFACE
    $<${optimised}:LINKER:-z,relro,-z,now>)
endif()
target_compile_options(reel_hardening INTERFACE
  $<${optimised}:-U_FORTIFY_SOURCE> $<${optimised}:-D_FORTIFY_SOURCE=2>)
unset(optimised)

# reel_part(<folder> SOURCES <file>... HEADERS <include/reel/file.h>...
#           LINKS <target>... PRIVATE_LINKS <target>...)
#
# The static library reel_<folder>, noted in REEL_PARTS as a part of libreel. It
# sees its own include folder and those of what it links. Its headers are
# installed, and each must compile alone.
function(reel_part folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" ""
    "SOURCES;HEADERS;LINKS;PRIVATE_LINKS")
  if(NOT arg_SOURCES AND NOT arg_HEADERS)
    return() # a folder without files is no part yet
  endif()
  set(target reel_${folder})
  add_library(${target} STATIC ${arg_SOURCES})
  set_target_properties(${target} PROPERTIES
    LINKER_LANGUAGE C
    VERIFY_INTERFACE_HEADER_SETS ON)
  target_sources(${target} PUBLIC
    FILE_SET HEADERS BASE_DIRS include FILES ${arg_HEADERS})
  target_link_libraries(${target}
    PUBLIC ${arg_LINKS}
    PRIVATE ${arg_PRIVATE_LINKS} reel_warnings reel_hardening)
  set_property(GLOBAL APPEND PROPERTY REEL_PARTS ${target})
  install(FILES ${arg_HEADERS} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/reel)
endfunction()
