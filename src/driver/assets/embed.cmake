# Makes the code of the completion scripts a C file.
#
#     cmake -DIN=FOLDER -DOUT=FILE.c -P embed.cmake
include(${CMAKE_CURRENT_LIST_DIR}/../../byte_array.cmake)

file(WRITE "${OUT}.new" "// Made by embed.cmake.\n#include \"driver/shell_completion.h\"\n\n")
foreach(shell bash zsh fish)
  file(READ "${IN}/completion.${shell}" hex HEX)
  byte_array("${OUT}.new" shell_code_${shell} "${hex}")
endforeach()
file(RENAME "${OUT}.new" "${OUT}")
