/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "botnets.h"
#include "output.h"
#include "calendar.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that gets its name only when it is whole. What is no regular file (a pipe, /dev/full) is
 * written as it stands. */
typedef struct target {
  FILE *file;
  const char *path;
  char *part; /* NULL: no renaming */
} target;

struct gen_output {
  const gen_plan *plan;
  gen_buffer bytes; /* one message as delivered */
  gen_buffer quoted;
  target mbox, truth, daily;
  int folder, fresh; /* directories of a Maildir's `cur` and `new`, or the directory of files */
  /* of the day at hand, for the daily table */
  int64_t day;
  uint64_t messages, octets, day_room;
  uint32_t *origins;
};

/* What was begun and has no name yet goes when the program fails, wherever that is. */
static char *unfinished[4];
enum { UNFINISHED = sizeof unfinished / sizeof *unfinished };

static void remove_unfinished(void) {
  for (int i = 0; i < UNFINISHED; i++)
    if (unfinished[i])
      unlink(unfinished[i]);
}

static void remember(char *old, char *new) {
  for (int i = 0; i < UNFINISHED; i++)
    if (unfinished[i] == old) {
      unfinished[i] = new;
      return;
    }
}

static void target_open(target *t, const char *path) {
  struct stat st;
  t->path = path;
  if (!path)
    return;
  if (strcmp(path, "-") == 0) {
    t->file = stdout;
  } else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
    t->file = fopen(path, "wb");
  } else {
    size_t size = strlen(path) + sizeof ".part";
    t->part = gen_alloc(size, 1);
    snprintf(t->part, size, "%s.part", path);
    t->file = fopen(t->part, "wb");
    if (t->file)
      remember(NULL, t->part);
  }
  if (!t->file)
    gen_die("%s: %s", path, strerror(errno));
  setvbuf(t->file, NULL, _IOFBF, 1 << 18);
}

static _Noreturn void target_fail(const target *t) {
  gen_die("%s: %s", t->path, strerror(errno));
}

static void target_write(target *t, const char *bytes, size_t len) {
  if (len && fwrite(bytes, 1, len, t->file) != len)
    target_fail(t);
}

static void target_close(target *t) {
  if (!t->file)
    return;
  if (fflush(t->file) != 0 || ferror(t->file))
    target_fail(t);
  if (fclose(t->file) != 0)
    target_fail(t);
  if (!t->part)
    return;
  if (rename(t->part, t->path) != 0)
    target_fail(t);
  remember(t->part, NULL);
  free(t->part);
}

/* A directory that is not there yet or is empty: messages of an older run would be counted with
 * ours. */
static int make_directory(const char *path) {
  if (mkdir(path, 0777) != 0 && errno != EEXIST)
    gen_die("%s: %s", path, strerror(errno));
  DIR *directory = opendir(path);
  if (!directory)
    gen_die("%s: %s", path, strerror(errno));
  for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      gen_die("%s: the directory is not empty", path);
  closedir(directory);
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    gen_die("%s: %s", path, strerror(errno));
  return fd;
}

static int make_below(int parent, const char *path, const char *name) {
  int fd = mkdirat(parent, name, 0777) == 0
               ? openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
               : -1;
  if (fd < 0)
    gen_die("%s/%s: %s", path, name, strerror(errno));
  return fd;
}

static void write_rules(const gen_plan *plan) {
  target t = {0};
  target_open(&t, plan->options->rules);
  if (!t.file)
    return;
  gen_buffer out = {0};
  gen_buffer_text(&out, "campaign,rule,field,pattern\n");
  for (uint32_t i = 0; i < plan->options->campaigns; i++) {
    const gen_campaign *c = &plan->campaigns[i];
    switch (c->kind) {
    case GEN_RULE_SUBJECT:
      gen_buffer_format(&out, "%s,,subject,\\b%s\\b\n", c->name, c->brand[0]);
      break;
    case GEN_RULE_TEXT: gen_buffer_format(&out, "%s,,text,\\b%s\\b\n", c->name, c->brand[0]); break;
    case GEN_RULE_BOTH:
      gen_buffer_format(&out, "%s,1,subject,\\b%s\\b\n%s,1,text,\\b%s\\b\n", c->name, c->brand[1],
                        c->name, c->brand[0]);
      break;
    case GEN_RULE_EITHER:
      gen_buffer_format(&out, "%s,,subject,\\b%s\\b\n%s,,text,\\b%s\\b\n", c->name, c->brand[0],
                        c->name, c->brand[1]);
      break;
    }
  }
  target_write(&t, out.ptr, out.len);
  target_close(&t);
  gen_buffer_free(&out);
}

gen_output *gen_output_open(const gen_plan *plan) {
  const gen_options *o = plan->options;
  gen_output *out = gen_alloc(1, sizeof *out);
  out->plan = plan;
  atexit(remove_unfinished);
  out->folder = out->fresh = -1;
  if (o->format == GEN_MBOX) {
    target_open(&out->mbox, o->output ? o->output : "-");
  } else {
    out->folder = make_directory(o->output);
    if (o->format == GEN_MAILDIR) {
      int top = out->folder;
      close(make_below(top, o->output, "tmp"));
      out->folder = make_below(top, o->output, "cur");
      out->fresh = make_below(top, o->output, "new");
      close(top);
    }
  }
  target_open(&out->truth, o->truth);
  target_open(&out->daily, o->truth_daily);
  static const char columns[] = "index,time,origin,campaign,forged,recipients,bytes,theme,relayed_"
                                "from,hops,claimed_time,mailer,"
                                "message_id,subject";
  static const char daily_columns[] = "day,messages,bytes,origins\n";
  static const char botnet_columns[] = ",sender,engine,fate";
  if (out->truth.file) {
    target_write(&out->truth, columns, sizeof columns - 1);
    if (plan->botnets)
      target_write(&out->truth, botnet_columns, sizeof botnet_columns - 1);
    target_write(&out->truth, "\n", 1);
  }
  if (out->daily.file)
    target_write(&out->daily, daily_columns, sizeof daily_columns - 1);
  return out;
}

static void add_with_crlf(gen_buffer *to, const char *bytes, size_t len) {
  while (len) {
    const char *end = memchr(bytes, '\n', len);
    size_t n = end ? (size_t)(end - bytes) : len;
    gen_buffer_add(to, bytes, n);
    if (!end)
      break;
    gen_buffer_add(to, "\r\n", 2);
    bytes += n + 1;
    len -= n + 1;
  }
}

static size_t count_lines(const gen_buffer *b) {
  size_t lines = 0;
  for (const char *at = b->ptr, *end = b->ptr + b->len; at < end; at++, lines++) {
    at = memchr(at, '\n', (size_t)(end - at));
    if (!at)
      break;
  }
  return lines;
}

/* The message as delivered, and where its body begins. */
static size_t assemble(gen_output *out, const gen_message *m) {
  const gen_options *o = out->plan->options;
  gen_buffer *b = &out->bytes;
  char length[48] = "";
  b->len = 0;
  if (o->dialect == GEN_MBOXCL2)
    snprintf(length, sizeof length, "Content-Length: %zu\n",
             m->body.len + (o->crlf ? count_lines(&m->body) : 0));
  void (*add)(gen_buffer *, const char *, size_t) = o->crlf ? add_with_crlf : gen_buffer_add;
  add(b, m->head.ptr, m->head.len);
  add(b, length, strlen(length));
  add(b, "\n", 1);
  size_t body = b->len;
  add(b, m->body.ptr, m->body.len);
  return body;
}

static bool is_from_line(const char *line, const char *end, gen_dialect dialect) {
  while (dialect == GEN_MBOXRD && line < end && *line == '>')
    line++;
  return end - line >= 5 && memcmp(line, "From ", 5) == 0;
}

static void write_mbox(gen_output *out, const gen_message *m, size_t body) {
  const gen_options *o = out->plan->options;
  const gen_buffer *b = &out->bytes;
  gen_buffer *q = &out->quoted;
  char date[GEN_DATE_TEXT];
  const char *line_end = o->crlf ? "\r\n" : "\n";
  gen_date_asctime(date, m->time);
  q->len = 0;
  gen_buffer_format(q, "From %.*s %s%s", (int)m->sender.len, m->sender.ptr, date, line_end);
  gen_buffer_add(q, b->ptr, body);
  const char *at = b->ptr + body, *end = b->ptr + b->len, *kept = at;
  while (o->dialect != GEN_MBOXCL2 && at < end) {
    if (is_from_line(at, end, o->dialect)) {
      gen_buffer_add(q, kept, (size_t)(at - kept));
      gen_buffer_char(q, '>');
      kept = at;
    }
    const char *next = memchr(at, '\n', (size_t)(end - at));
    at = next ? next + 1 : end;
  }
  gen_buffer_add(q, kept, (size_t)(end - kept));
  gen_buffer_text(q, line_end);
  target_write(&out->mbox, q->ptr, q->len);
}

static void write_file(const gen_output *out, const gen_message *m, uint64_t number) {
  const gen_options *o = out->plan->options;
  const gen_buffer *b = &out->bytes;
  char name[128];
  int folder = out->folder;
  if (o->format == GEN_MAILDIR) {
    /* The last fiftieth has not been seen yet. `cur` sorts before `new`, and within each the names
     * sort by time and number. */
    bool fresh = number >= out->plan->count - out->plan->count / 50;
    snprintf(name, sizeof name, "%010lld.M%08lluP1.mx.example.org,S=%zu%s", (long long)m->time,
             (unsigned long long)number, b->len, fresh ? "" : ":2,S");
    if (fresh)
      folder = out->fresh;
  } else {
    snprintf(name, sizeof name, "%08llu.eml", (unsigned long long)number);
  }
  int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0)
    gen_die("%s: %s", name, strerror(errno));
  for (size_t done = 0; done < b->len;) {
    ssize_t n = write(fd, b->ptr + done, b->len - done);
    if (n < 0 && errno != EINTR)
      gen_die("%s: %s", name, strerror(errno));
    if (n > 0)
      done += (size_t)n;
  }
  if (close(fd) != 0)
    gen_die("%s: %s", name, strerror(errno));
}

static void add_cell(gen_buffer *out, const gen_buffer *text) {
  gen_buffer_char(out, '"');
  for (size_t i = 0; i < text->len; i++) {
    if (text->ptr[i] == '"')
      gen_buffer_char(out, '"');
    gen_buffer_char(out, text->ptr[i]);
  }
  gen_buffer_char(out, '"');
}

static void add_address(gen_buffer *out, uint32_t ip) {
  if (ip)
    gen_buffer_format(out, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255);
}

static void write_truth(gen_output *out, const gen_message *m, uint64_t number) {
  uint16_t campaign = out->plan->arrivals[number].campaign;
  const gen_campaign *c = campaign == GEN_HAM ? NULL : &out->plan->campaigns[campaign];
  gen_buffer *q = &out->quoted;
  char time[GEN_DATE_TEXT], claimed[GEN_DATE_TEXT];
  gen_date_rfc3339(time, m->time);
  gen_date_rfc3339(claimed, m->claimed_time);
  q->len = 0;
  gen_buffer_format(q, "%llu,%s,", (unsigned long long)number, time);
  add_address(q, m->origin);
  gen_buffer_format(q, ",%s,%d,%u,%zu,%s,", c ? c->name : "", m->forged, m->recipients,
                    out->bytes.len, c ? c->theme->name : gen_theme_list.name);
  add_address(q, m->relayed_from);
  gen_buffer_format(q, ",%u,%s,%s,", m->hops, claimed, m->mailer);
  add_cell(q, &m->id);
  gen_buffer_char(q, ',');
  add_cell(q, &m->subject);
  if (out->plan->botnets)
    gen_botnets_truth(q, out->plan, number);
  gen_buffer_char(q, '\n');
  target_write(&out->truth, q->ptr, q->len);
}

static int compare_addresses(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static void end_day(gen_output *out) {
  uint64_t distinct = 0;
  char day[GEN_DATE_TEXT], row[128];
  if (out->messages)
    qsort(out->origins, out->messages, sizeof *out->origins, compare_addresses);
  for (uint64_t i = 0; i < out->messages; i++)
    distinct += i == 0 || out->origins[i] != out->origins[i - 1];
  gen_date_day(day, out->day * GEN_DAY);
  int n = snprintf(row, sizeof row, "%s,%llu,%llu,%llu\n", day, (unsigned long long)out->messages,
                   (unsigned long long)out->octets, (unsigned long long)distinct);
  target_write(&out->daily, row, (size_t)n);
  out->messages = out->octets = 0;
  out->day++;
}

static void count_day(gen_output *out, const gen_message *m, uint64_t number) {
  int64_t day = (m->time - ((m->time % GEN_DAY) + GEN_DAY) % GEN_DAY) / GEN_DAY;
  if (number == 0)
    out->day = day;
  while (out->day < day)
    end_day(out);
  if (out->messages == out->day_room) {
    out->day_room = out->day_room ? out->day_room * 2 : 256;
    out->origins = realloc(out->origins, out->day_room * sizeof *out->origins);
    if (!out->origins)
      gen_die("out of memory");
  }
  out->origins[out->messages++] = m->origin;
  out->octets += out->bytes.len;
}

void gen_output_message(gen_output *out, const gen_message *m, uint64_t number) {
  size_t body = assemble(out, m);
  if (out->mbox.file)
    write_mbox(out, m, body);
  else
    write_file(out, m, number);
  if (out->truth.file)
    write_truth(out, m, number);
  if (out->daily.file)
    count_day(out, m, number);
}

void gen_output_close(gen_output *out) {
  if (out->daily.file && out->plan->count)
    end_day(out);
  target_close(&out->mbox);
  target_close(&out->truth);
  target_close(&out->daily);
  write_rules(out->plan);
  if (out->folder >= 0)
    close(out->folder);
  if (out->fresh >= 0)
    close(out->fresh);
  free(out->origins);
  gen_buffer_free(&out->bytes);
  gen_buffer_free(&out->quoted);
  free(out);
}
