# SPDX-License-Identifier: Apache-2.0
# All parts together: libreel, shared and static, and how others find it.
include(CMakePackageConfigHelpers)

get_property(parts GLOBAL PROPERTY REEL_PARTS)
set(objects ${parts})
list(TRANSFORM objects REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>")

# What libreel links, for CMake and for pkg-config.
set(needed PkgConfig::libzstd Threads::Threads)
set(REEL_MODULES libzstd)
if(REEL_HAVE_ISAL)
  list(APPEND needed PkgConfig::libisal)
  list(APPEND REEL_MODULES libisal)
endif()
if(REEL_HAVE_LIBCRYPTO)
  list(APPEND needed PkgConfig::libcrypto)
  list(APPEND REEL_MODULES libcrypto)
endif()
if(REEL_HAVE_CJSON)
  list(APPEND needed PkgConfig::libcjson)
  list(APPEND REEL_MODULES libcjson)
endif()

add_library(reel_shared SHARED ${objects})
add_library(reel_static STATIC ${objects})
set_target_properties(reel_shared PROPERTIES
  OUTPUT_NAME reel
  EXPORT_NAME reel
  LINKER_LANGUAGE C
  VERSION ${PROJECT_VERSION}
  SOVERSION ${REEL_SOVERSION})
set_target_properties(reel_static PROPERTIES
  OUTPUT_NAME reel
  LINKER_LANGUAGE C)
target_link_libraries(reel_shared PRIVATE ${needed} reel_hardening)
target_link_libraries(reel_static PRIVATE ${needed})
target_compile_definitions(reel_static INTERFACE REEL_STATIC)
foreach(library reel_shared reel_static)
  foreach(part IN LISTS parts)
    target_include_directories(${library} INTERFACE
      $<BUILD_INTERFACE:$<TARGET_PROPERTY:${part},INTERFACE_INCLUDE_DIRECTORIES>>)
  endforeach()
endforeach()

# Apart, so that a user of the shared library needs no library behind it.
install(TARGETS reel_shared EXPORT reelTargets
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS reel_static EXPORT reelStaticTargets
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/reel)
install(EXPORT reelTargets NAMESPACE reel:: DESTINATION ${package_dir})
install(EXPORT reelStaticTargets NAMESPACE reel:: DESTINATION ${package_dir})
configure_package_config_file(cmake/reelConfig.cmake.in reelConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(reelConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/reelConfig.cmake
  ${PROJECT_BINARY_DIR}/reelConfigVersion.cmake
  DESTINATION ${package_dir})

# reel.pc finds its prefix from its own place, so that a tree can be moved.
if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR} OR IS_ABSOLUTE ${CMAKE_INSTALL_INCLUDEDIR})
  set(REEL_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
  set(REEL_PC_LIBDIR ${CMAKE_INSTALL_FULL_LIBDIR})
  set(REEL_PC_INCLUDEDIR ${CMAKE_INSTALL_FULL_INCLUDEDIR})
else()
  file(RELATIVE_PATH up
    /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
  string(REGEX REPLACE "/$" "" up "${up}")
  set(REEL_PC_PREFIX "\${pcfiledir}/${up}")
  set(REEL_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
  set(REEL_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
list(JOIN REEL_MODULES ", " REEL_PC_REQUIRES)
configure_file(cmake/reel.pc.in reel.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/reel.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
