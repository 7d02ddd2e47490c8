# Makes the library a C file.
#
#     cmake -DIN=LIBRARY -DOUT=FILE.c -P embed.cmake
file(READ "${IN}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE "${OUT}.new" "// Made by embed.cmake.\n#include \"rt/library.h\"\n
const unsigned char rt_library[] = {${bytes}};\nconst size_t rt_library_size = sizeof rt_library;\n")
file(RENAME "${OUT}.new" "${OUT}")
