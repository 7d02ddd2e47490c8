# For scripts that make C files of texts the program carries in itself: a module includes this in its embed.cmake.

# byte_array(FILE NAME HEX): appends `const char NAME[]` with the bytes that HEX spells, and `const size_t NAME_size`.
function(byte_array file name hex)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(................................................................)" "\\1\n  " hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  file(APPEND "${file}" "const char ${name}[] = {\n  ${bytes}\n};\nconst size_t ${name}_size = ${size};\n\n")
endfunction()
