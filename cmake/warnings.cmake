# Warnings are errors. Some are off, with their reason:
#  -Wdangling-pointer, -Wmaybe-uninitialized, -Warray-bounds, -Wstringop-overflow: false in inlined
#  Boost.JSON and std::string code at -O2
#  (g++ 12); clang, ASan and UBSan look for the real ones.
#  -Wrestrict: g++ 12 reports it falsely in std::string at -O2 (GCC bug 105329).
#  -Wtsan: Asio uses atomic_thread_fence, which TSan does not model, and its runs are clean.
#  -Wdeprecated-declarations under clang: it warns of get_temporary_buffer inside the headers of
#  libstdc++ 12 (std::stable_sort).
function(hw_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-tsan
                           -Wno-dangling-pointer -Wno-maybe-uninitialized -Wno-array-bounds
                           -Wno-stringop-overflow)
  else()
    target_compile_options(${target} PRIVATE -Wno-deprecated-declarations)
  endif()
endfunction()

if(HEADWATER_SANITIZE)
  add_compile_options(-fsanitize=${HEADWATER_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HEADWATER_SANITIZE})
endif()
