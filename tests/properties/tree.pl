# SPDX-License-Identifier: GPL-3.0-or-later
# Hostile directories, and what becomes of each thing in them.
#
#   perl tree.pl make SEED DIRECTORY   makes one, and prints how many things a walk accounts for,
#                                      then the names of the messages that it gives
#   perl tree.pl churn SEED DIRECTORY  renames, removes and replaces what is in it until its
#                                      standard input ends
#   perl tree.pl sources <RECORDS      checks that the source of each record (JSON Lines) names the
#                                      file with that message
use strict;
use warnings;
no warnings 'newline';
use POSIX ();

my ($what, $seed, $root) = @ARGV;
srand $seed if defined $seed;
sub pick { $_[rand @_] }

# Bytes that a terminal, a shell, a CSV reader or another charset takes for something else.
my @odd = ("\n", "\t", "\r", "\e[2J", "\x7f", "\x85", "\xff", "\xc3\xa4", "\xe2\x80\xae", '\\',
  '\\x0a', '"', "'", ',', ';', '=', '%', '$(x)', ' ', '*', '-', '#', '(all)', 'a', 'B', '7');
sub odd { join '', map { pick @odd } 1 .. shift }
sub name {
  pick(odd(1 + rand 6), odd(2), '-' . odd(1), '.' . odd(2), '=1+1' . odd(1),
    '#' . int rand 9, ',' . int rand 9, 'dovecot' . odd(1), odd(1) . '.msf', 'x' x 255,
    '1226442600.M' . int(rand 1e6) . '.h:2,S', 'a' . int rand 1e6);
}

my ($number, @folders, @boxes, @files) = 0;
sub put {
  my ($path, $text) = @_;
  open my $f, '>', $path or return;
  print $f $text;
  push @files, $path;
}
sub message { sprintf "Message-ID: <m%d\@x>\nDate: Tue, 11 Nov 2008 21:30:00 +0000\nSubject: s\n\nbody\n", ++$number }

sub thing {
  my $path = pick(@folders, @boxes) . '/' . name();
  return if $path =~ m{/\.\.?$} or -e $path or -l $path or length $path > 3000;
  my $kind = int rand 12;
  return put($path, message()) if $kind < 6;
  return put($path, '') if $kind == 6;
  return POSIX::mkfifo($path, 0600) if $kind == 7;
  return symlink pick('nowhere', $path =~ m{([^/]*)$}, '.' . '/' x 200, "\e]0;x"), $path
    if $kind == 8;
  return symlink pick(@folders), $path if $kind == 9;
  return unless @files;
  return $kind == 10 ? symlink pick(@files), $path : link pick(@files), $path;
}

sub make {
  mkdir $root;
  @folders = ($root);
  for (1 .. 8) {
    my $path = pick(@folders) . '/d' . odd(1 + rand 4);
    mkdir $path or next;
    push @folders, $path;
    next if rand() < 0.7;
    pop @folders;
    mkdir "$path/$_" and push @boxes, "$path/$_" for qw(cur new);
    mkdir "$path/tmp";
  }
  thing() for 1 .. 80;
}

# What a walk gives and accounts for, by the rules of docs/formats.md.
my (%visited, %met, $things, @given);
sub walk {
  my ($path, $box) = @_;
  my @stat = stat $path;
  return $things++ if $visited{"$stat[0] $stat[1]"}++;
  opendir my $dir, $path or die;
  my @names = sort grep { !/^\.\.?$/s } readdir $dir;
  my $maildir = !$box && -d "$path/cur";
  for my $name (@names) {
    my $at = "$path/$name";
    next if $maildir && $name eq 'tmp';
    if ($box && $name =~ /^\./) { $things++; next }
    my @is = stat $at;
    if (@is && -d _ && !$box && ($name !~ /^\./ || -d "$at/cur")) {
      walk($at, $maildir && $name =~ /^(cur|new)$/);
      next;
    }
    $things++;
    next unless @is && -f _;
    next if !$box && ($name =~ /^(\.|dovecot)/ || $name =~ /.\.msf\z/s ||
      $name =~ /^[,#][0-9]+\z/ || !$is[7]);
    next if $met{$is[1]}++ || !$is[7];
    open my $f, '<', $at or die;
    push @given, <$f> =~ /<(.*)>/;
  }
}

sub churn {
  my @names = map { "$root/$_" } 1 .. 400;
  put($_, message()) for @names;
  my $ready = '';
  for (my $n = 0;; $n++) {
    vec(my $read = '', 0, 1) = 1;
    last if $n % 50 == 0 && select $read, undef, undef, 0;
    my ($a, $b) = (pick(@names), pick(@names));
    my $kind = int rand 8;
    if ($kind < 3) { rename $a, $b }
    elsif ($kind == 3) { unlink $a or rmdir $a; POSIX::mkfifo($a, 0600) }
    elsif ($kind == 4) { unlink $a; mkdir $a and put("$a/x", message()) }
    elsif ($kind == 5) { unlink $a; symlink $b, $a }
    elsif ($kind == 6) { truncate $a, 20 if -f $a }
    else { unlink $a; unlink "$a/x"; rmdir $a; put($a, message()) }
  }
}

sub sources {
  my %text = ('n', "\n", 't', "\t", 'r', "\r", 'b', "\b", 'f', "\f");
  while (<STDIN>) {
    my ($path, $id) = /^\{"source":"((?:[^"\\]|\\.)*)","message_id":"<(.*)>"\}$/
    or die "no record: $_";
    $path =~ s/\\(?:u00(..)|(.))/defined $1 ? chr hex $1 : $text{$2} \/\/ $2/ge;
    $path =~ s/\\x(..)/chr hex $1/ge;
    open my $f, '<', $path or die "no such file: $path";
    <$f> eq "Message-ID: <$id>\n" or die "another message: $path";
  }
}

if ($what eq 'make') {
  make();
  walk($root, 0);
  print "$things\n", map { "$_\n" } sort @given;
} elsif ($what eq 'churn') {
  churn();
} else {
  sources();
}
