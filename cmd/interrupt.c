/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "interrupt.h"

#include <signal.h>
#include <unistd.h>

#include "output.h"

atomic_bool interrupted;
static volatile sig_atomic_t which;

static void on_signal(int number) {
  if (which) {
    output_abandon();
    _exit(128 + number);
  }
  which = number;
  atomic_store(&interrupted, true);
}

void interrupt_install(void) {
  struct sigaction take = {.sa_handler = on_signal};
  sigemptyset(&take.sa_mask);
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction old;
    /* Somebody who ignores them (nohup) means it. */
    if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
      sigaction(numbers[i], &take, NULL);
  }
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  sigemptyset(&ignore.sa_mask);
  sigaction(SIGPIPE, &ignore, NULL);
}

int interrupt_exit_code(void) {
  return which ? 128 + which : 0;
}
