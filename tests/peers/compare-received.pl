#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# Holds our reading of Received fields against SpamAssassin's, hop by hop.
#
#   compare-received.pl DIFFERENCES OURS THEIRS
#
# OURS is what `received_hops` printed, THEIRS what received-by-spamassassin.pl printed of the same
# messages.
# Every difference must be of a class in DIFFERENCES (the first one that fits counts), and every
# class must have exactly as many as stand there: a new difference fails, and so does one that is
# gone.
# Compared are peer, rdns, helo and by of each hop that SpamAssassin took; and, of those that it did
# not, whether we found a peer.
use strict;
use warnings;
use Socket qw(AF_INET AF_INET6 inet_pton inet_ntop);

my ($differences, $ours, $theirs) = @ARGV;
my (@classes, @wrong, %compared);
open(my $in, '<', $differences) or die "$differences: $!";
while (<$in>) {
  chomp;
  next if /^#/ || /^\s*$/;
  my @cell = split /\t/, $_, -1;
  @cell == 8 or die "$differences: line $.: not 8 cells";
  my ($name, $part, $state, $mine, $other, $field, $count, $reason) = @cell;
  length $reason > 20 or die "$differences: line $.: no reason";
  push @classes, { name => $name, part => qr/^(?:$part)$/, state => qr/^(?:$state)$/,
    mine => qr/^(?:$mine)$/, other => qr/^(?:$other)$/, field => qr/$field/i, want => $count,
    seen => 0 };
}

# An address in one way of writing; "" for none.
# SpamAssassin takes IPv4-mapped IPv6 for IPv4 only where it is written with dots.
sub address {
  my $text = shift;
  my $bytes = inet_pton($text =~ /:/ ? AF_INET6 : AF_INET, $text) // return $text;
  return inet_ntop(AF_INET, substr($bytes, 12)) if length $bytes == 16 &&
    substr($bytes, 0, 12) eq ("\0" x 10) . "\xff\xff";
  return inet_ntop(length $bytes == 4 ? AF_INET : AF_INET6, $bytes);
}
# SpamAssassin writes ! for brackets and the like, and takes the last dot off what was looked up.
sub name {
  my $text = shift;
  $text =~ s/[\s\0#\[\]()<>|]/!/g;
  $text =~ s/^!|!$//g;
  $text =~ s/\.+$//;
  return $text;
}

open(my $a, '<', $ours) or die "$ours: $!";
open(my $b, '<', $theirs) or die "$theirs: $!";
my ($hops, $skipped, %unparsed) = (0, 0, ours => 0, theirs => 0);
while (defined(my $x = <$a>)) {
  my $y = <$b> // die "$theirs ends early\n";
  chomp($x, $y);
  my ($message, $number, $kind, $peer, $rdns, $helo, $by, undef, undef, undef, $field) =
    split /\t/, $x, -1;
  my ($message2, $number2, $state, $peer2, $rdns2, $helo2, $by2) = split /\t/, $y, -1;
  "$message $number" eq "$message2 $number2"
    or die "not the same hop: $message $number, $message2 $number2\n";
  $hops++;
  $unparsed{ours}++ if $kind eq 'unparsed';
  $unparsed{theirs}++ if $state eq 'unparseable';
  $skipped++ if $state eq 'skipped';
  my @pairs = (['peer', address($peer), address($peer2)]);
  push @pairs, ['rdns', name($rdns), name($rdns2)], ['helo', name($helo), name($helo2)],
    ['by', name($by), name($by2)] if $state eq 'hop';
  for my $pair (@pairs) {
    my ($part, $mine, $other) = @$pair;
    $compared{$part}++ if $state eq 'hop';
    next if $mine eq $other;
    my ($class) = grep { $part =~ $_->{part} && $state =~ $_->{state} && $mine =~ $_->{mine} &&
      $other =~ $_->{other} && $field =~ $_->{field} } @classes;
    if ($class) { $class->{seen}++ }
    else { push @wrong, "$message hop $number ($state): $part is \"$mine\", SpamAssassin says \"$other\": $field" }
  }
}
defined <$b> and die "$ours ends early\n";

print "$_\n" for @wrong;
my $explained = 0;
for (@classes) {
  $explained += $_->{seen};
  next if $_->{seen} == $_->{want};
  print "class $_->{name}: $_->{seen} differences, expected $_->{want}\n";
  push @wrong, $_->{name};
}
printf "%d Received fields; SpamAssassin takes %d for hops, skips %d, cannot parse %d; we cannot parse %d. %d cells compared, %d differ for a reason that is listed, %d are wrong.\n", $hops,
  $compared{peer} // 0, $skipped, $unparsed{theirs}, $unparsed{ours}, 4 * ($compared{peer} // 0),
    $explained, scalar @wrong;
print "FAILED: more than a tenth of SpamAssassin's unparseable fields\n"
  if $unparsed{ours} * 10 > $unparsed{theirs};
exit(@wrong || $unparsed{ours} * 10 > $unparsed{theirs} ? 1 : 0);
