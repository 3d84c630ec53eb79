/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every message to a person is one write(2): the program runs with a SOCK_SEQPACKET socket as its
 * standard error, which keeps each write apart from the next. */
#include "cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WRITES_MOST = 64 };

static const char *environment(const char *name) {
  const char *value = getenv(name);
  return value ? value : ".";
}

/* Runs the command line in the checkout, `spamtide` standing for the program of this build, and
 * gives what it wrote to standard error, one item for each write; the caller frees the items. */
static size_t writes_of(const char *command, char *writes[WRITES_MOST], int *exit_status) {
  int ends[2];
  assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
  pid_t child = fork();
  assert_number(child, >=, 0);
  if (child == 0) {
    char path[4096];
    snprintf(path, sizeof path, "%s:%s", environment("TIDE_BUILD"), environment("PATH"));
    setenv("PATH", path, 1);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    if (chdir(environment("TIDE_SOURCE")) != 0)
      _exit(126);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  size_t count = 0;
  for (;;) {
    enum { ROOM = 1 << 17 };
    char *piece = malloc(ROOM);
    assert_non_null(piece);
    ssize_t n = recv(ends[0], piece, ROOM - 1, 0);
    if (n < 0 && errno == EINTR) {
      free(piece);
      continue;
    }
    if (n <= 0 || count == WRITES_MOST) {
      free(piece);
      break;
    }
    piece[n] = '\0';
    writes[count++] = piece;
  }
  close(ends[0]);
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  *exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return count;
}

static void one_write_each(void **state) {
  (void)state;
  static const struct {
    const char *command;
    int exit_status;
    size_t messages;
    const char *last; /* the last of them begins so */
  } cases[] = {
      {"spamtide timeline test-corpora/mbox/mboxrd.mbox >/dev/null", 0, 1,
       "spamtide: 3 messages read: 3 counted"},
      /* Passed over, not read, and damaged, all in the account. */
      {"spamtide timeline test-corpora/tree test-corpora/none test-corpora/damage >/dev/null", 1, 0,
       "spamtide: "},
      {"spamtide compare --event mccolo test-corpora/mbox/mboxrd.mbox >/dev/null", 0, 0,
       "spamtide: 3 messages read: "},
      /* A limit that was reached has a line of its own. */
      {"{ echo 'From: a@b.example'; echo 'Date: Tue, 11 Nov 2008 20:00:00 +0000'; i=0; "
       "while [ $i -lt 30000 ]; do echo \"X-$i: x\"; i=$((i+1)); done; echo; echo x; } | "
       "spamtide timeline --input message - >/dev/null",
       0, 2, "spamtide: 1 message read: "},
      {"spamtide timelin", 2, 1, "spamtide: unknown command"},
      {"spamtide timeline --evnt x", 2, 1, "spamtide: "},
      {"spamtide events x.mbox", 2, 1, "spamtide: "},
      {"spamtide help nothing at all", 2, 1, "spamtide: usage: "},
      {"spamtide timeline --where nothing=1 x.mbox", 2, 1, "spamtide: "},
      {"spamtide timeline --account test-corpora/none/x test-corpora/mbox/mboxrd.mbox >/dev/null",
       3, 2,
       "spamtide: the account was not written, but the output is complete: test-corpora/none/x: "},
      {"spamtide events >/dev/full", 3, 1, "spamtide: "},
      {"spamtide --help >/dev/full", 3, 1, "spamtide: "},
      {"{ cat test-corpora/mbox/mboxrd.mbox; sleep 1.4; } | "
       "spamtide timeline --progress always >/dev/null",
       0, 2, "spamtide: 3 messages read: "},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].command);
    char *writes[WRITES_MOST];
    int exit_status;
    size_t count = writes_of(cases[i].command, writes, &exit_status);
    if (exit_status != cases[i].exit_status)
      fail_msg("%s: exit %d, not %d", cases[i].command, exit_status, cases[i].exit_status);
    if (count == 0 || (cases[i].messages && count != cases[i].messages))
      fail_msg("%s: %zu writes, not %zu; the last is \"%s\"", cases[i].command, count,
               cases[i].messages, count ? writes[count - 1] : "");
    if (strncmp(writes[count - 1], cases[i].last, strlen(cases[i].last)) != 0)
      fail_msg("%s: the last write is \"%s\"", cases[i].command, writes[count - 1]);
    for (size_t k = 0; k < count; k++) {
      size_t len = strlen(writes[k]);
      if (strncmp(writes[k], "spamtide: ", 10) != 0 ||
          strchr(writes[k], '\n') != writes[k] + len - 1)
        fail_msg("%s: write %zu is no line: \"%s\"", cases[i].command, k + 1, writes[k]);
      free(writes[k]);
    }
  }
}

/* Help for somebody who typed nothing is many lines, and one write. */
static void help_is_one(void **state) {
  (void)state;
  char *writes[WRITES_MOST];
  int exit_status;
  assert_int_equal(writes_of("spamtide", writes, &exit_status), 1);
  assert_int_equal(exit_status, 2);
  assert_non_null(strstr(writes[0], "Usage: "));
  assert_non_null(strstr(writes[0], "timeline"));
  free(writes[0]);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(one_write_each),
                                     cmocka_unit_test(help_is_one)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
