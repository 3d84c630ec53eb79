#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# What SpamAssassin's parser says of each Received field of the heads on standard input, as
# `received_hops heads` writes them.
#
# Prints, with tabs: message, number of the field, "hop", "skipped" or "unparseable", peer, rdns,
# helo, by, the field.
# SpamAssassin reads the head (its own Message class finds and decodes the fields) and each field
# (parse_received_line, after the line ends are treated as its own caller does).
# A field that it skips is one that its rules know and want nothing of; unparseable are those that
# no rule of it knows.
use strict;
use warnings;
use Mail::SpamAssassin::Message;
use Mail::SpamAssassin::Message::Metadata;

binmode STDIN;
binmode STDOUT;
my $parser = bless { allow_mailfetch_markers => 0 }, 'Mail::SpamAssassin::Message::Metadata';
while (defined(my $line = <STDIN>)) {
  chomp $line;
  my ($name, $length) = $line =~ /^(.*)\t(\d+)$/ or die "not a head: $line";
  my $head = '';
  $length == 0 || read(STDIN, $head, $length) == $length or die "a head is cut: $name";
  <STDIN>;
  $head =~ s/\r\n/\n/g;
  $head .= "\n" unless $head =~ /\n\z/;
  my $message =
    Mail::SpamAssassin::Message->new({ message => [ split(/^/m, $head), "\n", "x\n" ] });
  my $number = 0;
  for my $field ($message->get_header('Received')) {
    my $value = $field;
    $value =~ s/\n[ \t]+/ /gs;
    my $relay = $parser->parse_received_line($value);
    my @cells = $relay ? ('hop', map { $relay->{$_} // '' } qw(ip rdns helo by))
      : (defined $relay ? 'skipped' : 'unparseable', ('') x 4);
    my @row = ($name, ++$number, @cells, $field);
    for (@row) { utf8::encode($_) if utf8::is_utf8($_); s/[\s\0]/ /g; }
    $row[-1] =~ s/^ +| +$//g;
    print join("\t", @row), "\n";
  }
  $message->finish;
}
