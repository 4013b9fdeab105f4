package dev.holdfast.it.programs.notify;

import dev.holdfast.NotifyOnFailure;
import dev.holdfast.it.programs.Expect;
import java.io.IOException;

/**
 * Fails as often as its first argument says, and ends; if its second one is no negative number, it fails ten times more at its end, so many milliseconds
 * after that has begun.
 */
public final class LastWords {

    private LastWords() {}

    @NotifyOnFailure
    private static void fail(String text) throws IOException {
        throw new IOException(text);
    }

    public static void main(String[] arguments) {
        long millis = Long.parseLong(arguments[1]);
        if (millis >= 0) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> failAtTheEnd(millis)));
        }
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            int number = i;
            Expect.outcome(() -> fail("failure " + number + ";"));
        }
    }

    private static void failAtTheEnd(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        for (int i = 0; i < 10; i++) {
            int number = i;
            Expect.outcome(() -> fail("last failure " + number + ";"));
        }
    }
}
