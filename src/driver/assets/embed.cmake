# Makes the code of the completion scripts a C file.
#
#     cmake -DIN=FOLDER -DOUT=FILE.c -P embed.cmake
file(WRITE "${OUT}.new" "// Made by embed.cmake.\n#include \"driver/shell_completion.h\"\n\n")
foreach(shell bash zsh fish)
  file(READ "${IN}/completion.${shell}" hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  set(name shell_code_${shell})
  file(APPEND "${OUT}.new" "const char ${name}[] = {${bytes}};\nconst size_t ${name}_size = ${size};\n\n")
endforeach()
file(RENAME "${OUT}.new" "${OUT}")
