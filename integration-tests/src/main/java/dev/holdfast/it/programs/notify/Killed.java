package dev.holdfast.it.programs.notify;

import dev.holdfast.NotifyOnFailure;
import dev.holdfast.it.programs.Expect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Fails as often as its argument says, and dies amid it, as soon as the journal has everything; with no argument, or until there is a file, it calls
 * once without failing.
 */
public final class Killed {

    private Killed() {}

    @NotifyOnFailure(channels = "hook")
    private static void fail(int number) throws IOException {
        if (number >= 0) {
            throw new IOException("failure before the end " + number);
        }
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            fail(-1);
            Thread.sleep(500);
            return;
        }
        if (arguments[0].equals("until")) {
            fail(-1);
            Path told = Path.of(arguments[1]);
            Expect.eventually(() -> Files.exists(told));
            return;
        }
        int all = Integer.parseInt(arguments[0]);
        for (int i = 0; i < all; i++) {
            int number = i;
            Expect.outcome(() -> fail(number));
        }
        Path journal = Path.of(System.getProperty("holdfast.journal"));
        Expect.eventually(() -> kept(journal) == all);
        Runtime.getRuntime().halt(3);
    }

    private static int kept(Path folder) {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("events-"))
                    .mapToInt(Killed::events)
                    .sum();
        } catch (IOException | UncheckedIOException changing) {
            return 0;
        }
    }

    private static int events(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return text.split("\"type\":\"dev.holdfast.method.failed.v1\"", -1).length - 1;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
