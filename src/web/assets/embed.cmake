# Makes files a C file.
#
#     cmake -DFILES=PATH,PATH... -DOUT=FILE.c -P embed.cmake
include(${CMAKE_CURRENT_LIST_DIR}/../../byte_array.cmake)

set(types_css "text/css; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_svg "image/svg+xml")

string(REPLACE "," ";" paths "${FILES}")
set(table "")
set(number 0)
file(WRITE "${OUT}.new" "// Made by embed.cmake.\n#include \"web/assets.h\"\n\n")
foreach(path ${paths})
  cmake_path(GET path FILENAME name)
  file(READ "${path}" hex HEX)
  file(SHA256 "${path}" hash)
  string(SUBSTRING "${hash}" 0 32 hash)
  byte_array("${OUT}.new" asset_${number} "${hex}")
  cmake_path(GET name EXTENSION LAST_ONLY kind)
  string(SUBSTRING "${kind}" 1 -1 kind)
  string(APPEND table "    {\"${name}\", \"${types_${kind}}\", \"\\\"${hash}\\\"\", asset_${number}, sizeof asset_${number}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(APPEND "${OUT}.new" "const struct asset asset_table[] = {\n${table}};\nconst size_t asset_count = ${number};\n")
file(RENAME "${OUT}.new" "${OUT}")
