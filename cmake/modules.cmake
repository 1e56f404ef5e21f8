# hw_module(NAME LIBS ...): src/NAME/**.cpp becomes the library hw_NAME, and the *_test.cpp beside
# them the test program NAME_test. src/app/main.cpp belongs to the binary alone.
function(hw_module name)
  cmake_parse_arguments(ARG "" "" "LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|/app/main)\\.cpp$")
  add_library(hw_${name} STATIC ${sources})
  target_include_directories(hw_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(hw_${name} PUBLIC ${ARG_LIBS})
  hw_warnings(hw_${name})
  if(tests)
    hw_test(${name}_test SOURCES ${tests} LIBS hw_${name} hw_testing)
  endif()
endfunction()

# hw_test(NAME SOURCES ... LIBS ...): a GoogleTest program as one ctest case. All but base's find
# the PostgreSQL of the run (tests/postgres_cluster.hpp).
function(hw_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gtest GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE HW_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             HW_BINARY_DIR="${CMAKE_BINARY_DIR}")
  hw_warnings(${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
  if(NOT name STREQUAL "base_test")
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED postgres)
  endif()
endfunction()
