# hw_embed(TARGET FILES...): the files' bytes become part of TARGET, found by
# hw::embedded_file("dir/name") and hw::embedded_files("dir/") (base/embedded.hpp).
function(hw_embed target)
  file(GLOB files CONFIGURE_DEPENDS ${ARGN})
  set(body "")
  foreach(file ${files})
    cmake_path(GET file PARENT_PATH folder)
    cmake_path(GET folder FILENAME folder)
    cmake_path(GET file FILENAME key)
    set(key "${folder}/${key}")
    string(MAKE_C_IDENTIFIER "embedded_${key}" symbol)
    string(APPEND body
      "asm(\".section .rodata\\n.balign 16\\n${symbol}:\\n.incbin \\\"${file}\\\"\\n\"\n"
      "    \"${symbol}_end:\\n.byte 0\\n.previous\\n\");\n"
      "extern \"C\" const char ${symbol}[];\nextern \"C\" const char ${symbol}_end[];\n"
      "static const hw::EmbeddedFile file_${symbol}{\"${key}\", ${symbol}, ${symbol}_end};\n")
  endforeach()
  set(generated ${CMAKE_BINARY_DIR}/embedded/${target}_embedded.cpp)
  file(CONFIGURE OUTPUT ${generated} CONTENT "#include \"base/embedded.hpp\"\n${body}" @ONLY)
  set_source_files_properties(${generated} PROPERTIES OBJECT_DEPENDS "${files}")
  # An object library, so that the linker cannot drop a file that nothing names.
  add_library(${target}_embedded OBJECT ${generated})
  target_include_directories(${target}_embedded PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_sources(${target} INTERFACE $<TARGET_OBJECTS:${target}_embedded>)
  add_dependencies(${target} ${target}_embedded)
endfunction()
