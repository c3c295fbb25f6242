# SPDX-License-Identifier: Apache-2.0
# What Reel needs from outside. Sets REEL_HAVE_ISAL and REEL_HAVE_LIBCRYPTO.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET libzstd)

# An accelerator with a portable fallback: AUTO takes it where it is found.
function(reel_accelerator choice module have)
  set(found FALSE)
  if(choice STREQUAL AUTO)
    pkg_check_modules(${module} QUIET IMPORTED_TARGET ${module})
    set(found ${${module}_FOUND})
  elseif(choice)
    pkg_check_modules(${module} REQUIRED IMPORTED_TARGET ${module})
    set(found TRUE)
  endif()
  if(found)
    message(STATUS "Reel uses ${module}")
  else()
    message(STATUS "Reel does without ${module}")
  endif()
  set(${have} ${found} PARENT_SCOPE)
endfunction()

reel_accelerator("${REEL_ISAL}" libisal REEL_HAVE_ISAL)
reel_accelerator("${REEL_LIBCRYPTO}" libcrypto REEL_HAVE_LIBCRYPTO)
