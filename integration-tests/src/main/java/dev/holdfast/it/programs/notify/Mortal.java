package dev.holdfast.it.programs.notify;

import dev.holdfast.NotifyOnFailure;
import dev.holdfast.it.programs.Expect;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Fails as fast as it can until it is killed, after so many milliseconds, as {@code kill -9} does. */
public final class Mortal {

    private Mortal() {}

    @NotifyOnFailure(channels = "hook")
    private static void fail(String text) throws IOException {
        throw new IOException(text);
    }

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        long until = System.nanoTime() + Long.parseLong(arguments[1]) * 1_000_000;
        for (int i = 0; System.nanoTime() < until; i++) {
            String text = "mortal failure " + name + "-" + i + ";";
            Expect.outcome(() -> fail(text));
            if (i % 16 == 0) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        new ProcessBuilder("kill", "-9", String.valueOf(ProcessHandle.current().pid())).start();
        Thread.sleep(60_000);
    }
}
