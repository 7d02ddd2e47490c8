# Makes the library a C file.
#
#     cmake -DIN=LIBRARY -DOUT=FILE.c -P embed.cmake
include(${CMAKE_CURRENT_LIST_DIR}/../byte_array.cmake)

file(WRITE "${OUT}.new" "// Made by embed.cmake.\n#include \"rt/library.h\"\n\n")
file(READ "${IN}" hex HEX)
byte_array("${OUT}.new" rt_library "${hex}")
file(RENAME "${OUT}.new" "${OUT}")
