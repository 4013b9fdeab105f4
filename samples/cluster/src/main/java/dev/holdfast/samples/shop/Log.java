package dev.holdfast.samples.shop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What happened on this node, a line each, as in {@code 1764316800123456 search anna}: microseconds since the epoch, what, who. Thread-safe. */
final class Log {

    private final Path file;

    Log(Path file) {
        this.file = file;
    }

    void write(String what, String who) {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        try {
            // One write: lines of several threads do not mix, and it is there also if the node is killed.
            Files.writeString(
                    file, now + " " + what + " " + who + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException full) {
            System.err.println("no line in " + file + ": " + full);
        }
    }
}
