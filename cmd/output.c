/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result's way to disk: into a file beside the one that was named, which takes its name when it
 * is whole. What is no regular file (a pipe, a device, a descriptor) is written to as it is. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"
#include "unfinished.h"

enum { PENDING_MAX = 64 << 10, LINKS_MAX = 40, WAIT_MS = 100 };

static tide_status failed(const char *path, tide_error *err) {
  return tide_error_set(err, TIDE_FATAL, "%s: %s", path ? path : "standard output",
                        strerror(errno));
}

/* The descriptor that a name stands for: a file there may be open for appending, and is not ours to
 * replace. -1 where it stands for none. */
static int descriptor_of(const char *path) {
  static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    size_t len = strlen(folders[i]);
    uint64_t number;
    if (strncmp(path, folders[i], len) == 0 && tide_span_uint(tide_span_of(path + len), &number) &&
        number <= INT_MAX)
      return (int)number;
  }
  return -1;
}

/* Follows links to the name that is written, which need not be there yet: PATH_MAX bytes in `to`.
 * *fd is a descriptor that the name stands for, or -1. */
static bool follow(const char *path, char *to, int *fd) {
  char target[PATH_MAX];
  struct stat st;
  errno = ENAMETOOLONG;
  if (snprintf(to, PATH_MAX, "%s", path) >= PATH_MAX)
    return false;
  for (int links = 0; links < LINKS_MAX; links++) {
    *fd = descriptor_of(to);
    /* What another process has open may be called pipe:[123], which is the name of nothing. */
    if (*fd >= 0 || (stat(to, &st) == 0 && !S_ISREG(st.st_mode)))
      return true;
    ssize_t len = readlink(to, target, sizeof target);
    if (len < 0)
      return errno == EINVAL || errno == ENOENT; /* no link, or nothing there */
    if ((size_t)len == sizeof target)
      break;
    const char *slash = strrchr(to, '/');
    size_t folder = target[0] == '/' || !slash ? 0 : (size_t)(slash - to) + 1;
    if (folder + (size_t)len >= PATH_MAX)
      break;
    memcpy(to + folder, target, (size_t)len);
    to[folder + (size_t)len] = '\0';
  }
  errno = ELOOP;
  return false;
}

bool output_stat(const char *path, struct stat *st) {
  char to[PATH_MAX];
  int fd;
  if (!path || strcmp(path, "-") == 0)
    return fstat(STDOUT_FILENO, st) == 0;
  if (!follow(path, to, &fd))
    return false;
  return fd >= 0 ? fstat(fd, st) == 0 : stat(to, st) == 0;
}

bool output_same_name(const char *a, const char *b) {
  char names[2][PATH_MAX];
  const char *const paths[] = {a, b};
  struct stat folders[2];
  for (size_t i = 0; i < 2; i++) {
    int fd;
    if (!follow(paths[i], names[i], &fd) || fd >= 0)
      return false;
    char *slash = strrchr(names[i], '/');
    char folder[PATH_MAX] = ".";
    if (slash)
      snprintf(folder, sizeof folder, "%.*s", (int)(slash - names[i]) + 1, names[i]);
    if (stat(folder, &folders[i]) != 0)
      return false;
    if (slash)
      memmove(names[i], slash + 1, strlen(slash));
  }
  return folders[0].st_dev == folders[1].st_dev && folders[0].st_ino == folders[1].st_ino &&
         strcmp(names[0], names[1]) == 0;
}

/* The new file has the mode of the one whose place it takes; if there is none, what any new file
 * has. */
static int take_mode(int fd, const struct stat *old) {
  if (old) {
    /* The owner and group too, as far as we may: fchown can clear bits of the mode, so it comes
     * first. */
    if (fchown(fd, old->st_uid, old->st_gid) != 0 && fchown(fd, (uid_t)-1, old->st_gid) != 0)
      errno = 0;
    return fchmod(fd, old->st_mode & 07777);
  }
  mode_t mask = umask(0);
  umask(mask);
  return fchmod(fd, 0666 & ~mask);
}

/* Makes the file beside `target`. No signal may come between its making and its being known. */
static int make_temporary(output *o, const char *target, const struct stat *old) {
  sigset_t all, before;
  o->target = strdup(target);
  size_t len = strlen(target) + sizeof ".XXXXXX";
  o->temporary = malloc(len);
  if (!o->temporary || !o->target) {
    errno = ENOMEM;
    return -1;
  }
  snprintf(o->temporary, len, "%s.XXXXXX", target);
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  int fd = mkostemp(o->temporary, O_CLOEXEC);
  if (fd >= 0)
    unfinished_set(o->temporary);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  struct stat made;
  if (fd >= 0 && (take_mode(fd, old) != 0 || fstat(fd, &made) != 0)) {
    int why = errno;
    unlink(o->temporary);
    unfinished_set(NULL);
    close(fd);
    errno = why;
    return -1;
  }
  if (fd >= 0) {
    o->device = (uint64_t)made.st_dev;
    o->inode = (uint64_t)made.st_ino;
  }
  return fd;
}

static void forget(output *o) {
  unfinished_set(NULL);
  free(o->temporary);
  free(o->target);
  o->temporary = o->target = NULL;
}

/* Does a write wait for a reader? */
static bool waits(int fd) {
  struct stat st;
  return fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

tide_status output_open(output *o, const char *path, tide_error *err) {
  *o = (output){.fd = STDOUT_FILENO};
  if (path && strcmp(path, "-") != 0) {
    char target[PATH_MAX];
    struct stat st;
    int fd = -1;
    o->path = path;
    o->fd = -1;
    if (!follow(path, target, &fd))
      return failed(path, err);
    bool there = fd < 0 && stat(target, &st) == 0;
    if (fd >= 0)
      o->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    else if (there && !S_ISREG(st.st_mode))
      o->fd = open(target, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    else if (!there || access(target, W_OK) == 0)
      o->fd = make_temporary(o, target, there ? &st : NULL);
    if (o->fd < 0) {
      failed(path, err);
      forget(o);
      return TIDE_FATAL;
    }
  }
  o->waits = waits(o->fd);
  return TIDE_OK;
}

/* One write that does not wait longer than until somebody wants the program to stop: a pipe that is
 * ready takes PIPE_BUF bytes (POSIX, write). */
static ssize_t write_some(const output *o, const char *bytes, size_t len) {
  if (!o->waits)
    return write(o->fd, bytes, len);
  struct pollfd ready = {.fd = o->fd, .events = POLLOUT};
  int n = poll(&ready, 1, WAIT_MS);
  if (n <= 0) {
    if (n == 0)
      errno = EINTR;
    return -1;
  }
  return write(o->fd, bytes, len < PIPE_BUF ? len : PIPE_BUF);
}

static tide_status write_out(output *o, tide_error *err) {
  size_t at = 0;
  while (at < o->pending.len) {
    ssize_t n = write_some(o, o->pending.ptr + at, o->pending.len - at);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
      if (atomic_load(&interrupted))
        return tide_error_set(err, TIDE_FATAL, "stopped");
      continue;
    }
    if (n < 0 && errno == EPIPE) {
      o->reader_gone = true;
      return TIDE_END;
    }
    if (n < 0)
      return failed(o->path, err);
    at += (size_t)n;
  }
  tide_buffer_clear(&o->pending);
  return TIDE_OK;
}

tide_status output_write(output *o, tide_span s, tide_error *err) {
  if (o->reader_gone)
    return TIDE_END;
  if (tide_buffer_put(&o->pending, s) != TIDE_OK)
    return tide_error_memory(err);
  return o->pending.len >= PENDING_MAX ? write_out(o, err) : TIDE_OK;
}

/* close is not tried again on EINTR: the descriptor is gone (close(2)), and what was written is
 * synced before. */
static int close_once(int fd) {
  int n = close(fd);
  return n != 0 && errno == EINTR ? 0 : n;
}

static int sync_all(int fd) {
  int n;
  do
    n = fsync(fd);
  while (n != 0 && errno == EINTR);
  /* What cannot be synced at all is no failure. */
  return n != 0 && (errno == EINVAL || errno == EROFS || errno == ENOTSUP) ? 0 : n;
}

/* A new name is on disk when its directory is. */
static int sync_folder(const char *target) {
  const char *slash = strrchr(target, '/');
  char folder[PATH_MAX] = ".";
  if (slash)
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - target) + 1, target);
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return 0; /* it may be written to and not read; the file is there and whole */
  int n = sync_all(fd), why = errno;
  close(fd);
  errno = why;
  return n;
}

/* Closes the file beside the target, which then takes the target's name or is no more. */
static tide_status take_place(const output *o, tide_error *err) {
  const int synced = sync_all(o->fd), why = errno;
  const int closed = close_once(o->fd);
  if (synced != 0)
    errno = why;
  if (synced != 0 || closed != 0 || rename(o->temporary, o->target) != 0) {
    const tide_status status = failed(o->path, err);
    unlink(o->temporary);
    return status;
  }
  return sync_folder(o->target) == 0
             ? TIDE_OK
             : tide_error_set(err, TIDE_FATAL, "%s: its directory cannot be synced: %s", o->path,
                              strerror(errno));
}

tide_status output_close(output *o, bool keep, tide_error *err) {
  tide_status status = TIDE_OK;
  if (keep && !o->reader_gone)
    status = write_out(o, err);
  bool sound = keep && status == TIDE_OK;
  if (o->temporary) {
    if (sound) {
      status = take_place(o, err);
    } else {
      (void)close_once(o->fd);
      unlink(o->temporary);
    }
    forget(o);
  } else if (o->fd >= 0 && keep && !o->reader_gone && close_once(o->fd) != 0 && sound) {
    /* Standard output too: NFS and quotas report a full disk only here. */
    status = failed(o->path, err);
  } else if (o->fd > STDERR_FILENO && !(keep && !o->reader_gone)) {
    close(o->fd);
  }
  tide_buffer_free(&o->pending);
  bool gone = o->reader_gone;
  *o = (output){.fd = -1, .reader_gone = gone};
  return status;
}

tide_status output_whole(const char *path, tide_span text, tide_error *err) {
  output out;
  tide_error closing;
  tide_status status = output_open(&out, path, err);
  if (status != TIDE_OK)
    return status;
  status = output_write(&out, text, err);
  tide_status closed = output_close(&out, status == TIDE_OK, &closing);
  if (status == TIDE_OK && closed != TIDE_OK) {
    status = closed;
    *err = closing;
  }
  return status;
}
