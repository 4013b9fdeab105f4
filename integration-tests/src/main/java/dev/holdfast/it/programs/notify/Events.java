package dev.holdfast.it.programs.notify;

import dev.holdfast.it.programs.Expect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What a {@code file:} channel was told; the file is the system property {@code it.events}. */
final class Events {

    private static final Path FILE = Path.of(System.getProperty("it.events", "none"));

    /** Longer than it takes to tell of a failure. */
    private static final long QUIET_NANOS = 300_000_000;

    private Events() {}

    /** The events with that text in them, as they are now. */
    static List<String> now(String text) {
        List<String> found = new ArrayList<>();
        try {
            if (Files.exists(FILE)) {
                for (String line : Files.readAllLines(FILE)) {
                    if (line.contains(text)) {
                        found.add(line);
                    }
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found;
    }

    /** The events with that text in them, once there are so many, and no more come. */
    static List<String> exactly(int count, String text) {
        Expect.eventually(() -> now(text).size() >= count);
        long until = System.nanoTime() + QUIET_NANOS;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(QUIET_NANOS / 10);
        }
        List<String> found = now(text);
        Expect.equal(count, found.size());
        return found;
    }

    /** The one event with that text in it. */
    static String only(String text) {
        return exactly(1, text).get(0);
    }

    /** How many failures a file has, counted ones included. */
    static long toldOrDropped(Path file) throws IOException {
        long told = 0;
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                told += line.contains("dev.holdfast.events.dropped.v1") ? Long.parseLong(value(line, "dropped")) : 1;
            }
        }
        return told;
    }

    /** What a number or text in an event is, without quotes. */
    static String value(String event, String name) {
        int at = event.indexOf("\"" + name + "\":");
        if (at < 0) {
            throw new AssertionError("no " + name + " in " + event);
        }
        String rest = event.substring(at + name.length() + 3);
        if (rest.startsWith("\"")) {
            return rest.substring(1, rest.indexOf('"', 1));
        }
        return rest.split("[,}\\]]", 2)[0];
    }
}
