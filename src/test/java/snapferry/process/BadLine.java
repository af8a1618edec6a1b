package snapferry.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.NullMarked;

/** What a line does to the bytes that it carries, as programs to put into it. */
@NullMarked
enum BadLine {
  /** Carries so many bytes and ends. */
  CUTS(
      """
      my $left = shift;
      while ($left > 0 && (my $count = sysread(STDIN, my $bytes, $left > 65536 ? 65536 : $left))) {
        put($bytes);
        $left -= $count;
      }
      """),

  /** Carries so many bytes, then swallows all, and keeps the line open. */
  SWALLOWS(
      """
      my $left = shift;
      while (my $count = sysread(STDIN, my $bytes, 65536)) {
        $bytes = substr($bytes, 0, $left);
        $left -= length $bytes;
        put($bytes);
      }
      """),

  /** Flips a bit of the byte at an offset. */
  GARBLES(
      """
      my ($at, $from) = (shift, 0);
      while (my $count = sysread(STDIN, my $bytes, 65536)) {
        if ($at >= $from && $at < $from + $count) {
          substr($bytes, $at - $from, 1) ^= chr(0x20);
        }
        $from += $count;
        put($bytes);
      }
      """),

  /** Carries one byte at a time. */
  TRICKLES(
      """
      while (sysread(STDIN, my $byte, 1)) {
        put($byte);
      }
      """),

  /** Carries everything so many milliseconds later. */
  DELAYS(
      """
      use Time::HiRes "time";
      my ($delay, $open, @queue) = (shift() / 1000, 1);
      while ($open || @queue) {
        my $wait = @queue ? $queue[0][0] - time : undef;
        my $in = "";
        vec($in, 0, 1) = 1 if $open;
        if (select($in, undef, undef, defined $wait && $wait < 0 ? 0 : $wait) > 0) {
          $open = sysread(STDIN, my $bytes, 65536);
          push @queue, [time + $delay, $bytes] if $open;
        }
        while (@queue && $queue[0][0] <= time) {
          put((shift @queue)->[1]);
        }
      }
      """);

  private static final String FRAME =
      """
      use strict;
      sub put {
        for (my $done = 0; $done < length $_[0]; ) {
          $done += syswrite(STDOUT, $_[0], length($_[0]) - $done, $done) // exit 1;
        }
      }
      %s
      """;

  private final String program;

  BadLine(String program) {
    this.program = program;
  }

  /**
   * The command.
   *
   * @param directory for the program's file
   * @param argument where, or how much
   */
  String command(Path directory, long argument) throws IOException {
    Path file = directory.resolve(name().toLowerCase(Locale.ROOT));
    return "perl " + Files.writeString(file, FRAME.formatted(program)) + " " + argument;
  }
}
