/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a command and says what it took, as one line of `name=value` words:
 *   measure [--anon] [--repeat N FILE] [--output FILE] COMMAND…
 * --repeat feeds FILE N times through a pipe to the command's standard input. --anon looks at the
 * process every two milliseconds and reports the most memory that was its own: the peak that the
 * kernel keeps (max_rss) also counts the pages of a mapped file, which cost nothing that the page
 * cache did not hold before. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static _Noreturn void die(const char *what) {
  fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
  exit(126);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static long anonymous_kb(pid_t pid) {
  char path[64], text[4096];
  snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  if (n <= 0)
    return 0;
  text[n] = 0;
  const char *at = strstr(text, "RssAnon:");
  return at ? strtol(at + 8, NULL, 10) : 0;
}

/* The feeder is a process of its own, so that what it takes is not counted with the command. */
static pid_t feed(int to, const char *path, long times) {
  pid_t pid = fork();
  if (pid < 0)
    die("fork");
  if (pid)
    return pid;
  static char block[1 << 18];
  signal(SIGPIPE, SIG_IGN);
  for (long i = 0; i < times; i++) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
      die(path);
    for (ssize_t n; (n = read(fd, block, sizeof block)) > 0;)
      for (ssize_t done = 0; done < n;) {
        ssize_t w = write(to, block + done, (size_t)(n - done));
        if (w < 0)
          _exit(1);
        done += w;
      }
    close(fd);
  }
  _exit(0);
}

int main(int argc, char **argv) {
  const char *repeated = NULL, *output = "/dev/null";
  long times = 0;
  int anon = 0, at = 1;
  for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
    if (strcmp(argv[at], "--anon") == 0) {
      anon = 1;
    } else if (strcmp(argv[at], "--repeat") == 0 && at + 2 < argc) {
      times = strtol(argv[++at], NULL, 10);
      repeated = argv[++at];
    } else if (strcmp(argv[at], "--output") == 0 && at + 1 < argc) {
      output = argv[++at];
    } else {
      break;
    }
  }
  if (at >= argc) {
    fputs("usage: measure [--anon] [--repeat N FILE] [--output FILE] COMMAND…\n", stderr);
    return 2;
  }
  int out = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (out < 0)
    die(output);
  int ends[2] = {-1, -1};
  pid_t feeder = 0;
  if (repeated && pipe2(ends, O_CLOEXEC) != 0)
    die("pipe");
  const double start = now();
  if (repeated)
    feeder = feed(ends[1], repeated, times);
  pid_t pid = fork();
  if (pid < 0)
    die("fork");
  if (pid == 0) {
    if (dup2(out, 1) < 0 || (repeated && dup2(ends[0], 0) < 0))
      die("dup2");
    execvp(argv[at], argv + at);
    die(argv[at]);
  }
  if (repeated) {
    close(ends[0]);
    close(ends[1]);
  }
  int status = 0;
  struct rusage usage;
  long most = 0;
  while (anon) {
    if (wait4(pid, &status, WNOHANG, &usage) == pid)
      break;
    long kb = anonymous_kb(pid);
    if (kb > most)
      most = kb;
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
  }
  if (!anon && wait4(pid, &status, 0, &usage) != pid)
    die("wait");
  const double seconds = now() - start;
  if (feeder)
    waitpid(feeder, NULL, 0);
  printf("seconds=%.4f user=%.4f system=%.4f max_rss_kb=%ld", seconds,
         (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec * 1e-6,
         (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec * 1e-6, usage.ru_maxrss);
  if (anon)
    printf(" anon_kb=%ld", most);
  printf(" status=%d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return ferror(stdout) || fflush(stdout) != 0;
}
