# Makes the page of flame.c or weblist.c a C file.
#
#     cmake -DNAME=flame -DIN=FOLDER -DOUT=FILE.c -P embed.cmake
#
# The style sheet and the script are put into the template, with their hashes in its Content-Security-Policy: a browser
# runs nothing else, whatever the data says.
include(${CMAKE_CURRENT_LIST_DIR}/../../byte_array.cmake)

# base64 of the SHA-256 of a text.
function(source_hash result text)
  string(SHA256 hex "${text}")
  set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  set(encoded "")
  # 32 bytes are ten groups of three and one of two.
  foreach(group RANGE 10)
    math(EXPR at "${group} * 6")
    string(SUBSTRING "${hex}00" ${at} 6 digits)
    foreach(shift 18 12 6 0)
      math(EXPR index "(0x${digits} >> ${shift}) & 63")
      string(SUBSTRING "${alphabet}" ${index} 1 letter)
      string(APPEND encoded "${letter}")
    endforeach()
  endforeach()
  string(SUBSTRING "${encoded}" 0 43 encoded)
  set(${result} "sha256-${encoded}=" PARENT_SCOPE)
endfunction()

function(add_array name text)
  string(HEX "${text}" hex)
  byte_array("${OUT}.new" ${name} "${hex}")
endfunction()

file(READ "${IN}/${NAME}.html" page)
file(READ "${IN}/${NAME}.css" style)
file(READ "${IN}/${NAME}.js" script)
source_hash(style_hash "${style}")
source_hash(script_hash "${script}")
string(REPLACE "@STYLE_HASH@" "${style_hash}" page "${page}")
string(REPLACE "@SCRIPT_HASH@" "${script_hash}" page "${page}")
string(REPLACE "@STYLE@" "${style}" page "${page}")
string(REPLACE "@SCRIPT@" "${script}" page "${page}")

string(FIND "${page}" "@TITLE@" title)
string(SUBSTRING "${page}" 0 ${title} head)
math(EXPR title "${title} + 7")
string(SUBSTRING "${page}" ${title} -1 rest)
string(FIND "${rest}" "@DATA@" data)
string(SUBSTRING "${rest}" 0 ${data} body)
math(EXPR data "${data} + 6")
string(SUBSTRING "${rest}" ${data} -1 tail)

file(WRITE "${OUT}.new" "// Made by embed.cmake.\n#include \"report/${NAME}.h\"\n\n")
add_array(${NAME}_page_head "${head}")
add_array(${NAME}_page_body "${body}")
add_array(${NAME}_page_tail "${tail}")
file(RENAME "${OUT}.new" "${OUT}")
