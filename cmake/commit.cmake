# SPDX-License-Identifier: GPL-3.0-or-later
# Writes OUT: the commit of SOURCE as a C string. Run at every build, so that it is never that of an
# earlier one; OUT is touched only where it changes.
#
#   cmake -DSOURCE=… -DOUT=… -P cmake/commit.cmake
#
# An export (git archive, a tarball of a forge) says it in cmake/commit.txt, in whose place git then
# puts it (.gitattributes: export-subst). A checkout asks git; not where SOURCE only lies inside
# somebody else's. Otherwise it is unknown, and empty.
set(commit "")
if(EXISTS ${SOURCE}/cmake/commit.txt)
  file(STRINGS ${SOURCE}/cmake/commit.txt line LIMIT_COUNT 1)
  if(line MATCHES "^[0-9a-f]+$")
    string(SUBSTRING ${line} 0 12 commit)
  endif()
endif()
if(commit STREQUAL "" AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND git -C ${SOURCE} describe --always --exclude * --abbrev=12 --dirty
    OUTPUT_VARIABLE line OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed AND line MATCHES "^[0-9a-f]+(-dirty)?$")
    set(commit ${line})
  endif()
endif()
string(CONCAT text
  "/* Made by cmake/commit.cmake. */\n"
  "extern const char version_commit[];\n"
  "const char version_commit[] = \"${commit}\";\n")
set(had "")
if(EXISTS ${OUT})
  file(READ ${OUT} had)
endif()
if(NOT had STREQUAL text)
  file(WRITE ${OUT} "${text}")
endif()
