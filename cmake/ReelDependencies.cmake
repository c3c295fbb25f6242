# SPDX-License-Identifier: Apache-2.0
# What Reel needs from outside. Sets REEL_HAVE_ISAL, REEL_HAVE_LIBCRYPTO
# and REEL_HAVE_CJSON.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET libzstd)

# What can be done without: AUTO takes it where it is found. Accelerators have a
# portable fallback.
function(reel_optional choice module have)
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

reel_optional("${REEL_ISAL}" libisal REEL_HAVE_ISAL)
reel_optional("${REEL_LIBCRYPTO}" libcrypto REEL_HAVE_LIBCRYPTO)
# Without it `reel write --raw` says that it is not built in.
reel_optional("${REEL_CJSON}" libcjson REEL_HAVE_CJSON)
