# Warnings are errors. Two are off, with their reason:
#  -Wrestrict: g++ 12 reports it falsely in std::string at -O2 (GCC bug 105329).
#  -Wtsan: Asio uses atomic_thread_fence, which TSan does not model, and its runs are clean.
function(hw_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-tsan)
  endif()
endfunction()

if(HEADWATER_SANITIZE)
  add_compile_options(-fsanitize=${HEADWATER_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HEADWATER_SANITIZE})
endif()
