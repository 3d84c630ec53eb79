# SPDX-License-Identifier: GPL-3.0-or-later
# Writes OUT: each of FILES as a C array named tide_data_<name>, with its size.
# A byte array and not a string literal: C compilers limit the length of those.
set(text "/* Generated from lib/data/. */\n#include <stddef.h>\n#include \"base/data.h\"\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  string(REPLACE "-" "_" name ${name})
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND text "static const unsigned char ${name}_bytes[] = {${bytes}0};\n")
  string(APPEND text
    "const tide_span tide_data_${name} = {(const char *)${name}_bytes, sizeof(${name}_bytes) - 1};\n")
endforeach()
file(WRITE ${OUT} "${text}")
