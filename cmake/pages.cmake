# SPDX-License-Identifier: GPL-3.0-or-later
# Writes the man pages and the completion that PROGRAM makes of itself into OUT.
function(write_output file)
  execute_process(COMMAND ${PROGRAM} ${ARGN} OUTPUT_FILE ${OUT}/${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(GLOB old ${OUT}/*.1)
if(old)
  file(REMOVE ${old})
endif()
execute_process(COMMAND ${PROGRAM} help commands OUTPUT_VARIABLE commands
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" commands "${commands}")
write_output(spamtide.1 help man)
foreach(command ${commands})
  write_output(spamtide-${command}.1 help man ${command})
endforeach()
write_output(completion.bash completion)
