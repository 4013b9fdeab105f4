package dev.holdfast.it.programs.notify;

import dev.holdfast.NotifyOnFailure;
import dev.holdfast.it.programs.Expect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Fails so many times, so often a second (0: as fast as it can), and waits until a file says that all is told. */
public final class Draining {

    private Draining() {}

    @NotifyOnFailure(channels = "queue")
    private static void fail(int number) throws IOException {
        throw new IOException("draining failure " + number + " of an order");
    }

    public static void main(String[] arguments) throws Exception {
        int all = Integer.parseInt(arguments[0]);
        long perSecond = Long.parseLong(arguments[1]);
        long begun = System.nanoTime();
        for (int i = 0; i < all; i++) {
            int number = i;
            Expect.outcome(() -> fail(number));
            while (perSecond > 0 && (System.nanoTime() - begun) * perSecond < i * 1_000_000_000L) {
                LockSupport.parkNanos(100_000);
            }
        }
        Files.createFile(Path.of(arguments[2]));
        while (!Files.exists(Path.of(arguments[3]))) {
            Thread.sleep(20);
        }
    }
}
